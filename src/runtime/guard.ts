/**
 * What a process loads has its rights, so before the native engine's libraries are loaded it is seen that nobody else can
 * have put them there, and that they are the files that were installed.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { sha256OfFile } from '../files/hash.ts';
import { replaceFile } from '../files/plain.ts';
import { sha256File } from './hash.ts';
import { addonMember, currentFile, libraryFolder, manifestName } from './layout.ts';
import type { InstalledFile, Manifest } from './manifest.ts';
import type { Platform } from './platforms.ts';
import { RuntimeError } from './error.ts';

/** Beside the manifest: which files were hashed, and what the system said of them then. */
const markName = 'checked.json';

/**
 * Files of the pinned wheels by runtime and platform, for runtimes whose manifest is older than this check.
 * TensorFlow 2.21.0 as `mtl runtime install` unpacks it.
 */
const published: Readonly<Record<string, Readonly<Record<string, InstalledFile>>>> = {
  'linux-x64 tensorflow-cpu-2.21.0': {
    'deps/lib/libtensorflow_cc.so.2': {
      bytes: 788_086_608,
      sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
    },
    'deps/lib/libtensorflow_framework.so.2': {
      bytes: 65_222_328,
      sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
    },
  },
};

interface Place {
  /** Absolute folder of one runtime. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * The user of this process; null where the system has no such users (Windows), and then nothing is asked about them.
 */
const thisUser = (): number | null => process.getuid?.() ?? null;

/**
 * Everything that is loaded or says what is loaded belongs to this user or to the system's, and not every user of this
 * machine may change it.
 *
 * @param user whose process it is
 * @throws RuntimeError `owner`
 */
export function refuseForeign(folder: string, places: readonly string[], user: number | null = thisUser()): void {
  if (user === null) return;
  for (const place of places) {
    const status = fs.statSync(place, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (status.uid !== user && status.uid !== 0) throw foreign(folder, place, status.uid);
    if ((status.mode & 0o002) !== 0) throw writableByAll(folder, place, status.mode);
  }
}

function foreign(folder: string, place: string, uid: number): RuntimeError {
  const owner = String(uid);
  return new RuntimeError(
    'owner',
    `The native engine in ${folder} is not loaded: ${place} belongs to another user (number ${owner}), who could put anything in its place. Install one of your own: set MTL_RUNTIME_DIR to a folder of yours, then "mtl runtime install".`,
    `不加载 ${folder} 中的原生引擎：${place} 属于其他用户（编号 ${owner}），其内容可能被替换。请安装自己的：将 MTL_RUNTIME_DIR 设为自己的文件夹，再执行“mtl runtime install”。`,
  );
}

function writableByAll(folder: string, place: string, mode: number): RuntimeError {
  const bits = (mode & 0o7777).toString(8);
  return new RuntimeError(
    'owner',
    `The native engine in ${folder} is not loaded: every user of this machine may change ${place} (mode ${bits}). Take that right away (chmod -R o-w "${place}") and install it again ("mtl runtime install"), or set MTL_RUNTIME_DIR to a folder of your own.`,
    `不加载 ${folder} 中的原生引擎：本机任何用户都可更改 ${place}（权限 ${bits}）。请去除该权限（chmod -R o-w "${place}"）并重新安装（“mtl runtime install”），或将 MTL_RUNTIME_DIR 设为自己的文件夹。`,
  );
}

/** What of a runtime must be nobody else's: all files that are loaded, and every folder on the way to them. */
function loadedPlaces({ folder, manifest }: Place, platform: Platform): readonly string[] {
  const files = [...libraryFiles(platform), slashed(addonMember), manifestName, ...Object.keys(manifest.files ?? {})];
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = path.posix.dirname(file); at !== '.'; at = path.posix.dirname(at)) folders.add(at);
  }
  const parent = path.dirname(folder);
  return [parent, folder, currentFile(parent), ...[...folders, ...files].map((name) => path.join(folder, name))];
}

const slashed = (name: string): string => name.split(path.sep).join('/');

function libraryFiles({ libraries }: Platform): readonly string[] {
  return libraries.map((name) => `${slashed(libraryFolder)}/${name}`);
}

/**
 * Whether a runtime may be loaded.
 *
 * @throws RuntimeError `owner`, `library`
 */
