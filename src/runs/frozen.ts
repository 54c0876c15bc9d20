/**
 * What a run was asked to do, frozen when it was made: `spec.json` (the text as written, its SHA-256, the resolved long
 * form) and `run.json` (what it is called and where it comes from). Both are written once.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { RunError } from './error.ts';
import { parseFork, type ForkRecord } from './fork/record.ts';
import { readBytes, readText, replaceFile } from '../files/plain.ts';
import { isOrderedMap, member, orderedText, parseOrdered } from './json.ts';
import type { OrderedValue } from './json.ts';
import { formatVersion, runPaths } from './layout.ts';

/** Twice the largest spec, plus its long form. */
const frozenLimit = 32 * 1024 * 1024;

export interface FrozenSpec {
  /** As the person wrote it, comments and all. */
  readonly text: string;
  readonly sha256: string;
  /** `--set` arguments that were applied, in order. */
  readonly set: readonly string[];
  /** Every default filled in, `set` applied; objects are Maps in source order. */
  readonly resolved: ReadonlyMap<string, OrderedValue>;
}

export interface RunRecord {
  readonly v: 1;
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly format: number;
  /** The folder that the spec belongs to (a workspace, a repository), relative to the run directory, with `/`. */
  readonly root: string;
  /** The spec's file relative to that root, with `/`. */
  readonly spec: string;
  /** The experiment, arm and trial it belongs to. */
  readonly parent: { readonly experiment: string; readonly arm: string; readonly trial: string } | null;
  /** The run whose checkpoint it begins with; absent for none. */
  readonly fork?: ForkRecord;
  /** Code of the user's own that the spec names, as it was when the run was made; absent for none. */
  readonly modules?: readonly FrozenModule[];
}

export interface FrozenModule {
  /** As the spec writes it. */
  readonly path: string;
  readonly sha256: string;
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes `spec.json`. `resolved` may hold Maps or plain objects. */
export function writeFrozen(
  directory: string,
  frozen: { text: string; set: readonly string[]; resolved: unknown },
): void {
  const { text, set, resolved } = frozen;
  const content = orderedText({ v: 1, sha256: sha256(text), set, text, resolved });
  replaceFile(runPaths(directory).spec, `${content}\n`, { sync: true });
}

/**
 * Reads and checks `spec.json`.
 *
 * @throws RunError `not-a-run` when it is missing, `damaged` when it is not what was frozen
 */
export function readFrozen(directory: string): FrozenSpec {
  const content = readText(runPaths(directory).spec, frozenLimit);
  if (content === null) throw notARun(directory, 'spec.json');
  let value: OrderedValue;
  try {
    value = parseOrdered(content, 128);
  } catch {
    throw damaged('spec.json');
  }
  if (!isOrderedMap(value) || value.get('v') !== 1) throw damaged('spec.json');
  const text = value.get('text');
  const set = value.get('set');
  const resolved = value.get('resolved');
  if (typeof text !== 'string' || !isOrderedMap(resolved) || value.get('sha256') !== sha256(text)) {
    throw damaged('spec.json');
  }
  const applied = Array.isArray(set) ? set.filter((item): item is string => typeof item === 'string') : [];
  return { text, sha256: sha256(text), set: applied, resolved };
}

/** JSON text of the resolved long form, in source order: what the trainer reads as its spec. */
export function resolvedText(frozen: FrozenSpec): string {
  return orderedText(frozen.resolved);
}

/** The weights frozen with a run, [task, weight] in source order. */
export function frozenWeights(frozen: FrozenSpec): readonly (readonly [string, number])[] {
  const weights = frozen.resolved.get('weights');
  if (!isOrderedMap(weights)) return [];
  return [...weights].filter((entry): entry is [string, number] => typeof entry[1] === 'number');
}

/** Name of the strategy frozen with a run; empty where there is none. */
export function frozenStrategy(frozen: FrozenSpec): string {
  const strategy = frozen.resolved.get('strategy');
  const name = isOrderedMap(strategy) ? strategy.get('name') : undefined;
  return typeof name === 'string' ? name : '';
}

export function writeRunRecord(directory: string, record: RunRecord): void {
  replaceFile(runPaths(directory).run, `${orderedText(record)}\n`, { sync: true });
}

/**
 * Reads and checks `run.json`.
 *
 * @throws RunError `not-a-run`, `damaged`, or `version` when a newer version made it
 */
export function readRunRecord(directory: string): RunRecord {
  const content = readText(runPaths(directory).run);
  if (content === null) throw notARun(directory, 'run.json');
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw damaged('run.json');
  }
  const format = member(value, 'format');
  if (typeof format !== 'number') throw damaged('run.json');
  if (format > formatVersion) {
    throw new RunError(
      'version',
      `This run was made by a newer version (directory format ${format}; this one knows ${formatVersion}). Update MTL Workbench to open it.`,
      `此运行由更新的版本创建（目录格式 ${format}，当前支持 ${formatVersion}）。请更新 MTL Workbench。`,
    );
  }
  const name = member(value, 'name');
  const root = member(value, 'root');
  const spec = member(value, 'spec');
  const created = member(value, 'created');
  if (typeof name !== 'string' || typeof created !== 'number') throw damaged('run.json');
  if (typeof root !== 'string' || typeof spec !== 'string') throw damaged('run.json');
  const written = member(value, 'fork');
  const fork = written === undefined ? undefined : parseFork(written);
  // A fork without its parent would begin anew and look like one that did not.
  if (fork === null) throw damaged('run.json');
  return {
    v: 1,
    id: path.basename(directory),
    name,
    created,
    format,
    root,
    spec,
    parent: parseParent(member(value, 'parent')),
    ...(fork === undefined ? {} : { fork }),
    ...parseModules(member(value, 'modules')),
  };
}

