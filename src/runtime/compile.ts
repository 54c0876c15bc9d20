/**
 * The addon compiled on this machine, where the extension brings none: the published source against Node-API's headers
 * and those of TensorFlow's C library, in one call of a compiler: a fetched one, or that of the system.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonFiles, sourceHash, sourceHashOf, type AddonSource } from './addon.ts';
import { compilerMemberName, compilerWheels } from './compilers.ts';
import { addonMember, libraryFolder } from './layout.ts';
import type { Platform } from './platforms.ts';
import { runProgram, type Ran } from './process.ts';
import { onPath } from './python.ts';
import { diskFull, RuntimeError } from './error.ts';
import type { Wheel } from './wheels.ts';
import { unpack } from './unpack.ts';

export interface Compiler {
  readonly command: string;
  /** What goes before all other arguments. */
  readonly first: readonly string[];
  /** Its first line of `--version`. */
  readonly version: string;
  /** True for the one of compilers.ts: what it makes does not depend on the machine. */
  readonly pinned: boolean;
}

/**
 * Refuses a source that is not the published one: what is compiled here is loaded later.
 * @throws RuntimeError `addon`
 */
export function checkSource(source: AddonSource): void {
  if (sourceHashOf(source) === sourceHash) return;
  throw new RuntimeError(
    'addon',
    `The addon's source in ${source.root} is missing or is not the published one. Install the extension again, or run "npm ci" and "npm run build".`,
    `${source.root} 中的插件源代码缺失或不是发布的版本。请重新安装扩展，或运行“npm ci”和“npm run build”。`,
  );
}

/**
 * The system's C++ compiler, or the one that is named; null when there is none.
 * @param named a program; its failure is told, not passed over
 * @throws RuntimeError `compiler` when the named one cannot be used, `cancelled`
 */
export async function systemCompiler(
  named: string | undefined,
  cwd: string,
  signal?: AbortSignal,
): Promise<Compiler | null> {
  const candidates = named === undefined ? await candidatesOnPath(cwd, signal) : [named];
  for (const command of candidates) {
    const ran = await runProgram(command, ['--version'], { cwd, signal, timeoutMs: 60_000 }).catch((error: unknown) => {
      if (error instanceof RuntimeError) throw error;
      return null;
    });
    const version = ran?.stdout.split('\n')[0]?.trim() ?? '';
    if (ran?.code === 0) return { command, first: [], version, pinned: false };
  }
  if (named === undefined) return null;
  throw new RuntimeError(
    'compiler',
    `"${named}" is no C++ compiler that can be started. Name another one with --compiler FILE, or leave the option out.`,
    `无法以 C++ 编译器启动“${named}”。请用 --compiler FILE 指定其他编译器，或不使用该选项。`,
  );
}

async function candidatesOnPath(cwd: string, signal?: AbortSignal): Promise<string[]> {
  // On macOS a program of that name is always there; without the developer tools it opens a window that asks for them.
  if (process.platform === 'darwin') {
    const ran = await runProgram('/usr/bin/xcode-select', ['-p'], { cwd, signal }).catch(() => null);
    if (ran?.code !== 0) return [];
  }
  const own = process.env['CXX'];
  return [...(own !== undefined && path.isAbsolute(own) ? [own] : []), ...onPath(['c++', 'clang++', 'g++'])];
}

/**
 * The fetched compiler, unpacked into a folder.
 * @throws RuntimeError `archive`, `cancelled`
 */
export async function unpackCompiler(
  file: string,
  { members, version }: Wheel,
  folder: string,
  signal?: AbortSignal,
): Promise<Compiler> {
  await unpack(file, folder, { names: members, signal });
  const command = path.join(folder, compilerMemberName);
  fs.chmodSync(command, 0o755);
  return { command, first: ['c++'], version: `zig c++ ${version}`, pinned: true };
}

/** The wheel of the compiler for the machine that compiles. */
export function compilerWheel({ name }: Platform): Wheel {
  return compilerWheels[name];
}

/** Arguments of the compiler; sources by relative names, so that nothing of this machine goes into the file. */
export function compileArguments(
  compiler: Compiler,
  { platform, source, headers, libraries, output }: Omit<CompileOptions, 'scratch' | 'signal'>,
): string[] {
  return [
    ...compiler.first,
    ...(compiler.pinned ? ['-target', platform.target] : []),
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNDEBUG', '-DNAPI_VERSION=8'],
    ...['-fvisibility=hidden', '-ffunction-sections'],
    ...(compiler.pinned ? ['-fno-sanitize=all', '-Wno-nullability-completeness', ...platform.reproducible] : []),
    ...[source.napi, headers].flatMap((folder) => ['-I', folder]),
    ...[...addonFiles.map((name) => `binding/${name}`), '-o', output],
    ...platform.libraries.map((name) => path.join(libraries, name)),
    ...platform.link,
  ];
}

export interface CompileOptions {
  readonly platform: Platform;
  readonly source: AddonSource;
  /** Folder of TensorFlow's headers, above `tensorflow/c`. */
  readonly headers: string;
  /** Folder of TensorFlow's libraries. */
  readonly libraries: string;
  readonly output: string;
  /** For the compiler's own files; deleted by the caller. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compiles the addon.
 * @throws RuntimeError `compiler` with the compiler's own words, `cancelled`
 */
export async function compileAddon(compiler: Compiler, options: CompileOptions): Promise<void> {
  const { source, output, scratch, signal } = options;
  fs.mkdirSync(path.dirname(output), { recursive: true });
  fs.mkdirSync(scratch, { recursive: true });
  const caches = {
    ZIG_GLOBAL_CACHE_DIR: path.join(scratch, 'global'),
    ZIG_LOCAL_CACHE_DIR: path.join(scratch, 'local'),
  };
  // Of the pinned compiler the same bytes are wanted everywhere: no CPATH or the like of this machine reaches it.
  const inherited = compiler.pinned ? { PATH: process.env['PATH'] } : process.env;
  const env = { ...inherited, ...caches, TMPDIR: scratch };
  const args = compileArguments(compiler, options);
  const ran = await runProgram(compiler.command, args, { cwd: source.root, env, signal, timeoutMs: 3_600_000 });
  if (ran.code !== 0 || !fs.existsSync(output)) throw failed(compiler, ran);
}

/** Into a runtime that has its libraries. */
export function runtimePlaces(runtime: string): Pick<CompileOptions, 'libraries' | 'output'> {
  return { libraries: path.join(runtime, libraryFolder), output: path.join(runtime, addonMember) };
}

function failed({ command, version }: Compiler, { stderr, code, signal }: Ran): RuntimeError {
  if (/No space left on device|NoSpaceLeft|Disk quota exceeded|DiskQuota/i.test(stderr)) return diskFull();
  const lines = stderr.split('\n').filter((line) => /\berror\b|undefined|cannot find|fatal/i.test(line));
  const said = (lines.length > 0 ? lines : stderr.split('\n').filter((line) => /\S/.test(line))).slice(0, 4).join('\n');
  const how = said === '' ? `exit status ${String(code ?? signal)}` : said;
  return new RuntimeError(
    'compiler',
    `${command} (${version}) could not compile the addon. C++17 is needed: g++ 8, clang 7 or newer; another one is named with --compiler FILE, and "--compiler pinned" fetches one. It said:\n${how}`,
    `${command}（${version}）未能编译插件。需要支持 C++17 的编译器：g++ 8、clang 7 或更新版本；可用 --compiler FILE 指定其他编译器，“--compiler pinned”会下载一个。其输出为：\n${how}`,
  );
}
