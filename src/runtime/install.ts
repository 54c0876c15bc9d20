/** Installing the native engine, readable as a story; everything that can be refused is refused before the first byte. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonHash } from './addon.ts';
import { checkMachine, checkSpace, neededSpace, thisMachine, type Machine } from './checks.ts';
import { obtainWheel } from './download.ts';
import { sha256File, sha256OfSmallFile } from './hash.ts';
import { clearLeftovers, currentRuntime, type Runtime } from './installed.ts';
import {
  addonMember,
  currentFile,
  downloadsFolder,
  libraries,
  libraryFolder,
  manifestName,
  stagingPrefix,
} from './layout.ts';
import { lock } from './lock.ts';
import { writeJson, type Manifest } from './manifest.ts';
import { probe, type Probe } from './probe.ts';
import { findPython } from './python.ts';
import { cancelled, refuseWhenCancelled, RuntimeError } from './said.ts';
import { localSource, type Local } from './source.ts';
import { cpuVariant, gpuVariant, type Variant, type Wheel } from './wheels.ts';
import { extract, membersOf } from './zip.ts';

export type Phase = 'check' | 'download' | 'verify' | 'unpack' | 'test';

/** How an installation is seen and stopped: a window, a terminal and a test each have their own. */
export interface InstallPort {
  /** The runtime folder (layout.ts). */
  readonly folder: string;
  /** The addon that the extension brings (addon.ts). */
  readonly addon: string;
  /** `done` of `total` bytes; `what` is the file at work. */
  progress(phase: Phase, done: number, total: number, what: string): void;
  readonly signal?: AbortSignal | undefined;
  /** Of this machine unless a test says otherwise. */
  readonly machine?: Machine;
}

export interface InstallRequest {
  readonly gpu?: boolean;
  /** The Python whose pip fetches; else the first with pip on the PATH. */
  readonly python?: string | undefined;
  /** A wheel, a folder or a Python environment to take TensorFlow from; nothing is fetched then. */
  readonly from?: string | undefined;
}

export interface Installed {
  readonly runtime: Runtime;
  readonly probe: Probe;
  /** True where it was there and works: nothing was done. */
  readonly already: boolean;
}

/**
 * Installs the native engine and makes it the one in use. Calling it again goes on where it was stopped, and does
 * nothing where everything is there.
 * @throws RuntimeError says what is wrong and what next; the runtime that was in use before stays in use
 */
