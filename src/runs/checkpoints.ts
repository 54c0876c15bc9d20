/**
 * Checkpoints on disk. `checkpoints/<step>/` is written beside, synced and renamed; `latest.json` comes last. A manifest
 * holds size and SHA-256 of every file, so that a damaged checkpoint is known before a number of it is used.
 */
import { text, type Text } from '../common/text.ts';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemCode } from '../common/told-error.ts';
import { RunError } from './error.ts';
import {
  besides,
  namesIn,
  readBytes,
  readJson,
  renameOver,
  replaceFile,
  sizeOf,
  syncFolder,
  writeNew,
} from '../files/plain.ts';
import { isFields } from '../common/checks.ts';
import { member, orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';
import { isTaken } from '../files/links.ts';
import { makeOwnFolder, modelFolders, refuseLink } from './links.ts';

const manifestName = 'manifest.json';
/** No single file of a checkpoint or model is larger. */
const fileLimit = 2 ** 31;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export interface CheckpointInfo {
  readonly step: number;
  /** Relative to the run directory, with `/`. */
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
}

export interface Checkpoint extends CheckpointInfo {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Newer checkpoints that were passed over because they are damaged: what and why. */
  readonly damaged: readonly Text[];
}

interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a checkpoint and makes it the latest; keeps the newest `keep` of them. Killed at any instant, the previous
 * one is still there and whole.
 *
 * @throws RunError `unwritable`, `link`
 */
export function writeCheckpoint(
  directory: string,
  step: number,
  files: ReadonlyMap<string, Uint8Array>,
  options: { readonly keep?: number } = {},
): CheckpointInfo {
  const { checkpoints, latest } = runPaths(directory);
  const info: CheckpointInfo = { step, path: `checkpoints/${step}`, bytes: totalBytes(files) };
  try {
    makeOwnFolder(checkpoints);
    const target = path.join(checkpoints, String(step));
    const temporary = writeFolder(target, withManifest(step, files));
    swapFolders(temporary, target, `${target}.old`);
    replaceFile(latest, orderedText({ v: 1, step, path: info.path }), { sync: true });
    fs.rmSync(`${target}.old`, { recursive: true, force: true });
    if (options.keep !== undefined) prune(checkpoints, step, Math.max(1, options.keep));
  } catch (error) {
    throw error instanceof RunError ? error : unwritable(directory, error);
  }
  return info;
}

/**
 * The newest whole checkpoint: the one of `latest.json`, else the highest step whose files are as its manifest says.
 *
 * @returns null when the run has none at all
 * @throws RunError `damaged` when there are some and none is whole
 */
export function readLatestCheckpoint(directory: string): Checkpoint | null {
  const { checkpoints, latest } = runPaths(directory);
  const damaged: Text[] = [];
  for (const name of candidates(checkpoints, member(readJson(latest), 'step'))) {
    const found = readFolder(path.join(checkpoints, name));
    if ('en' in found) damaged.push(text(`checkpoints/${name}: ${found.en}`, `checkpoints/${name}：${found.zh}`));
    else {
      const { step, files } = found;
      return { step, path: `checkpoints/${step}`, bytes: totalBytes(files), files, damaged };
    }
  }
  if (damaged.length === 0) return null;
  throw new RunError(
    'damaged',
    `No checkpoint of this run is whole (${damaged.map(({ en }) => en).join('; ')}). Start a new run; the history of this one can still be read.`,
    `此运行没有完整的检查点（${damaged.map(({ zh }) => zh).join('；')}）。请新建运行；其历史仍可查看。`,
  );
}

/** The checkpoints that a run keeps, by step; whether they are whole shows when one is read. */
export function listCheckpoints(directory: string): readonly Omit<CheckpointInfo, 'bytes'>[] {
  return namesIn(runPaths(directory).checkpoints)
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .map((step) => ({ step, path: `checkpoints/${step}` }));
}

/**
 * One checkpoint of a run.
 *
 * @throws RunError `damaged`
 */
export function readCheckpoint(directory: string, step: number): Omit<Checkpoint, 'damaged'> {
  return whole(path.join(runPaths(directory).checkpoints, String(step)), `checkpoints/${step}`);
}

/** Writes the checkpoint that a fork begins with; no other ever takes its place. */
export function writeForkCheckpoint(directory: string, step: number, files: ReadonlyMap<string, Uint8Array>): void {
  const { fork } = runPaths(directory);
  renameOver(writeFolder(fork, withManifest(step, files)), fork);
}

/**
 * The checkpoint that a fork begins with.
 *
 * @throws RunError `damaged`
 */
export function readForkCheckpoint(directory: string): Omit<Checkpoint, 'damaged'> {
  return whole(runPaths(directory).fork, 'fork');
}

function whole(folder: string, name: string): Omit<Checkpoint, 'damaged'> {
  const found = readFolder(folder);
  if (!('en' in found)) return { step: found.step, path: name, bytes: totalBytes(found.files), files: found.files };
  throw new RunError(
    'damaged',
    `The checkpoint ${name} is not whole: ${found.en}. Take another one, or start a new run.`,
    `检查点 ${name} 不完整：${found.zh}。请选择其他检查点，或新建运行。`,
  );
}

/** Temporary files of other processes (a lock being taken, a request) are left alone for so long, in milliseconds. */
const foreignAge = 3600_000;

/**
 * Removes what a killed process left half-written. Only the lock's holder may call it, before it writes itself.
 *
 * @throws RunError `link`
 */
export function cleanUp(directory: string): void {
  const { checkpoints } = runPaths(directory);
  refuseLink(checkpoints);
  for (const folder of [checkpoints, directory]) {
    for (const name of namesIn(folder)) {
      const ours = folder === checkpoints || name.startsWith('.model.');
      const file = path.join(folder, name);
      if (/^\..+\.tmp$/.test(name) && (ours || ageOf(file) > foreignAge))
        fs.rmSync(file, { recursive: true, force: true });
    }
  }
  recoverModel(directory);
}

function ageOf(file: string): number {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  return status ? Date.now() - status.mtimeMs : 0;
}

/**
 * Replaces `model/` as a whole. Two renames cannot be one, so that in between the new model, complete and synced, stands
 * as `model.next`: `modelFolder` finds it, and the next writer finishes the move.
 *
 * @throws RunError `unwritable`, `link`
 */
export function writeModel(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  const { model } = runPaths(directory);
  try {
    recoverModel(directory);
    renameOver(writeFolder(model, files), `${model}.next`);
    recoverModel(directory, true);
  } catch (error) {
    throw error instanceof RunError ? error : unwritable(directory, error);
  }
}

/** Finishes an interrupted replacement: a complete `model.next` becomes `model`. */
function recoverModel(directory: string, sync = false): void {
  const [model, next, old] = modelFolders(runPaths(directory).model);
  for (const folder of [model, next, old]) refuseLink(folder);
  if (isTaken(next)) swapFolders(next, model, old);
  if (sync) syncFolder(directory);
  fs.rmSync(old, { recursive: true, force: true });
}

/** The folder to read the model from; null when the run has none yet. */
export function modelFolder(directory: string): string | null {
  for (const folder of modelFolders(runPaths(directory).model)) {
    if (fs.existsSync(path.join(folder, 'model.json'))) return folder;
  }
  return null;
}

function withManifest(step: number, files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const manifest = { v: 1, step, files: [...files].map(([name, bytes]) => describe(name, bytes)) };
  return new Map([...files, [manifestName, Buffer.from(orderedText(manifest))]]);
}

function totalBytes(files: ReadonlyMap<string, Uint8Array>): number {
  return [...files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
}

function describe(name: string, bytes: Uint8Array): ManifestFile {
  if (!namePattern.test(name) || name === manifestName)
    throw new RangeError(`"${name}" is no file name for a checkpoint.`);
  return { name, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Writes a complete, synced folder beside `target` and returns its temporary name. */
function writeFolder(target: string, files: ReadonlyMap<string, Uint8Array>): string {
  const temporary = besides(target);
  fs.mkdirSync(temporary);
  try {
    for (const [name, bytes] of files) writeNew(path.join(temporary, name), bytes, true);
    syncFolder(temporary);
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  return temporary;
}

/** `from` becomes `target`; what was there is `old` for as long as the caller wants it. */
function swapFolders(from: string, target: string, old: string): void {
  if (isTaken(target)) {
    fs.rmSync(old, { recursive: true, force: true });
    renameOver(target, old);
  }
  renameOver(from, target);
  syncFolder(path.dirname(target));
}

/** Folder names in the order in which they are tried. */
function candidates(folder: string, latest: unknown): readonly string[] {
  const steps = namesIn(folder)
    .filter((name) => /^\d{1,15}(\.old)?$/.test(name))
    .map((name) => ({ name, step: Number.parseInt(name, 10), old: name.endsWith('.old') }));
  // What `latest.json` names was written last, even if it has a smaller step; then the newest, a replaced one last.
  const rank = (step: number): number => (step === latest ? Infinity : step);
  return steps
    .sort((a, b) => (rank(b.step) === rank(a.step) ? 0 : rank(b.step) - rank(a.step)) || Number(a.old) - Number(b.old))
    .map(({ name }) => name);
}

/** The files of a folder as its manifest lists them, or what is wrong with it. */
function readFolder(folder: string): { step: number; files: Map<string, Uint8Array> } | Text {
  const manifest = readJson(path.join(folder, manifestName), 1024 * 1024);
  const step = member(manifest, 'step');
  const listed = member(manifest, 'files');
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0 || !Array.isArray(listed)) {
    return text('its manifest is missing or damaged', '清单缺失或已损坏');
  }
  const files = new Map<string, Uint8Array>();
  for (const entry of listed as readonly unknown[]) {
    if (!isFields(entry)) return text('its manifest is damaged', '清单已损坏');
    const { name, bytes, sha256 } = entry;
    if (typeof name !== 'string' || !namePattern.test(name))
      return text('its manifest names no proper file', '清单中的文件名无效');
    const size = sizeOf(path.join(folder, name));
    if (size !== null && size !== bytes) {
      const wanted = String(bytes);
      return text(`${name} has ${size} bytes instead of ${wanted}`, `${name} 有 ${size} 字节，应为 ${wanted} 字节`);
    }
    const content = readBytes(path.join(folder, name), fileLimit);
    if (content === null) return text(`${name} is missing`, `缺少 ${name}`);
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      return text(`${name} has changed`, `${name} 已改变`);
    files.set(name, content);
  }
  return { step, files };
}

function prune(folder: string, latest: number, keep: number): void {
  const steps = namesIn(folder)
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number)
    .filter((step) => step !== latest)
    .sort((a, b) => b - a);
  // Higher steps than the one just written are of a superseded attempt.
  const superseded = steps.filter((step) => step > latest);
  const older = steps.filter((step) => step < latest).slice(keep - 1);
  for (const step of [...superseded, ...older]) {
    try {
      fs.rmSync(path.join(folder, String(step)), { recursive: true, force: true });
    } catch (error) {
      // A scanner may hold a file; the next checkpoint tries again.
      if (!['EBUSY', 'EPERM', 'ENOTEMPTY'].includes(systemCode(error))) throw error;
    }
  }
}
