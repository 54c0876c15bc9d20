/** What is packed as a prebuilt addon, and what building one does where it cannot. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { builtAddon, pinnedHash, pinnedPlatforms, prebuiltPlatforms } from '../../../scripts/lib/addon.mjs';
import { capture, root } from '../../../scripts/lib/process.mjs';
import { addonFile, addonHashes } from '../../../src/runtime/addon.ts';
import { platforms } from '../../../src/runtime/platforms.ts';

test('scripts and program have the same pins, of platforms that there are, and look in the same place', () => {
  assert.deepEqual(Object.fromEntries(pinnedPlatforms().map((name) => [name, pinnedHash(name)])), addonHashes);
  for (const name of pinnedPlatforms()) {
    assert.ok(platforms.some((platform) => platform.name === name));
    assert.match(pinnedHash(name) ?? '', /^[0-9a-f]{64}$/);
  }
  assert.equal(builtAddon('linux-x64'), addonFile(root, 'linux-x64'));
});

test('a file with other bytes than the pinned ones is not taken for the addon', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-addon-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const place = (platform: string): string => path.join(folder, platform);
  assert.deepEqual(prebuiltPlatforms(place), []);
  for (const platform of pinnedPlatforms()) fs.writeFileSync(place(platform), 'of another version');
  assert.deepEqual(prebuiltPlatforms(place), []);
});

test('without Python packaging goes on and says what is missing; who asks for the addon itself is refused', async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-addon-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const args = ['--import', 'tsx', 'scripts/build-addon.ts'];
  const env = { ...process.env, PATH: folder, MTL_RUNTIME_DIR: folder };
  const optional = await capture(process.execPath, [...args, '--if-possible'], { env });
  assert.deepEqual([optional.code, optional.stderr], [0, '']);
  assert.match(optional.stdout, /No addon is built for linux-x64: no Python with pip on the PATH/);
  const asked = await capture(process.execPath, args, { env });
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /there is no Python on the PATH/);
  const unknown = await capture(process.execPath, [...args, '--target', 'amiga'], { env });
  assert.match(unknown.stderr, /--target is one of linux-x64, linux-arm64, darwin-arm64/);
});
