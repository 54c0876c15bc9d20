/** Where the program's own files lie, and what a spec's or a run's root is. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRoot } from '../data/paths.ts';
import { parseSize } from '../common/size.ts';
import type { Machine } from '../runtime/doctor.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import type { Arguments } from './arguments.ts';
import { CliError } from './error.ts';

/** The folder of the bundles (`dist`): this file's own, or the one of the working tree when it runs from source. */
export function programFolder(): string {
  const own = path.dirname(fileURLToPath(import.meta.url));
  return path.basename(own) === 'dist' ? own : path.resolve(own, '..', '..', 'dist');
}

/** The folder of the embedded engine's `.wasm` files. */
export function assetsFolder(): string {
  const own = path.dirname(fileURLToPath(import.meta.url));
  const packaged = path.join(own, '..', '..', 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
  return path.basename(own) === 'dist' ? own : path.resolve(packaged);
}

/** The folder that holds the addon's source, and the addon where it is built: the bundles', or the working tree. */
export function nativeFolder(): string {
  const own = path.dirname(fileURLToPath(import.meta.url));
  return path.basename(own) === 'dist' ? own : path.resolve(own, '..', '..');
}

/** Where the engines of this machine are looked for. */
export function engineMachine(): Machine {
  return { assetsDirectory: assetsFolder(), runtimeFolder: runtimeFolder(), addonFolder: nativeFolder() };
}

/**
 * A bundle beside this one.
 *
 * @throws CliError when it is missing
 */
export function programFile(name: string): string {
  const file = path.join(programFolder(), name);
  if (fs.existsSync(file)) return file;
  throw new CliError(
    `${name} is missing beside the program. Install the extension again, or run "npm run build".`,
    `程序旁缺少 ${name}。请重新安装扩展，或运行“npm run build”。`,
  );
}

/** What `--memory` says, in bytes. */
export function memoryOf(args: Arguments): { readonly memory?: number } {
  const bytes = parseSize(args.size('memory') ?? '');
  return bytes === undefined ? {} : { memory: bytes };
}

export interface Place {
  /** Absolute folder that data files may not leave. */
  readonly root: string;
  readonly allowOutside: boolean;
}

/**
 * `--root`, else the nearest ancestor with `.git`, else the file's folder.
 *
 * @throws CliError when `--root` is no folder
 */
export function placeOf(args: Arguments, file: string): Place {
  const given = args.text('root');
  const root = given === undefined ? path.resolve(findRoot(file)) : existingFolder(given);
  return { root, allowOutside: args.flag('allow-outside') };
}

/**
 * The absolute folder that `--root` names.
 *
 * @throws CliError when it is no folder
 */
export function existingFolder(given: string): string {
  const folder = path.resolve(given);
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new CliError(`--root "${given}" is not a folder.`, `--root “${given}”不是文件夹。`);
}
