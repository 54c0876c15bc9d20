/**
 * Builds the native engine's addon from the published source, with a compiler that comes from the Python package index:
 * needs Python 3 with pip and npm, no system compiler. Everything that goes in has a pinned hash, and the same bytes come
 * out on every machine.
 *
 *   node --import tsx scripts/build-addon.ts              writes native/linux-x64/tfjs_binding.node
 *   node --import tsx scripts/build-addon.ts --check      builds elsewhere and compares with that file
 *   node --import tsx scripts/build-addon.ts --target linux-arm64|darwin-arm64
 *                                                         builds for that platform into .cache/addon: what is compiled
 *                                                         on such a machine can be compiled at all
 */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { addonHashes, sourceHash, sourceHashOf, type AddonSource } from '../src/runtime/addon.ts';
import { isOlder } from '../src/runtime/checks.ts';
import { compileAddon, compilerWheel, unpackCompiler, type Compiler } from '../src/runtime/compile.ts';
import { obtainWheel } from '../src/runtime/download.ts';
import { needsLibstdcxx, newestGlibc } from '../src/runtime/elf.ts';
import { sha256OfSmallFile } from '../src/runtime/hash.ts';
import { ownPlatform, platforms, type Platform } from '../src/runtime/platforms.ts';
import { findPython, type Python } from '../src/runtime/python.ts';
import { RuntimeError } from '../src/runtime/error.ts';
import { cpuVariantOf, type Wheel } from '../src/runtime/wheels.ts';
import { extract, membersOf } from '../src/runtime/zip.ts';
import { root, run, script, ScriptError } from './lib/process.mjs';

const cache = path.join(root, '.cache', 'addon');
const headersFolder = path.join(root, 'native', 'include');
const newestAllowed = [2, 28] as const;

interface Tarball {
  readonly name: string;
  readonly version: string;
  /** As npm writes it. */
  readonly integrity: string;
}

/** A package as the lockfile pins it. */
function lockedPackage(name: string): Tarball {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string } | undefined>;
  };
  const entry = lock.packages[`node_modules/${name}`];
  if (entry?.version === undefined || entry.integrity === undefined) {
    throw new ScriptError(`package-lock.json has no ${name} with a version and an integrity hash.`);
  }
  return { name, version: entry.version, integrity: entry.integrity };
}