export function checkRuntime(place: Place, platform: Platform, user: number | null = thisUser()): void {
  refuseForeign(place.folder, loadedPlaces(place, platform), user);
  const expected = expectedFiles(place, platform);
  const before = readMark(place.folder);
  const now = new Map<string, FileMark>();
  for (const name of expected.keys()) now.set(name, markOf(place, name, expected.get(name) ?? null, before.get(name)));
  if ([...now].some(([name, mark]) => !same(mark, before.get(name)))) writeMark(place.folder, now);
}

/** Names to what they must be; null where nobody has written it down: then what is there first counts. */
function expectedFiles({ manifest }: Place, platform: Platform): ReadonlyMap<string, InstalledFile | null> {
  const known = manifest.files ?? published[`${platform.name} ${manifest.name}`] ?? {};
  return new Map([...libraryFiles(platform).map((name) => [name, null] as const), ...Object.entries(known)]);
}

/** What the system says of a file; a change of any of it means that the file is hashed anew. */
interface FileMark extends InstalledFile {
  /** Device, inode, and the times of the last change of content and of anything, in nanoseconds. */
  readonly status: string;
}

const same = (a: FileMark, b: FileMark | undefined): boolean => a.sha256 === b?.sha256 && a.status === b.status;

/** @throws RuntimeError `library` */
function markOf(
  { folder }: Place,
  name: string,
  expected: InstalledFile | null,
  before: FileMark | undefined,
): FileMark {
  const file = path.join(folder, name);
  const found = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  const bytes = Number(found?.size ?? -1);
  if (!found?.isFile() || (expected !== null && bytes !== expected.bytes)) throw changed(folder, file);
  const status = statusText(found);
  const sha256 = before?.status === status && before.bytes === bytes ? before.sha256 : sha256OfFile(file);
  // Without a written hash the one of the first look counts from then on.
  if (sha256 !== (expected ?? before)?.sha256 && (expected ?? before) !== undefined) throw changed(folder, file);
  return { bytes, sha256, status };
}

function statusText({ dev, ino, mtimeNs, ctimeNs }: fs.BigIntStats): string {
  return [dev, ino, mtimeNs, ctimeNs].join(' ');
}

function changed(folder: string, file: string): RuntimeError {
  return new RuntimeError(
    'library',
    `${file} is not the file that was installed: it is damaged or was replaced, and is not loaded. Install the native engine again: "mtl runtime remove ${path.basename(folder)}", then "mtl runtime install".`,
    `${file} 与安装时不符（已损坏或被替换），不予加载。请重新安装原生引擎：先“mtl runtime remove ${path.basename(folder)}”，再“mtl runtime install”。`,
  );
}

function readMark(folder: string): ReadonlyMap<string, FileMark> {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(path.join(folder, markName), 'utf8'));
    const files = value !== null && typeof value === 'object' && 'files' in value ? value.files : null;
    return new Map(Object.entries(files ?? {}).filter((entry): entry is [string, FileMark] => isMark(entry[1])));
  } catch {
    return new Map();
  }
}

function isMark(value: unknown): value is FileMark {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, sha256, status } = value as Partial<Record<keyof FileMark, unknown>>;
  return typeof bytes === 'number' && typeof sha256 === 'string' && typeof status === 'string';
}

function writeMark(folder: string, files: ReadonlyMap<string, FileMark>): void {
  try {
    replaceFile(path.join(folder, markName), `${JSON.stringify({ v: 1, files: Object.fromEntries(files) })}\n`);
  } catch {
    // A folder of the system's that this user may not write: then every start hashes.
  }
}

/**
 * Sizes and hashes of everything below `deps` of a runtime that is being made, for its manifest; and no right of others
 * to change anything is left, whatever the umask of this process.
 *
 * @throws RuntimeError `cancelled`
 */
export async function sealFiles(
  folder: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, InstalledFile>>> {
  const files: [string, InstalledFile][] = [];
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const { mode, size } = fs.statSync(file);
    if ((mode & 0o022) !== 0) fs.chmodSync(file, mode & 0o7755);
    const name = slashed(path.relative(folder, file));
    if (entry.isFile() && name.startsWith('deps/'))
      files.push([name, { bytes: size, sha256: await sha256File(file, signal) }]);
  }
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What was hashed while it was installed need not be hashed at the first start. */
export function noteSealed(folder: string, files: Readonly<Record<string, InstalledFile>>): void {
  const marks = Object.entries(files).map(([name, file]): [string, FileMark] => {
    const status = statusText(fs.statSync(path.join(folder, name), { bigint: true }));
    return [name, { ...file, status }];
  });
  writeMark(folder, new Map(marks));
}
