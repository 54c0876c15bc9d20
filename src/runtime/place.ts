/** The addon's way into a runtime: copied from the extension, or compiled from the source that the extension brings. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonFile, addonHashes, addonSource, sourceHash, type AddonSource } from './addon.ts';
import { checkSource, compileAddon, compilerWheel, runtimePlaces, systemCompiler, unpackCompiler } from './compile.ts';
import type { Compiler } from './compile.ts';
import { obtainWheel, verifyOwned } from './download.ts';
import { sha256OfSmallFile } from './hash.ts';
import { addonMember, downloadsFolder, stagingPrefix } from './layout.ts';
import { writeJson, type Built, type Manifest } from './manifest.ts';
import { manifestName } from './layout.ts';
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
  const file = addonFile(port.assets, platform.name);
  const hash = addonHashes[platform.name];
  const asked = request.compile === true || request.compiler !== undefined;
  if (!asked && hash !== undefined && fs.existsSync(file)) {
    if (sha256OfSmallFile(file) === hash) return { kind: 'copy', file, hash };
    throw new RuntimeError(
      'addon',
      `${file} is not the addon of this version. Install the extension again, or run "npm run build".`,
      `${file} 不是当前版本的插件。请重新安装扩展，或运行“npm run build”。`,
    );
  }
  const source = addonSource(port.assets);
  checkSource(source);
  const named = request.compiler === 'pinned' ? null : await systemCompiler(request.compiler, port.folder, port.signal);
  return { kind: 'compile', source, compiler: named };
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

/**
 * Puts the addon into a runtime that has its libraries.
 * @throws RuntimeError `compiler`, `hash`, `offline`, `pip`, `cancelled`
 */
export async function placeAddon(
  way: Way,
  runtime: string,
  platform: Platform,
  port: InstallPort,
  request: InstallRequest,
): Promise<Placed> {
  if (way.kind === 'copy') {
    copyAddon(way.file, runtime);
    return { addon: way.hash };
  }
  const scratch = fs.mkdtempSync(path.join(port.folder, `${stagingPrefix}compiler-`));
  try {
    const compiler = way.compiler ?? (await fetchCompiler(platform, scratch, port, request));
    port.progress('compile', 0, 1, compiler.version);
    const { libraries, output } = runtimePlaces(runtime);
    // Compiled beside its place: a process that has the old one loaded keeps it.
    const draft = path.join(scratch, path.basename(output));
    await compileAddon(compiler, {
      ...{ platform, source: way.source, libraries, output: draft, scratch },
      signal: port.signal,
    });
    copyAddon(draft, runtime);
    return { addon: sha256OfSmallFile(output), built: { compiler: compiler.version, source: sourceHash } };
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
  const own = from === undefined ? undefined : path.join(from, wheel.file);
  if (own !== undefined && fs.existsSync(own)) {
    await verifyOwned(own, wheel, port.signal);
    return unpackCompiler(own, wheel, scratch, port.signal);
  }
  const python = await findPython(named, port.folder, port.signal).catch((error: unknown) => {
    if (!(error instanceof RuntimeError) || (error.code !== 'no-python' && error.code !== 'no-pip')) throw error;
    throw noCompiler(wheel.file);
  });
  const progress = (bytes: number): void => port.progress('download', bytes, wheel.bytes, wheel.file);
  progress(0);
  const folder = downloadsFolder(port.folder);
  const file = await obtainWheel(wheel, { python, folder, progress, signal: port.signal });
  port.progress('unpack', 0, 1, wheel.file);
  const compiler = await unpackCompiler(file, wheel, scratch, port.signal);
  fs.rmSync(file, { force: true });
  return compiler;
}

function noCompiler(wheel: string): RuntimeError {
  return new RuntimeError(
    'compiler',
    `There is no prebuilt addon for this system, no C++ compiler on the PATH (c++, clang++, g++), and no Python with pip to fetch one. Install a compiler (Debian and Ubuntu: g++; Fedora: gcc-c++; macOS: "xcode-select --install"), or Python 3 with pip; without a network, put ${wheel} into the folder that --from names.`,
    `本系统没有预构建的插件，PATH 中没有 C++ 编译器（c++、clang++、g++），也没有可用于下载编译器的 Python 与 pip。请安装编译器（Debian 与 Ubuntu：g++；Fedora：gcc-c++；macOS：“xcode-select --install”）或带 pip 的 Python 3；离线时请将 ${wheel} 放入 --from 指定的文件夹。`,
  );
}

function copyAddon(addon: string, runtime: string): void {
  const target = path.join(runtime, addonMember);
  if (fs.existsSync(target) && sha256OfSmallFile(target) === sha256OfSmallFile(addon)) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  fs.copyFileSync(addon, draft, fs.constants.COPYFILE_EXCL);
  fs.chmodSync(draft, 0o755);
  fs.renameSync(draft, target);
}

/** Brings the addon of an installed runtime up to date, and its manifest with it. */
export async function refreshAddon(
  way: Way,
  { folder, manifest }: { readonly folder: string; readonly manifest: Manifest },
  platform: Platform,
  port: InstallPort,
  request: InstallRequest,
): Promise<Manifest> {
  const target = path.join(folder, addonMember);
  const found = fs.existsSync(target) ? sha256OfSmallFile(target) : '';
  const asked = request.compile === true || request.compiler !== undefined;
  const isCompiled = manifest.built?.source === sourceHash && found === manifest.addon && !asked;
  const isCurrent = way.kind === 'copy' ? found === way.hash && manifest.addon === way.hash : isCompiled;
  if (isCurrent) return manifest;
  const { built: _, ...rest } = manifest;
  const updated: Manifest = { ...rest, ...(await placeAddon(way, folder, platform, port, request)) };
  writeJson(path.join(folder, manifestName), updated);
  return updated;
}
