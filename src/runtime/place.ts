/**
 * The addon's way into a runtime: copied from the extension where it brings one, else compiled from the source that it
 * brings always. Where the bytes that must come out are known (addon.json), no others are put into a runtime.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonHashes, addonSource, isOwnSource, prebuiltAddon, sourceHash, type AddonSource } from './addon.ts';
import { checkSpace } from './checks.ts';
import { checkSource, compileAddon, compilerWheel, runtimePlaces, systemCompiler, unpackCompiler } from './compile.ts';
import type { Compiler } from './compile.ts';
import { obtainWheel, verifyOwned } from './download.ts';
import { keptHeaders, noHeaders, type Headers } from './headers.ts';
import { sha256OfFile } from '../files/hash.ts';
import { addonMember, downloadsFolder, manifestName, stagingPrefix } from './layout.ts';
import { writeJson, type Built, type Manifest } from './manifest.ts';
import type { Platform } from './platforms.ts';
import type { InstallPort, InstallRequest } from './port.ts';
import { findPython } from './python.ts';
import { RuntimeError } from './error.ts';

export type Way =
  | { readonly kind: 'copy'; readonly file: string; readonly hash: string }
  | {
      readonly kind: 'compile';
      readonly source: AddonSource;
      /** Null: the one of compilers.ts, which is fetched. */
      readonly compiler: Compiler | null;
    };

/**
 * Decides before anything is fetched: the addon of this platform where the extension has it, else a compiler.
 * @throws RuntimeError `addon` for files that are not those of this version, `compiler`, `cancelled`
 */
export async function chooseWay(port: InstallPort, platform: Platform, request: InstallRequest): Promise<Way> {
  const prebuilt = isAsked(request) ? null : prebuiltAddon(port.assets, platform);
  if (prebuilt !== null) return { kind: 'copy', ...prebuilt };
  const source = addonSource(port.assets);
  checkSource(source);
  return { kind: 'compile', source, compiler: await chooseCompiler(port, platform, request) };
}

/** Whether the person wants it compiled, whatever is there. */
function isAsked({ compile, compiler }: InstallRequest): boolean {
  return compile === true || compiler !== undefined;
}

/** The compiler of the system, or null for the one of compilers.ts, which is fetched. */
async function chooseCompiler(
  port: InstallPort,
  platform: Platform,
  request: InstallRequest,
): Promise<Compiler | null> {
  if (request.compiler === 'pinned') return null;
  // Where it is known what must come out, the compiler that makes it goes first, as long as it can be had.
  const isKnown = !isAsked(request) && addonHashes[platform.name] !== undefined;
  if (isKnown && (await canFetchCompiler(port, platform, request))) return null;
  return systemCompiler(request.compiler, port.folder, port.signal);
}

async function canFetchCompiler(port: InstallPort, platform: Platform, request: InstallRequest): Promise<boolean> {
  // With --from nothing is fetched that need not be.
  if (request.from !== undefined) return fs.existsSync(compilerBeside(request.from, platform));
  return findPython(request.python, port.folder, port.signal).then(
    () => true,
    (error: unknown) => {
      if (isWithoutPip(error)) return false;
      throw error;
    },
  );
}

function isWithoutPip(error: unknown): boolean {
  return error instanceof RuntimeError && (error.code === 'no-python' || error.code === 'no-pip');
}

/** Where the compiler's wheel lies when it came along with the wheels that --from names. */
function compilerBeside(from: string, platform: Platform): string {
  return path.join(from.endsWith('.whl') ? path.dirname(from) : from, compilerWheel(platform).file);
}

/** Bytes that the way needs on the disk, besides TensorFlow: the compiler, its archive, its working files. */
export function spaceOf(way: Way, platform: Platform): number {
  if (way.kind === 'copy') return 0;
  if (way.compiler !== null) return 10_000_000;
  const { bytes, unpacked } = compilerWheel(platform);
  return 2 * bytes + unpacked + 100_000_000;
}

/** What the manifest says of the addon. */
export interface Placed {
  readonly addon: string;
  readonly built?: Built;
}

/** What an addon is placed for. */
export interface PlaceJob {
  readonly way: Way;
  readonly platform: Platform;
  readonly port: InstallPort;
  readonly request: InstallRequest;
}

/**
 * Puts the addon into a runtime that has its libraries.
 * @param headers of its C library, for an addon that is compiled
 * @throws RuntimeError `compiler`, `source`, `hash`, `offline`, `pip`, `space`, `cancelled`
 */
