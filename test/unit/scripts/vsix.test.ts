import assert from 'node:assert/strict';
import { test } from 'node:test';
import fs from 'node:fs';
import { pinnedPlatforms, prebuiltPlatforms } from '../../../scripts/lib/addon.mjs';
import { belongsTo, shippedFiles, vsixPath, withoutPictures } from '../../../scripts/lib/vsix.mjs';
import { addonHashes, addonSource, sourceHash, sourceHashOf } from '../../../src/runtime/addon.ts';

test('the package’s page has no pictures that it could not show', () => {
  const page = '# Title\n\n![the editor](media/screenshots/editor.png)\n\nWords ![inline](a.png) stay.\n';
  assert.equal(withoutPictures(page), '# Title\n\nWords ![inline](a.png) stay.\n');
});

test('a platform’s package has its own addon, the one for every platform has none; all have the source', async () => {
  const all = await shippedFiles();
  const addons = (platform: string | null): string[] =>
    all.filter((file) => file.endsWith('.node') && belongsTo(file, platform));
  assert.deepEqual(addons(null), []);
  assert.deepEqual(pinnedPlatforms(), Object.keys(addonHashes));
  // An addon goes along where it is built here, and the build has laid it there.
  for (const platform of pinnedPlatforms()) {
    const built = prebuiltPlatforms().includes(platform);
    assert.deepEqual(addons(platform), built ? [`dist/native/${platform}/tfjs_binding.node`] : []);
  }
  // What lies there is what an installation compiles.
  assert.equal(sourceHashOf(addonSource('dist')), sourceHash);
  const shipped = new Set(all);
  for (const folder of ['binding', 'napi']) {
    for (const name of fs.readdirSync(`dist/native/source/${folder}`, { recursive: true, encoding: 'utf8' })) {
      const file = `dist/native/source/${folder}/${name}`;
      if (fs.statSync(file).isFile()) assert.ok(shipped.has(file), file);
    }
  }
  const own = `${process.platform}-${process.arch}`;
  assert.equal(vsixPath().includes(`-${own}-`), prebuiltPlatforms().includes(own));
});