/** The package as npm fetches it, unpacked when its bytes are those of the hash. */
async function unpackTarball(name: string): Promise<string> {
  const { version, integrity } = lockedPackage(name);
  const stem = `${name.replace('@', '').replace('/', '-')}-${version}`;
  const file = path.join(cache, `${stem}.tgz`);
  if (!fs.existsSync(file)) {
    const args = ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', cache];
    await run(`Fetching ${name}`, 'npm', args, { cwd: cache });
  }
  const found = `sha512-${crypto.createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;
  if (found !== integrity) {
    fs.rmSync(file);
    throw new ScriptError(`${name} ${version} is not the package of the hash ${integrity}: it has ${found}.`);
  }
  const folder = path.join(cache, stem);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  await run(`Unpacking ${name}`, 'tar', ['-xzf', file, '-C', folder, '--strip-components=1']);
  return folder;
}

/** A wheel that has its hash; kept. */
async function fetchWheel(python: Python, wheel: Wheel): Promise<string> {
  console.log(`Fetching ${wheel.file}`);
  return obtainWheel(wheel, { python, folder: path.join(cache, 'wheels'), progress: () => undefined });
}

/** The compiler for this machine, unpacked once. */
async function compiler(python: Python): Promise<Compiler> {
  const wheel = compilerWheel(ownPlatform());
  const folder = path.join(cache, 'zig');
  const done = path.join(folder, '.done');
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === wheel.sha256) {
    return { command: path.join(folder, 'ziglang', 'zig'), first: ['c++'], version: wheel.version, pinned: true };
  }
  const unpacked = await unpackCompiler(await fetchWheel(python, wheel), wheel, folder);
  fs.writeFileSync(done, wheel.sha256);
  return unpacked;
}

/** The libraries of a platform's wheel, unpacked once; its headers must be those of native/include. */
async function tensorflow(python: Python, platform: Platform): Promise<string> {
  const [wheel] = cpuVariantOf(platform).wheels;
  if (wheel === undefined) throw new ScriptError('There is no TensorFlow wheel in the table.');
  const folder = path.join(cache, `tensorflow-${platform.name}`);
  const done = path.join(folder, '.done');
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === wheel.sha256) return folder;
  const file = await fetchWheel(python, wheel);
  const headers = new Set(fs.readdirSync(headersFolder, { recursive: true, encoding: 'utf8' }));
  for (const member of membersOf(file)) {
    const library = platform.libraries.find((name) => member.name === `tensorflow/${name}`);
    const header = member.name.replace('tensorflow/include/', '');
    if (library !== undefined) await extract(file, member, folder, library);
    else if (member.name.endsWith('.h') && headers.has(header)) {
      const found = await extract(file, member, folder, `include/${header}`);
      if (!fs.readFileSync(found).equals(fs.readFileSync(path.join(headersFolder, header)))) {
        throw new ScriptError(`native/include/${header} is not the one of ${wheel.file}.`);
      }
    }
  }
  fs.writeFileSync(done, wheel.sha256);
  return folder;
}

/** The published source; what an installation compiles must be the same files. */
async function source(): Promise<AddonSource> {
  const [addon, napi] = [await unpackTarball('@tensorflow/tfjs-node-gpu'), await unpackTarball('node-api-headers')];
  const found: AddonSource = { root: addon, headers: [path.join(napi, 'include'), headersFolder] };
  const hash = sourceHashOf(found);
  if (hash !== sourceHash) throw new ScriptError(`The source hash in src/runtime/addon.ts is not ${hash ?? 'there'}.`);
  return found;
}

/** @throws ScriptError for an addon that would not load on the systems that it is meant for */
function inspect(file: string): void {
  const newest = newestGlibc(file);
  if (newest !== null && !isOlder(newest, newestAllowed) && newest !== newestAllowed.join('.')) {
    throw new ScriptError(`The addon asks for GLIBC_${newest}; at most ${newestAllowed.join('.')} is allowed.`);
  }
  if (needsLibstdcxx(file)) throw new ScriptError('The addon asks for the system’s libstdc++.');
  console.log(`${String(fs.statSync(file).size)} bytes, newest symbol GLIBC_${newest ?? 'none'}`);
}

async function build(platform: Platform): Promise<string> {
  const python = await findPython(undefined, cache);
  const output = path.join(cache, platform.name, 'tfjs_binding.node');
  const options = {
    platform,
    source: await source(),
    libraries: await tensorflow(python, platform),
    output,
    scratch: path.join(cache, 'scratch'),
  };
  const chosen = await compiler(python);
  console.log(`Compiling for ${platform.name} with ${chosen.command}`);
  await compileAddon(chosen, options);
  inspect(output);
  return output;
}

await script(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, target: { type: 'string' } } });
  const platform = platforms.find(({ name }) => name === (values.target ?? 'linux-x64'));
  if (platform === undefined)
    throw new ScriptError(`--target is one of ${platforms.map(({ name }) => name).join(', ')}.`);
  fs.mkdirSync(cache, { recursive: true });
  const output = await build(platform).catch((error: unknown) => {
    if (error instanceof RuntimeError) throw new ScriptError(error.message);
    throw error;
  });
  const hash = sha256OfSmallFile(output);
  console.log(`SHA-256 ${hash}`);
  const pinned = addonHashes[platform.name];
  if (pinned === undefined) return;
  const target = path.join(root, 'native', platform.name, 'tfjs_binding.node');
  if (values.check !== true) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(output, target);
  } else if (sha256OfSmallFile(target) !== hash) {
    throw new ScriptError(`${path.relative(root, target)} is not what its source gives. Build it again.`);
  }
  if (hash !== pinned) throw new ScriptError('The hash in src/runtime/addon.ts is another one: write this one there.');
});
