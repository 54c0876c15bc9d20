/** runtime.json of one installed runtime, and current.json: which one is in use. Both are read as a stranger's files. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { replaceFile } from '../files/plain.ts';
import { currentFile, manifestName } from './layout.ts';

/** Where the addon was compiled on this machine. */
export interface Built {
  readonly compiler: string;
  /** `sourceHash` (addon.ts) of what was compiled. */
  readonly source: string;
}

/** What a file was when it was installed. */
export interface InstalledFile {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly v: 1;
  readonly name: string;
  /** Of TensorFlow, as its library says. */
  readonly version: string;
  /** Whether the libraries are the CUDA build. */
  readonly gpu: boolean;
  /** Where it came from: `pip`, or the file, folder or interpreter that was named. */
  readonly source: string;
  /** SHA-256 of the addon and of each file that was fetched or copied. */
  readonly addon: string;
  readonly built?: Built;
  readonly hashes: Readonly<Record<string, string>>;
  /** Everything below `deps`, by its path in the runtime; runtimes of older versions have none. */
  readonly files?: Readonly<Record<string, InstalledFile>>;
  readonly bytes: number;
  /** Name of the GPU that was seen when it was installed. */
  readonly device?: string;
  readonly installed: string;
}

/** Runtime names become folder names. */
export const runtimeName = /^[a-z0-9][a-z0-9.-]{0,80}$/;

export function readManifest(runtime: string): Manifest | null {
  const value = readJson(path.join(runtime, manifestName));
  if (value === null || value['v'] !== 1) return null;
  const { name, version, source, addon, installed, gpu, bytes, hashes, device, built, files } = value;
  if (typeof name !== 'string' || !runtimeName.test(name)) return null;
  if (typeof version !== 'string' || typeof source !== 'string' || typeof addon !== 'string') return null;
  if (typeof installed !== 'string' || typeof gpu !== 'boolean' || typeof bytes !== 'number') return null;
  const base = { v: 1, name, version, gpu, source, addon, bytes, installed, hashes: stringMap(hashes) } as const;
  const compiled = stringMap(built);
  const listed = readFiles(files);
  const { compiler, source: compiledSource } = compiled;
  return {
    ...base,
    ...(typeof device === 'string' ? { device } : {}),
    ...(listed === null ? {} : { files: listed }),
    ...(compiler !== undefined && compiledSource !== undefined ? { built: { compiler, source: compiledSource } } : {}),
  };
}

/** Names that leave the runtime's `deps` are no files of ours. */
function readFiles(value: unknown): Readonly<Record<string, InstalledFile>> | null {
  if (typeof value !== 'object' || value === null) return null;
  const files: [string, InstalledFile][] = [];
  for (const [name, file] of Object.entries(value as Record<string, Partial<Record<string, unknown>> | null>)) {
    const [bytes, sha256] = [file?.['bytes'], file?.['sha256']];
    if (!name.startsWith('deps/') || name.split('/').includes('..')) return null;
    if (typeof bytes !== 'number' || typeof sha256 !== 'string') return null;
    files.push([name, { bytes, sha256 }]);
  }
  return Object.fromEntries(files);
}

function stringMap(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Name of the runtime in use; null when there is none. */
export function readCurrent(folder: string): string | null {
  const name = readJson(currentFile(folder))?.['name'];
  return typeof name === 'string' && runtimeName.test(name) ? name : null;
}

/** Replaced as a whole: a reader sees the old one or the new one. */
export function writeJson(file: string, value: unknown): void {
  replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
