// npm run test:packages -- [--node-alone] [--keep DIR]
//
// Are the packages whole? Each is unpacked and its `mtl` asked and made to train; of the addon it must say what is so:
// brought along, or compiled on installation.
//   (nothing)     looks at the packages that lie here, after npm run package with a Python: both kinds must be there
//   --node-alone  first packages with nothing but Node on the PATH and no addon built or installed: that must work, and give the
//                 package for every platform alone
//   --keep DIR    leaves the unpacked package for every platform in DIR
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { builtAddon, pinnedHash, pinnedPlatforms } from './lib/addon.mjs';
import { capture, root, run, script } from './lib/process.mjs';
import { pathOf } from './lib/vsix.mjs';

const own = `${process.platform}-${process.arch}`;

/** Packages with a PATH on which there is Node, and with no addon that was built or installed before. */
async function packageWithNodeAlone() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-node-alone-'));
  const aside = pinnedPlatforms().filter((platform) => fs.existsSync(builtAddon(platform)));
  for (const platform of aside) fs.renameSync(builtAddon(platform), `${builtAddon(platform)}.aside`);
  try {
    const program = path.join(scratch, path.basename(process.execPath));
    fs.symlinkSync(process.execPath, program);
    const { CXX: _, PATH: __, ...environment } = process.env;
    const env = { ...environment, PATH: scratch, MTL_RUNTIME_DIR: path.join(scratch, 'runtime') };
    await run('Packaging with Node alone', program, ['scripts/package.mjs'], { env });
  } finally {
    for (const platform of aside) fs.renameSync(`${builtAddon(platform)}.aside`, builtAddon(platform));
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Unpacks a package as VS Code does.
 * @param {string} file
 * @param {string} folder
 */
async function unpack(file, folder) {
  // Not before it is there: packaging installs it.
  const { unzipSync } = await import('fflate');
  for (const [name, bytes] of Object.entries(unzipSync(fs.readFileSync(file)))) {
    if (name.endsWith('/')) continue;
    const target = path.join(folder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes);
  }
}

/**
 * @param {string | null} platform null for the package for every platform
 * @param {string} folder where it is unpacked
 */
async function look(platform, folder) {
  const file = pathOf(platform);
  await unpack(file, folder);
  const extension = path.join(folder, 'extension');
  const files = fs.readdirSync(extension, { recursive: true, encoding: 'utf8' });
  const addons = files.filter((name) => name.endsWith('.node'));
  if (platform === null) assert.deepEqual(addons, []);
  else {
    assert.deepEqual(addons, [path.join('dist', 'native', platform, 'tfjs_binding.node')]);
    const bytes = fs.readFileSync(path.join(extension, addons[0] ?? ''));
    assert.equal(crypto.createHash('sha256').update(bytes).digest('hex'), pinnedHash(platform));
  }
  // What is compiled goes along with its licenses; headers of TensorFlow come out of its wheel.
  assert.ok(files.includes(path.join('dist', 'native', 'source', 'binding', 'tfjs_backend.cc')));
  assert.ok(files.includes(path.join('dist', 'native', 'source', 'napi', 'LICENSE')));
  assert.ok(!files.some((name) => path.basename(name) === 'c_api.h'));
  const notices = fs.readFileSync(path.join(extension, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  assert.match(notices, /@tensorflow\/tfjs-node-gpu [\d.]+ \(Apache-2\.0\)/);
  assert.match(notices, /TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/);
  await use(path.join(extension, 'dist', 'cli.cjs'), path.join(folder, 'use'), platform);
  console.log(`${path.basename(file)} is whole`);
}

/**
 * @param {string} cli
 * @param {string} scratch
 * @param {string | null} platform
 */
async function use(cli, scratch, platform) {
  fs.mkdirSync(scratch);
  const env = { ...process.env, MTL_RUNTIME_DIR: path.join(scratch, 'runtime') };
  const asked = await capture(process.execPath, [cli, 'doctor', '--json'], { env });
  assert.equal(asked.code, 0, asked.stderr);
  const { engines, chosen } = JSON.parse(asked.stdout);
  assert.equal(chosen, 'wasm');
  if (pinnedPlatforms().includes(own)) {
    const [{ addon, reason }] = engines;
    assert.equal(addon, platform === own ? 'prebuilt' : 'compiled-on-install');
    assert.equal(/compiled on installation/.test(reason), platform !== own, reason);
  }
  const spec = path.join(root, 'examples/penguins/penguins.mtl.json');
  const run = ['train', spec, '--run-dir', path.join(scratch, 'run'), '--set', '/training/epochs=1'];
  const trained = await capture(process.execPath, [cli, ...run], { env });
  assert.equal(trained.code, 0, trained.stderr);
}

await script(async () => {
  const { values } = parseArgs({ options: { 'node-alone': { type: 'boolean' }, keep: { type: 'string' } } });
  const alone = values['node-alone'] === true;
  if (alone) await packageWithNodeAlone();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-packages-'));
  try {
    await look(null, values.keep ?? path.join(scratch, 'every'));
    for (const platform of pinnedPlatforms()) {
      if (alone) assert.ok(!fs.existsSync(pathOf(platform)), `${pathOf(platform)} was made without its addon`);
      else await look(platform, path.join(scratch, platform));
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
});
