/** An installation that goes right, where a runtime is there to copy: hundreds of megabytes. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { addonHashes } from '../../../src/runtime/addon.ts';
import { isOlder } from '../../../src/runtime/checks.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { needsLibstdcxx, newestGlibc } from '../../../src/runtime/elf.ts';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { install } from '../../../src/runtime/install.ts';
import { currentRuntime, listRuntimes, removeRuntimes, trustedAddon } from '../../../src/runtime/installed.ts';
import { ownPlatform } from '../../../src/runtime/platforms.ts';
import { installedRuntimes } from './installed-runtimes.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const machine = { platform: 'linux', arch: 'x64', glibc: '2.31', processorFlags: null };
const here = currentRuntime(installedRuntimes);
const missing = here === null ? 'the native engine is not installed here: mtl runtime install' : false;

test(
  'TensorFlow of a folder is copied, tested, put into use, listed and removed',
  { skip: missing },
  async (context) => {
    assert.ok(here);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-install-'));
    context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    // An extension that brings the addon.
    const assets = path.join(folder, 'assets');
    fs.mkdirSync(path.join(assets, 'native', 'linux-x64'), { recursive: true });
    fs.copyFileSync(trustedAddon(here), path.join(assets, 'native', 'linux-x64', 'tfjs_binding.node'));
    const where = { folder: path.join(folder, 'runtime'), assets, machine, progress: () => undefined };
    // A Python environment that has TensorFlow, with CUDA's libraries beside it.
    const site = path.join(folder, 'env', 'site-packages');
    fs.mkdirSync(path.join(site, 'nvidia', 'cublas', 'lib'), { recursive: true });
    fs.symlinkSync(path.join(here.folder, 'deps', 'lib'), path.join(site, 'tensorflow'));
    fs.mkdirSync(path.join(folder, 'env', 'bin'));
    const interpreter = `#!${process.execPath}\nconsole.log(${JSON.stringify(path.join(site, 'tensorflow'))});`;
    fs.writeFileSync(path.join(folder, 'env', 'bin', 'python3'), interpreter, { mode: 0o755 });
    const { runtime, probe, already } = await install(where, { from: path.join(folder, 'env') });
    assert.equal(fs.realpathSync(path.join(runtime.folder, 'deps/nvidia')), fs.realpathSync(path.join(site, 'nvidia')));
    assert.equal(already, false);
    assert.equal(probe.version, here.manifest.version);
    const library = runtime.manifest.files?.['deps/lib/libtensorflow_cc.so.2'];
    assert.equal(library?.sha256, runtime.manifest.hashes['libtensorflow_cc.so.2']);
    assert.deepEqual(
      listRuntimes(where.folder).map(({ manifest, current }) => [manifest.name, current]),
      [[runtime.manifest.name, true]],
    );
    const { engines, chosen } = await doctor({
      assetsDirectory: root,
      runtimeFolder: where.folder,
      addonFolder: folder,
    });
    assert.equal(chosen, 'native');
    assert.match(engines[0]?.version ?? '', /^TensorFlow 2\./);
    assert.equal(engines[0]?.addon, 'installed');
    // A library that is no library: the doctor says so, and nothing else happens.
    fs.writeFileSync(path.join(runtime.folder, 'deps/lib/libtensorflow_framework.so.2'), 'damaged');
    const broken = await doctor({ assetsDirectory: root, runtimeFolder: where.folder, addonFolder: folder });
    assert.match(broken.engines[0]?.reason?.en ?? '', /not the file that was installed.*mtl runtime remove/);
    // Without a word of what was installed, trying tells.
    const { files: _, ...older } = runtime.manifest;
    fs.writeFileSync(path.join(runtime.folder, 'runtime.json'), JSON.stringify(older));
    fs.rmSync(path.join(runtime.folder, 'checked.json'));
    const tried = await doctor({ assetsDirectory: root, runtimeFolder: where.folder, addonFolder: folder });
    assert.match(tried.engines[0]?.reason?.en ?? '', /cannot be loaded.*mtl runtime remove/);
    await assert.rejects(removeRuntimes(where.folder, 'another'), /No runtime named "another"/);
    assert.deepEqual(await removeRuntimes(where.folder), [runtime.manifest.name]);
    assert.deepEqual(fs.readdirSync(where.folder), []);
  },
);

test('the installed addon has the expected bytes and asks for an old C library only', { skip: missing }, () => {
  assert.ok(here);
  const addon = trustedAddon(here);
  const pinned = addonHashes[ownPlatform().name];
  if (pinned === undefined) return;
  assert.equal(sha256OfFile(addon), pinned);
  const newest = newestGlibc(addon);
  assert.ok(newest !== null && isOlder(newest, [2, 28]), newest ?? '');
  assert.ok(!needsLibstdcxx(addon));
});
