/** What must hold before anything is fetched. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { platformFor, type Platform } from './platforms.ts';
import { RuntimeError, size } from './error.ts';
import { oldestGlibc, type Variant } from './wheels.ts';

/** What there is to know of a machine; made up in tests. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Version of the kernel: macOS 12 is Darwin 21. */
  readonly release?: string;
  /** Version of the GNU C library; null for another one. */
  readonly glibc: string | null;
  /** Instruction sets of the processor, as the kernel names them; null where it does not tell. */
  readonly processorFlags: ReadonlySet<string> | null;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    release: os.release(),
    glibc: glibcVersion(),
    processorFlags: processorFlags(),
  };
}

function glibcVersion(): string | null {
  if (process.platform !== 'linux') return null;
  // The report's type says little; the header holds strings.
  const report: unknown = process.report.getReport();
  const header: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, 'header') : undefined;
  const version: unknown =
    typeof header === 'object' && header !== null ? Reflect.get(header, 'glibcVersionRuntime') : undefined;
  return typeof version === 'string' ? version : null;
}

function processorFlags(): ReadonlySet<string> | null {
  try {
    const flags = /^flags\s*:\s*(.*)$/m.exec(fs.readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    return flags === undefined ? null : new Set(flags.split(' '));
  } catch {
    return null;
  }
}

/**
 * The platform of a machine that the native engine runs on.
 * @throws RuntimeError `platform`, `libc`, `processor`
 */
export function checkMachine(machine: Machine): Platform {
  const { platform: system, arch, release } = machine;
  const platform = platformFor(system, arch);
  if (platform === undefined) throw otherPlatform(system, arch);
  if (system === 'linux') checkLibc(machine.glibc);
  if (system === 'darwin' && isOlder(release ?? '', oldestDarwin)) {
    throw new RuntimeError(
      'platform',
      `The native engine needs macOS 12 or newer. Training uses the embedded engine, which needs nothing.`,
      `原生引擎需要 macOS 12 或更新版本。训练使用内置引擎，无需安装任何组件。`,
    );
  }
  if (arch === 'x64' && machine.processorFlags?.has('avx') === false) {
    throw new RuntimeError(
      'processor',
      'The native engine needs a processor with AVX instructions; this one has none. Training uses the embedded engine.',
      '原生引擎需要支持 AVX 指令的处理器；本机处理器不支持。训练使用内置引擎。',
    );
  }
  return platform;
}

/** macOS 12, as the wheel's tag says. */
const oldestDarwin = [21] as const;

function otherPlatform(system: string, arch: string): RuntimeError {
  const why = {
    win32: {
      en: ' TensorFlow’s package for Windows has its C library inside a Python module.',
      zh: 'TensorFlow 的 Windows 软件包将 C 库置于 Python 模块中。',
    },
    darwin: {
      en: ' TensorFlow makes no packages for Macs with Intel processors any more.',
      zh: 'TensorFlow 不再为 Intel 处理器的 Mac 发布软件包。',
    },
  }[system];
  return new RuntimeError(
    'platform',
    `The native engine is for Linux on x64 and arm64 and for macOS on Apple processors; this is ${system} on ${arch}.${why?.en ?? ''} Training uses the embedded engine, which needs nothing.`,
    `原生引擎支持 x64 与 arm64 上的 Linux 以及 Apple 处理器上的 macOS；本机为 ${arch} 上的 ${system}。${why?.zh ?? ''}训练使用内置引擎，无需安装任何组件。`,
  );
}

function checkLibc(glibc: string | null): void {
  const oldest = oldestGlibc.join('.');
  if (glibc === null) {
    throw new RuntimeError(
      'libc',
      `The native engine needs the GNU C library (glibc ${oldest} or newer); this system has another one (musl?). Training uses the embedded engine.`,
      `原生引擎需要 GNU C 库（glibc ${oldest} 或更新）；本系统使用其他 C 库（musl？）。训练使用内置引擎。`,
    );
  }
  if (isOlder(glibc, oldestGlibc)) {
    throw new RuntimeError(
      'libc',
      `The native engine needs glibc ${oldest} or newer; this system has ${glibc}. A newer system is needed; training uses the embedded engine.`,
      `原生引擎需要 glibc ${oldest} 或更新版本；本系统为 ${glibc}。需要更新的系统；训练使用内置引擎。`,
    );
  }
}

/** Compares `2.31` with [2, 27] number by number. */
export function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, wanted] of than.entries()) {
    const part = parts[i] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/** Refuses the CUDA build where there is none. @throws RuntimeError `platform` */
export function checkGpu({ name }: Platform): void {
  if (name === 'linux-x64') return;
  throw new RuntimeError(
    'platform',
    `--gpu is for NVIDIA GPUs on Linux x64; this is ${name}. Install without it.`,
    `--gpu 仅适用于 Linux x64 上的 NVIDIA GPU；本机为 ${name}。请去掉该选项后安装。`,
  );
}

/**
 * Bytes that an installation needs at its worst moment: all wheels, the largest once more (pip copies it from its
 * temporary folder), and what is unpacked.
 * @param fetched files that lie in the downloads folder already
 */
export function neededSpace({ wheels }: Variant, fetched: ReadonlySet<string>): number {
  const missing = wheels.filter(({ file }) => !fetched.has(file));
  const downloads =
    missing.reduce((sum, { bytes }) => sum + bytes, 0) + Math.max(0, ...missing.map(({ bytes }) => bytes));
  return downloads + wheels.reduce((sum, { unpacked }) => sum + unpacked, 0) + 50_000_000;
}

/**
 * @param folder need not exist yet
 * @throws RuntimeError `space`
 */
export function checkSpace(folder: string, needed: number, free: number = freeSpace(folder)): void {
  if (free >= needed) return;
  throw new RuntimeError(
    'space',
    `The native engine needs ${size(needed)} of disk space while it is installed, and ${folder} has ${size(free)}. Free some, or set MTL_RUNTIME_DIR to a folder on another disk.`,
    `安装原生引擎期间需要 ${size(needed)} 磁盘空间，而 ${folder} 只有 ${size(free)}。请释放空间，或将 MTL_RUNTIME_DIR 设为其他磁盘上的文件夹。`,
  );
}

function freeSpace(folder: string): number {
  let at = path.resolve(folder);
  while (!fs.existsSync(at) && path.dirname(at) !== at) at = path.dirname(at);
  const { bavail, bsize } = fs.statfsSync(at);
  return bavail * bsize;
}
