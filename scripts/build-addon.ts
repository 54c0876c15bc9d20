/**
 * Builds the native engine's addon from the published source, with a compiler that comes from the Python package index,
 * against the headers and libraries of TensorFlow's wheel: needs Python 3 with pip, no system compiler. Everything that
 * goes in has a pinned hash, and so has what comes out.
 *
 *   node --import tsx scripts/build-addon.ts          writes .cache/addon/linux-x64/tfjs_binding.node, which is packed
 *   … --target linux-arm64|darwin-arm64               builds for that platform: what is compiled on such a machine can be
 *                                                     compiled at all
 *   … --if-possible                                   for packaging: where the engine is installed with an addon of these
 *                                                     bytes, that one is taken; without Python, pip or a network it says
 *                                                     so and ends with status 0; what was fetched for it is not kept
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { addonHashes, addonName, addonSource } from '../src/runtime/addon.ts';
import { isOlder } from '../src/runtime/checks.ts';
import {
  checkSource,
  compileAddon,
  compilerWheel,
  runtimePlaces,
  unpackCompiler,
  type Compiler,
} from '../src/runtime/compile.ts';
import { obtainWheel } from '../src/runtime/download.ts';
import { needsLibstdcxx, newestGlibc } from '../src/runtime/elf.ts';
import { sha256OfFile } from '../src/files/hash.ts';
import { keptHeaders } from '../src/runtime/headers.ts';
import { currentRuntime } from '../src/runtime/installed.ts';
import { addonMember, runtimeFolder } from '../src/runtime/layout.ts';
import { platformFor, platforms, type Platform } from '../src/runtime/platforms.ts';
import { findPython, type Python } from '../src/runtime/python.ts';
import { RuntimeError, size, type RuntimeErrorCode } from '../src/runtime/error.ts';
import { cpuVariantOf, type Wheel } from '../src/runtime/wheels.ts';
import { unpack } from '../src/runtime/unpack.ts';
import { builtAddon } from './lib/addon.mjs';
import { root, script, ScriptError } from './lib/process.mjs';

const cache = path.join(root, '.cache', 'addon');
const newestAllowed = [2, 28] as const;

/** A wheel that has its hash; kept. */
async function fetchWheel(python: Python, wheel: Wheel): Promise<string> {
  console.log(`Fetching ${wheel.file} (${size(wheel.bytes)})`);
  return obtainWheel(wheel, { python, folder: path.join(cache, 'wheels'), progress: () => undefined });
}

/** What was unpacked from a wheel before, or undefined: then it is to be unpacked into an empty folder. */
function unpackedBefore(folder: string, { sha256 }: Wheel): boolean {
  const done = path.join(folder, '.done');
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === sha256) return true;
  fs.rmSync(folder, { recursive: true, force: true });
  return false;
}

/** The compiler for the machine that builds, unpacked once. */
async function compiler(python: Python, builder: Platform): Promise<Compiler> {
  const wheel = compilerWheel(builder);
  const folder = path.join(cache, 'zig');
  if (unpackedBefore(folder, wheel)) {
    return { command: path.join(folder, 'ziglang', 'zig'), first: ['c++'], version: wheel.version, pinned: true };
  }
  const unpacked = await unpackCompiler(await fetchWheel(python, wheel), wheel, folder);
  fs.writeFileSync(path.join(folder, '.done'), wheel.sha256);
  return unpacked;
}

/** Libraries and headers of a platform's wheel, unpacked once, as they lie in a runtime. */
async function tensorflow(python: Python, platform: Platform): Promise<string> {
  const [wheel] = cpuVariantOf(platform).wheels;
  if (wheel === undefined) throw new ScriptError('There is no TensorFlow wheel in the table.');
  const folder = path.join(cache, `tensorflow-${platform.name}`);
  if (unpackedBefore(folder, wheel)) return folder;
  await unpack(await fetchWheel(python, wheel), folder, { names: wheel.members });
  fs.writeFileSync(path.join(folder, '.done'), wheel.sha256);
  return folder;
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

/** @returns the addon, not yet in its place */
async function build(platform: Platform): Promise<string> {
  const builder = platformFor(process.platform, process.arch);
  if (builder === undefined) {
    const here = `${process.platform} on ${process.arch}`;
    const names = platforms.map(({ name }) => name).join(', ');
    throw new RuntimeError('platform', `The addon is built on ${names}; this is ${here}.`, `本机为 ${here}。`);
  }
  const source = addonSource(root);
  checkSource(source);
  const python = await findPython(undefined, cache);
  const runtime = await tensorflow(python, platform);
  const headers = keptHeaders(runtime);
  if (headers === null)
    throw new ScriptError('The hash of headers in src/runtime/addon.json is not that of the wheel.');
  const scratch = path.join(cache, 'scratch');
  const output = path.join(scratch, platform.name, addonName);
  const { libraries } = runtimePlaces(runtime);
  const chosen = await compiler(python, builder);
  console.log(`Compiling for ${platform.name} with zig c++ ${compilerWheel(builder).version}`);
  await compileAddon(chosen, { platform, source, headers: headers.folder, libraries, output, scratch });
  inspect(output);
  return output;
}

/** What is no fault of the source: a machine without what it takes packages the extension without a prebuilt addon. */
const missing: ReadonlySet<RuntimeErrorCode> = new Set(['platform', 'no-python', 'no-pip', 'offline', 'pip', 'space']);

async function buildIfPossible(platform: Platform, optional: boolean): Promise<string | null> {
  try {
    return await build(platform);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    if (!optional || !missing.has(error.code)) throw new ScriptError(error.message);
    const noPip = error.code === 'no-python' || error.code === 'no-pip';
    console.log(`No addon is built for ${platform.name}: ${noPip ? 'no Python with pip on the PATH' : error.message}`);
    return null;
  }
}

/** The addon of the engine that is installed here, where it is what would come out: to compile it again tells nothing new. */
function installedAddon(platform: Platform): string | null {
  if (platform !== platformFor(process.platform, process.arch)) return null;
  const runtime = currentRuntime(runtimeFolder());
  const file = runtime === null ? null : path.join(runtime.folder, addonMember);
  if (file === null || !fs.existsSync(file) || sha256OfFile(file) !== addonHashes[platform.name]) return null;
  console.log(`Taken from ${file}: the bytes that must come out.`);
  return file;
}

await script(async () => {
  const { values } = parseArgs({ options: { target: { type: 'string' }, 'if-possible': { type: 'boolean' } } });
  const platform = platforms.find(({ name }) => name === (values.target ?? 'linux-x64'));
  if (platform === undefined)
    throw new ScriptError(`--target is one of ${platforms.map(({ name }) => name).join(', ')}.`);
  const optional = values['if-possible'] === true;
  const target = builtAddon(platform.name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const installed = optional ? installedAddon(platform) : null;
  if (installed !== null) {
    fs.copyFileSync(installed, target);
    return;
  }
  const output = await buildIfPossible(platform, optional);
  if (output === null) return;
  const hash = sha256OfFile(output);
  console.log(`SHA-256 ${hash}`);
  const pinned = addonHashes[platform.name];
  if (pinned !== undefined && hash !== pinned) {
    throw new ScriptError(
      `That is not what must come out for ${platform.name}: ${pinned}. After a change of the source, the compiler or its arguments the new hash is written into src/runtime/addon.json.`,
    );
  }
  fs.renameSync(output, target);
  if (!optional) return;
  for (const name of ['wheels', 'zig', 'scratch', `tensorflow-${platform.name}`]) {
    fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  }
});