export async function placeAddon(runtime: string, headers: Headers | null, job: PlaceJob): Promise<Placed> {
  const { way, platform, port, request } = job;
  if (way.kind === 'copy') {
    copyAddon(way.file, runtime);
    return { addon: way.hash };
  }
  if (headers === null) throw noHeaders(runtime);
  const scratch = fs.mkdtempSync(path.join(port.folder, `${stagingPrefix}compiler-`));
  try {
    const compiler = way.compiler ?? (await fetchCompiler(platform, scratch, port, request));
    port.progress('compile', 0, 1, compiler.version);
    const { libraries, output } = runtimePlaces(runtime);
    // Compiled beside its place: a process that has the old one loaded keeps it.
    const draft = path.join(scratch, path.basename(output));
    await compileAddon(compiler, {
      ...{ platform, source: way.source, headers: headers.folder, libraries, output: draft, scratch },
      signal: port.signal,
    });
    const addon = sha256OfFile(draft);
    const expected = compiler.pinned && headers.published ? addonHashes[platform.name] : undefined;
    if (expected !== undefined && addon !== expected) throw otherBytes(compiler, addon, expected);
    copyAddon(draft, runtime);
    // Kept until here: what was fetched counts when an installation that was canceled goes on.
    fs.rmSync(path.join(downloadsFolder(port.folder), compilerWheel(platform).file), { force: true });
    return { addon, built: { compiler: compiler.version, source: sourceHash } };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function fetchCompiler(
  platform: Platform,
  scratch: string,
  port: InstallPort,
  { from, python: named }: InstallRequest,
): Promise<Compiler> {
  const wheel = compilerWheel(platform);
  const own = from === undefined ? undefined : compilerBeside(from, platform);
  if (own !== undefined && fs.existsSync(own)) {
    await verifyOwned(own, wheel, port.signal);
    return unpackCompiler(own, wheel, scratch, port.signal);
  }
  const python = await findPython(named, port.folder, port.signal).catch((error: unknown) => {
    throw isWithoutPip(error) ? noCompiler(wheel.file) : error;
  });
  const progress = (bytes: number): void => port.progress('download', bytes, wheel.bytes, wheel.file);
  progress(0);
  const folder = downloadsFolder(port.folder);
  const file = await obtainWheel(wheel, { python, folder, progress, signal: port.signal }).catch(orOwnCompiler);
  port.progress('unpack', 0, 1, wheel.file);
  return unpackCompiler(file, wheel, scratch, port.signal);
}

/** Where the compiler cannot be fetched, there is another way out. */
function orOwnCompiler(error: unknown): never {
  if (!(error instanceof RuntimeError) || !['offline', 'pip', 'hash'].includes(error.code)) throw error;
  const { en, zh } = error.text;
  throw new RuntimeError(
    error.code,
    `${en}\nThis is the compiler of the addon. One of yours does it, too: --compiler FILE (C++17).`,
    `${zh}\n该文件是编译插件所用的编译器。也可用自己的编译器：--compiler FILE（C++17）。`,
    { cause: error },
  );
}

function noCompiler(wheel: string): RuntimeError {
  return new RuntimeError(
    'compiler',
    `There is no prebuilt addon for this system, no C++ compiler on the PATH (c++, clang++, g++), and no Python with pip to fetch one. Install a compiler (Debian and Ubuntu: g++; Fedora: gcc-c++; macOS: "xcode-select --install"), or Python 3 with pip; without a network, put ${wheel} into the folder that --from names.`,
    `本系统没有预构建的插件，PATH 中没有 C++ 编译器（c++、clang++、g++），也没有可用于下载编译器的 Python 与 pip。请安装编译器（Debian 与 Ubuntu：g++；Fedora：gcc-c++；macOS：“xcode-select --install”）或带 pip 的 Python 3；离线时请将 ${wheel} 放入 --from 指定的文件夹。`,
  );
}

function otherBytes({ version }: Compiler, found: string, expected: string): RuntimeError {
  return new RuntimeError(
    'compiler',
    `The addon that was compiled here is not the expected one and is not put into use: its SHA-256 is ${found}, not ${expected} (${version}, source ${sourceHash}). Install again; if it happens again, take the extension's package that brings the addon, or name a C++ compiler of yours with --compiler FILE, and report these numbers.`,
    `本机编译的插件与预期不符，不予使用：其 SHA-256 为 ${found}，应为 ${expected}（${version}，源代码 ${sourceHash}）。请再次安装；若仍然如此，请使用附带插件的扩展安装包，或用 --compiler FILE 指定自己的 C++ 编译器，并报告以上数值。`,
  );
}

function copyAddon(addon: string, runtime: string): void {
  const target = path.join(runtime, addonMember);
  if (fs.existsSync(target) && sha256OfFile(target) === sha256OfFile(addon)) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  fs.copyFileSync(addon, draft, fs.constants.COPYFILE_EXCL);
  fs.chmodSync(draft, 0o755);
  fs.renameSync(draft, target);
}

/**
 * Brings the addon of an installed runtime up to date, and its manifest with it.
 * @returns null where it would have to be compiled and the runtime has no headers: its wheel is needed again
 */
export async function refreshAddon(runtime: Located, job: PlaceJob): Promise<Manifest | null> {
  const { folder, manifest } = runtime;
  const { way, platform, port } = job;
  if (isCurrent(runtime, job)) return manifest;
  const headers = keptHeaders(folder);
  if (way.kind === 'compile' && headers === null) return null;
  checkSpace(port.folder, spaceOf(way, platform));
  const { built: _, ...rest } = manifest;
  const updated: Manifest = { ...rest, ...(await placeAddon(folder, headers, job)) };
  writeJson(path.join(folder, manifestName), updated);
  return updated;
}

interface Located {
  readonly folder: string;
  readonly manifest: Manifest;
}

function isCurrent({ folder, manifest }: Located, { way, platform, request }: PlaceJob): boolean {
  const target = path.join(folder, addonMember);
  const found = fs.existsSync(target) ? sha256OfFile(target) : null;
  if (found === null || found !== manifest.addon || isAsked(request)) return false;
  if (way.kind === 'copy') return found === way.hash;
  return found === addonHashes[platform.name] || isOwnSource(manifest.built?.source);
}