function parseModules(value: unknown): Pick<RunRecord, 'modules'> {
  if (!Array.isArray(value)) return {};
  const modules = value.flatMap((entry): FrozenModule[] => {
    const [path, hash] = [member(entry, 'path'), member(entry, 'sha256')];
    return typeof path === 'string' && typeof hash === 'string' ? [{ path, sha256: hash }] : [];
  });
  return modules.length === 0 ? {} : { modules };
}

/** No strategy is longer than this. */
export const moduleLimit = 4 * 1024 * 1024;

/**
 * The code that a spec names (`"strategy": {"module": …}`), hashed, so that a run goes on with the very same. Where it may
 * lie is judged when it is loaded; a file that cannot be read has no hash, and its run will say so.
 */
export function modulesOf(resolved: unknown, specFile: string): readonly FrozenModule[] {
  const written = own(own(resolved, 'strategy'), 'module');
  if (typeof written !== 'string') return [];
  const bytes = readBytes(path.resolve(path.dirname(specFile), written), moduleLimit);
  return bytes === null ? [] : [{ path: written, sha256: sha256(bytes) }];
}

/** A member of a Map or a plain object. */
const own = (value: unknown, key: string): unknown => (value instanceof Map ? value.get(key) : member(value, key));

/**
 * Absolute path of the spec's file: where it was when the run was made, seen from the run directory. A run that was moved
 * away from its project finds it below the root that it is given.
 */
export function specFileOf(directory: string, record: Pick<RunRecord, 'root' | 'spec'>, root?: string): string {
  const place = path.resolve(directory, record.root, record.spec);
  if (root === undefined || fs.existsSync(place)) return place;
  const below = path.resolve(root, record.spec);
  return fs.existsSync(below) ? below : place;
}

function parseParent(value: unknown): RunRecord['parent'] {
  const experiment = member(value, 'experiment');
  const arm = member(value, 'arm');
  const trial = member(value, 'trial');
  if (typeof experiment !== 'string' || typeof arm !== 'string' || typeof trial !== 'string') return null;
  return { experiment, arm, trial };
}

function notARun(directory: string, file: string): RunError {
  const name = path.basename(directory);
  return new RunError(
    'not-a-run',
    `"${name}" is not a run directory: it has no readable ${file}. Give the directory that "mtl train" printed.`,
    `“${name}”不是运行目录：缺少可读的 ${file}。请给出“mtl train”所输出的目录。`,
  );
}

function damaged(file: string): RunError {
  return new RunError(
    'damaged',
    `The run's ${file} is damaged: it is not what was written when the run was made. Restore it or start a new run.`,
    `此运行的 ${file} 已损坏，与创建时写入的内容不符。请恢复该文件或新建运行。`,
  );
}