export async function install(port: InstallPort, request: InstallRequest = {}): Promise<Installed> {
  checkMachine(port.machine ?? thisMachine());
  checkAddon(port.addon);
  const variant = request.gpu === true ? gpuVariant : cpuVariant;
  const unlock = lock(port.folder);
  try {
    clearLeftovers(port.folder);
    const there = request.from === undefined ? await alreadyThere(port, variant) : null;
    if (there !== null) return there;
    const staging = path.join(port.folder, `${stagingPrefix}${String(process.pid)}-${String(Date.now())}`);
    fs.mkdirSync(staging);
    try {
      const filled = await fill(staging, variant, port, request);
      return await putIntoUse(staging, filled, port);
    } finally {
      fs.rmSync(staging, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

/** @throws RuntimeError `addon` */
function checkAddon(addon: string): void {
  if (fs.existsSync(addon) && sha256OfSmallFile(addon) === addonHash) return;
  throw new RuntimeError(
    'addon',
    `${addon} is missing or is not the addon of this version. Install the extension again, or run "npm run build".`,
    `${addon} 缺失或不是当前版本的插件。请重新安装扩展，或运行“npm run build”。`,
  );
}

/** The runtime in use where it is the wanted one and works; its addon is brought up to date. */
async function alreadyThere(port: InstallPort, variant: Variant): Promise<Installed | null> {
  const runtime = currentRuntime(port.folder);
  if (runtime?.manifest.name !== variant.name) return null;
  port.progress('test', 0, 1, runtime.manifest.name);
  try {
    copyAddon(port.addon, runtime.folder);
    return { runtime, probe: await probe(runtime.folder, port.signal), already: true };
  } catch (error) {
    if (error instanceof RuntimeError && error.code !== 'load') throw error;
    return null;
  }
}

function copyAddon(addon: string, runtime: string): void {
  const target = path.join(runtime, addonMember);
  if (fs.existsSync(target) && sha256OfSmallFile(target) === addonHash) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.${String(process.pid)}.tmp`;
  fs.copyFileSync(addon, draft);
  fs.renameSync(draft, target);
}

interface Filled {
  readonly name: string;
  readonly gpu: boolean;
  readonly source: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** Wheels of ours that are of no use any more. */
  readonly spent: readonly string[];
}

async function fill(staging: string, variant: Variant, port: InstallPort, request: InstallRequest): Promise<Filled> {
  if (request.from === undefined) return fromPip(staging, variant, port, request.python);
  const local = await localSource(request.from, port.folder, port.signal);
  return local.kind === 'wheels'
    ? fromWheels(staging, variant, port, local.folder)
    : fromLibraries(staging, port, local, request.gpu === true);
}

async function fromPip(staging: string, variant: Variant, port: InstallPort, named?: string): Promise<Filled> {
  const downloads = downloadsFolder(port.folder);
  const fetched = new Set(fs.existsSync(downloads) ? fs.readdirSync(downloads) : []);
  checkSpace(port.folder, neededSpace(variant, fetched));
  port.progress('check', 0, 1, 'pip');
  const python = await findPython(named, port.folder, port.signal);
  const total = variant.wheels.reduce((sum, { bytes }) => sum + bytes, 0);
  const files: string[] = [];
  let before = 0;
  for (const wheel of variant.wheels) {
    const progress = (bytes: number): void => port.progress('download', before + bytes, total, wheel.file);
    progress(0);
    files.push(await obtainWheel(wheel, { python, folder: downloads, progress, signal: port.signal }));
    before += wheel.bytes;
  }
  await unpack(staging, variant, files, port);
  return { name: variant.name, gpu: variant.gpu, source: 'pip', hashes: hashesOf(variant.wheels), spent: files };
}

async function fromWheels(staging: string, variant: Variant, port: InstallPort, folder: string): Promise<Filled> {
  const files = variant.wheels.map(({ file }) => path.join(folder, file));
  const missing = variant.wheels.filter((_, i) => !fs.existsSync(files[i] ?? ''));
  if (missing.length > 0) {
    const list = missing.map(({ file }) => file).join(', ');
    throw new RuntimeError(
      'source',
      `--from "${folder}" lacks ${list}. Fetch exactly these files from the Python package index.`,
      `--from “${folder}”缺少 ${list}。请从 Python 软件包源下载这些文件。`,
    );
  }
  checkSpace(port.folder, neededSpace(variant, new Set(variant.wheels.map(({ file }) => file))));
  for (const [i, wheel] of variant.wheels.entries()) {
    port.progress('verify', i, variant.wheels.length, wheel.file);
    await verifyOwned(files[i] ?? '', wheel, port.signal);
  }
  await unpack(staging, variant, files, port);
  return { name: variant.name, gpu: variant.gpu, source: folder, hashes: hashesOf(variant.wheels), spent: [] };
}

/** As verifyWheel, but a file of the person's own is never deleted. */
async function verifyOwned(file: string, wheel: Wheel, signal?: AbortSignal): Promise<void> {
  if ((await sha256File(file, signal)) === wheel.sha256) return;
  throw new RuntimeError(
    'hash',
    `${file} is not the published file: its SHA-256 is not ${wheel.sha256}. Fetch it again.`,
    `${file} 不是发布的文件：其 SHA-256 不是 ${wheel.sha256}。请重新下载。`,
  );
}

function hashesOf(wheels: readonly Wheel[]): Record<string, string> {
  return Object.fromEntries(wheels.map(({ file, sha256 }) => [file, sha256]));
}

async function unpack(staging: string, variant: Variant, files: readonly string[], port: InstallPort): Promise<void> {
  const total = variant.wheels.reduce((sum, { unpacked }) => sum + unpacked, 0);
  let done = 0;
  let told = 0;
  for (const [i, wheel] of variant.wheels.entries()) {
    const file = files[i] ?? '';
    for (const member of membersOf(file)) {
      const name = member.name.endsWith('/') ? null : wheel.members(member.name);
      if (name === null) continue;
      const report = (bytes: number): void => {
        done += bytes;
        // A stream writes in small pieces; a person sees every eighth of a second at most.
        if (done - told < 8_000_000) return;
        told = done;
        port.progress('unpack', Math.min(done, total), total, path.basename(name));
      };
      const written = await extract(file, member, staging, name, report, port.signal);
      if ((member.mode & 0o111) !== 0) fs.chmodSync(written, 0o755);
    }
  }
}

async function fromLibraries(
  staging: string,
  port: InstallPort,
  { folder, from }: Extract<Local, { kind: 'libraries' }>,
  gpu: boolean,
): Promise<Filled> {
  const sources = libraries.map((name) => path.join(folder, name));
  checkSpace(
    port.folder,
    sources.reduce((sum, file) => sum + fs.statSync(file).size, 50_000_000),
  );
  const target = path.join(staging, libraryFolder);
  fs.mkdirSync(target, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const [i, source] of sources.entries()) {
    refuseWhenCancelled(port.signal);
    port.progress('unpack', i, sources.length, path.basename(source));
    const copy = path.join(target, path.basename(source));
    // Shares the blocks where the file system can.
    await fs.promises.copyFile(source, copy, fs.constants.COPYFILE_FICLONE);
    hashes[path.basename(source)] = await sha256File(copy, port.signal);
  }
  // CUDA's libraries lie beside tensorflow in a Python environment; they stay there.
  const nvidia = path.join(folder, '..', 'nvidia');
  const cuda = fs.existsSync(nvidia);
  if (cuda) fs.symlinkSync(fs.realpathSync(nvidia), path.join(staging, 'deps', 'nvidia'), 'dir');
  const id = (hashes[libraries[0]] ?? '').slice(0, 8);
  return { name: `tensorflow-local-${id}`, gpu: gpu || cuda, source: from, hashes, spent: [] };
}

/** Tests what lies in the staging folder; only what works gets its name, and only then becomes the one in use. */
async function putIntoUse(staging: string, filled: Filled, port: InstallPort): Promise<Installed> {
  const { name, gpu, source, hashes, spent } = filled;
  copyAddon(port.addon, staging);
  port.progress('test', 0, 1, name);
  const tested = await probe(staging, port.signal);
  const manifest: Manifest = {
    v: 1,
    name,
    version: tested.version,
    gpu,
    source,
    addon: addonHash,
    hashes,
    bytes: bytesBelow(staging),
    ...(tested.device === null ? {} : { device: tested.device }),
    installed: new Date().toISOString(),
  };
  writeJson(path.join(staging, manifestName), manifest);
  if (port.signal?.aborted === true) throw cancelled();
  const folder = path.join(port.folder, name);
  if (fs.existsSync(folder)) fs.renameSync(folder, `${staging}-old`);
  fs.renameSync(staging, folder);
  writeJson(currentFile(port.folder), { v: 1, name });
  fs.rmSync(`${staging}-old`, { recursive: true, force: true });
  for (const file of spent) fs.rmSync(file, { force: true });
  port.progress('test', 1, 1, name);
  return { runtime: { folder, manifest, current: true }, probe: tested, already: false };
}

function bytesBelow(folder: string): number {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => fs.lstatSync(path.join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
