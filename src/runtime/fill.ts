/** TensorFlow's libraries into a staging folder: from pip, from wheels that lie there, or from another installation. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkSpace, neededSpace } from './checks.ts';
import { obtainWheel, verifyOwned } from './download.ts';
import { sha256File } from './hash.ts';
import { keptHeaders, noHeaders, type Headers } from './headers.ts';
import { downloadsFolder, libraryFolder } from './layout.ts';
import { spaceOf, type Way } from './place.ts';
import type { Platform } from './platforms.ts';
import type { InstallPort, InstallRequest } from './port.ts';
import { findPython } from './python.ts';
import { refuseWhenCanceled, RuntimeError } from './error.ts';
import { localSource, type Local } from './source.ts';
import { downloadOf, type Variant } from './wheels.ts';
import { unpack } from './unpack.ts';

export interface Filled {
  readonly name: string;
  readonly gpu: boolean;
  readonly source: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** Wheels of ours that are of no use any more. */
  readonly spent: readonly string[];
  /** For an addon that is compiled; null where TensorFlow's libraries lie without any. */
  readonly headers: Headers | null;
}

export interface FillJob {
  readonly port: InstallPort;
  readonly request: InstallRequest;
  readonly platform: Platform;
  readonly variant: Variant;
  readonly way: Way;
}

/** @throws RuntimeError says what is wrong and what next */
export async function fill(staging: string, job: FillJob): Promise<Filled> {
  const { port, request, platform } = job;
  if (request.from === undefined) return fromPip(staging, job);
  const local = await localSource(request.from, port.folder, platform, port.signal);
  return local.kind === 'wheels' ? fromWheels(staging, job, local.folder) : fromLibraries(staging, job, local);
}

async function fromPip(staging: string, { port, variant, way, platform, request }: FillJob): Promise<Filled> {
  const downloads = downloadsFolder(port.folder);
  const fetched = new Set(fs.existsSync(downloads) ? fs.readdirSync(downloads) : []);
  checkSpace(port.folder, neededSpace(variant, fetched) + spaceOf(way, platform));
  port.progress('check', 0, 1, 'pip');
  const python = await findPython(request.python, port.folder, port.signal);
  const total = downloadOf(variant);
  const files: string[] = [];
  let before = 0;
  for (const wheel of variant.wheels) {
    const progress = (bytes: number): void => port.progress('download', before + bytes, total, wheel.file);
    progress(0);
    files.push(await obtainWheel(wheel, { python, folder: downloads, progress, signal: port.signal }));
    before += wheel.bytes;
  }
  await unpackAll(staging, variant, files, port);
  return { ...filledFrom(staging, variant), source: 'pip', spent: files };
}

async function fromWheels(staging: string, job: FillJob, folder: string): Promise<Filled> {
  const { port, variant, way, platform } = job;
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
  const fetched = new Set(variant.wheels.map(({ file }) => file));
  checkSpace(port.folder, neededSpace(variant, fetched) + spaceOf(way, platform));
  for (const [i, wheel] of variant.wheels.entries()) {
    port.progress('verify', i, variant.wheels.length, wheel.file);
    await verifyOwned(files[i] ?? '', wheel, port.signal);
  }
  await unpackAll(staging, variant, files, port);
  return { ...filledFrom(staging, variant), source: folder, spent: [] };
}

function filledFrom(staging: string, { name, gpu, wheels }: Variant): Omit<Filled, 'source' | 'spent'> {
  const hashes = Object.fromEntries(wheels.map(({ file, sha256 }) => [file, sha256]));
  return { name, gpu, hashes, headers: keptHeaders(staging) };
}

async function unpackAll(
  staging: string,
  variant: Variant,
  files: readonly string[],
  port: InstallPort,
): Promise<void> {
  const total = variant.wheels.reduce((sum, { unpacked }) => sum + unpacked, 0);
  let done = 0;
  let told = 0;
  const report = (bytes: number, name: string): void => {
    done += bytes;
    // A stream writes in small pieces; a person sees every eighth of a second at most.
    if (done - told < 8_000_000) return;
    told = done;
    port.progress('unpack', Math.min(done, total), total, path.basename(name));
  };
  for (const [i, { members }] of variant.wheels.entries())
    await unpack(files[i] ?? '', staging, { names: members, report, signal: port.signal });
}

async function fromLibraries(
  staging: string,
  { port, request, platform, way }: FillJob,
  { folder, from, headers: found }: Extract<Local, { kind: 'libraries' }>,
): Promise<Filled> {
  const headers = found === null ? null : { folder: found, published: false };
  if (way.kind === 'compile' && headers === null) throw noHeaders(from);
  const sources = platform.libraries.map((name) => path.join(folder, name));
  checkSpace(
    port.folder,
    sources.reduce((sum, file) => sum + fs.statSync(file).size, 50_000_000 + spaceOf(way, platform)),
  );
  const target = path.join(staging, libraryFolder);
  fs.mkdirSync(target, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const [i, source] of sources.entries()) {
    refuseWhenCanceled(port.signal);
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
  const id = (hashes[platform.libraries[0]] ?? '').slice(0, 8);
  const gpu = request.gpu === true || cuda;
  return { name: `tensorflow-local-${id}`, gpu, source: from, hashes, spent: [], headers };
}
