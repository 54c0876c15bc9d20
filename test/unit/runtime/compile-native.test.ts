/** The addon compiled for real, where a compiler and a runtime are. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { sourceHash } from '../../../src/runtime/addon.ts';
import { systemCompiler } from '../../../src/runtime/compile.ts';
import { needsLibstdcxx, newestGlibc } from '../../../src/runtime/elf.ts';
import { keptHeaders } from '../../../src/runtime/headers.ts';
import { install, type Phase } from '../../../src/runtime/install.ts';
import { currentRuntime, trustedAddon } from '../../../src/runtime/installed.ts';
import { readManifest } from '../../../src/runtime/manifest.ts';
import { installedRuntimes } from './installed-runtimes.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const here = currentRuntime(installedRuntimes);
const missing = here === null ? 'the native engine is not installed here: mtl runtime install' : false;
const noHeaders =
  here !== null && keptHeaders(here.folder) === null
    ? 'the native engine here has no headers of TensorFlow: mtl runtime remove, mtl runtime install'
    : missing;
const hasCompiler = (await systemCompiler(undefined, root)) !== null;
const reason = noHeaders === false && !hasCompiler ? 'there is no C++ compiler on the PATH' : noHeaders;

test(
  'compiled here, it is loaded, put into use, trusted as it is, and compiled once',
  { skip: reason },
  async (context) => {
    assert.ok(here);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-compile-'));
    context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const from = path.join(here.folder, 'deps', 'lib');
    const phases = new Set<Phase>();
    const place = path.join(folder, 'runtime');
    const where = { folder: place, assets: root, progress: (phase: Phase) => void phases.add(phase) };
    const { runtime, probe } = await install(where, { from, compile: true });
    assert.ok(phases.has('compile'));
    assert.equal(probe.version, here.manifest.version);
    assert.equal(runtime.manifest.built?.source, sourceHash);
    const addon = trustedAddon(runtime);
    if (process.platform === 'linux') assert.ok(newestGlibc(addon) !== null && needsLibstdcxx(addon));
    // One byte more, and it is not loaded.
    fs.appendFileSync(addon, '\0');
    assert.throws(() => trustedAddon(runtime), /not the addon of this version/);
    // As the runtime of the name that an installation from pip asks for: only the addon is made again.
    const renamed = { ...runtime.manifest, name: 'tensorflow-cpu-2.21.0' };
    fs.renameSync(runtime.folder, path.join(where.folder, renamed.name));
    fs.cpSync(path.join(here.folder, 'include'), path.join(where.folder, renamed.name, 'include'), { recursive: true });
    fs.writeFileSync(path.join(where.folder, renamed.name, 'runtime.json'), JSON.stringify(renamed));
    fs.writeFileSync(path.join(where.folder, 'current.json'), JSON.stringify({ v: 1, name: renamed.name }));
    const again = await install(where, { compile: true });
    assert.equal(again.already, true);
    const manifest = readManifest(again.runtime.folder);
    assert.deepEqual(manifest?.built, again.runtime.manifest.built);
    trustedAddon(again.runtime);
  },
);
