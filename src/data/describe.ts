/** What the files of a spec look like, without their rows: for checking column names while somebody types. */
import * as nodePath from 'node:path';
import type { Fix, Problem, Range, Spec } from '../spec/index.ts';
import { text } from '../common/text.ts';
import { DataError } from './error.ts';
import { nearestFile } from './nearest-file.ts';
import { formatOf } from './formats/table.ts';
import { readHeader } from './read.ts';
import type { PathPolicy } from './paths.ts';
import { findRoot, resolveInside } from './paths.ts';
import type { Header } from './table.ts';
import { listNames } from './table.ts';

export interface Place extends PathPolicy {
  /** The spec's own file; paths in it are relative to its folder. */
  readonly specFile: string;
  /** Nothing outside it is opened; found by {@link findRoot} where not given. */
  readonly root?: string | undefined;
  /** Of each file its first 64 KiB and no more, as in Restricted Mode. */
  readonly glance?: boolean | undefined;
}

export interface ColumnFacts {
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface Description {
  /**
   * Undefined where no file could be read, and where a column that the spec names may stand in the part of a long JSONL file
   * that was not read: better no check than a false alarm.
   */
  readonly facts?: { readonly columns: ReadonlyMap<string, ColumnFacts> };
  /** The first source file's header, with what was found out about a CSV file. */
  readonly header?: Header;
  readonly problems: readonly Problem[];
}

/** The files of `data.source`, each with the JSON Pointer of where it is written. */
export function sourceFiles(
  spec: Spec,
): readonly { readonly path: string; readonly pointer: string; readonly part: 'train' | 'validation' | 'test' }[] {
  const { source } = spec.data;
  if (source === undefined) return [];
  return (['train', 'validation', 'test'] as const).flatMap((part) =>
    (source[part] ?? []).map((path, index) => ({ path, part, pointer: `/data/source/${part}/${index}` })),
  );
}

/** The path policy's arguments for the files of a spec. */
export function folderOf(place: Place): { readonly root: string; readonly base: string } {
  return { root: place.root ?? findRoot(place.specFile), base: nodePath.dirname(nodePath.resolve(place.specFile)) };
}

/**
 * Reads the first lines of each text file and the array headers of each NPZ. Nothing is thrown for bad files: what is wrong
 * comes back as problems of the spec.
 * @param locate where a pointer of the resolved spec stands in the text; without it problems carry the pointer alone
 */
export async function describeData(
  spec: Spec,
  place: Place,
  locate?: (pointer: string) => Range,
): Promise<Description> {
  const problems: Problem[] = [];
  const rangeOf = (pointer: string): Range => locate?.(pointer) ?? { start: 0, end: 0 };
  const { root, base } = folderOf(place);
  const report = async (error: unknown, pointer: string, path?: string): Promise<void> => {
    if (!(error instanceof DataError)) throw error;
    const range = rangeOf(pointer);
    const fixes = error.code === 'file-missing' && path !== undefined ? await otherFile(base, path, range) : [];
    problems.push({ code: error.code, message: error.text, severity: 'error', range, pointer, fixes });
  };
  const headers: Header[] = [];
  for (const { path, pointer } of sourceFiles(spec)) {
    try {
      const file = await resolveInside(root, base, path, place);
      headers.push(await readHeader(file, { format: spec.data.format, csv: spec.data.csv, glance: place.glance }));
      checkSame(headers);
      const cut = place.glance === true ? cutText(headers.at(-1)) : undefined;
      if (cut !== undefined)
        problems.push({ ...cut, severity: 'information', range: rangeOf(pointer), pointer, fixes: [] });
    } catch (error) {
      await report(error, pointer, path);
    }
  }
  if ('file' in spec.data.split)
    await checkSplit(spec.data.split.file, root, base, place, (error, path) => report(error, '/data/split/file', path));
  await checkModule(spec, { root, base }, place, (error) => report(error, '/strategy/module'));
  const [first] = headers;
  if (first === undefined) return { problems };
  const columns = new Map(first.columns.map(({ name, shape, dtype }) => [name, { shape, dtype }]));
  const certain = first.complete || namedColumns(spec).every((name) => columns.has(name));
  return { ...(certain ? { facts: { columns } } : {}), header: first, problems };
}

/** The file that was probably meant, in the place of the one that is not there: its edit has the range of the problem. */
async function otherFile(base: string, path: string, range: Range): Promise<readonly Fix[]> {
  const near = await nearestFile(base, path);
  if (near === undefined) return [];
  const written = JSON.stringify(near);
  const { start, end } = range;
  return [{ title: text(`Change to ${written}`, `改为 ${written}`), edits: [{ start, end, text: written }] }];
}

/** A glance that did not reach the end of the first line. A JSONL file whose lines are seen may hold more keys, and that is no news. */
function cutText(header: Header | undefined): Pick<Problem, 'code' | 'message'> | undefined {
  if (header === undefined || header.complete || (formatOf(header).grows === true && header.columns.length > 0))
    return undefined;
  return {
    code: 'header-cut',
    message: text(
      `The first line of ${header.file} goes on beyond 64 KB, and no more of a file is read in Restricted Mode: names of columns behind that are not checked.`,
      `${header.file} 的首行超过 64 KB，而受限模式下不再往后读取：其后的列名不作检查。`,
    ),
  };
}

/** Columns that the spec names outright, patterns left out. */
function namedColumns(spec: Spec): readonly string[] {
  const { inputs, split } = spec.data;
  const targets = [...spec.tasks.values()].flatMap((task) =>
    task.type === 'survival' ? [task.target.time, task.target.event] : task.target,
  );
  const extras = [...spec.tasks.values()].flatMap((task) => [task.sampleWeight, task.when?.column]);
  const parts = 'column' in split ? [split.column] : 'stratify' in split ? [split.stratify] : [];
  const all = [...[...inputs.values()].flatMap((input) => input.from), ...targets, ...extras, ...parts];
  return all.filter((selector) => typeof selector === 'string');
}

/** Appended files must have the same columns. */
function checkSame(headers: readonly Header[]): void {
  const [first] = headers;
  const last = headers.at(-1);
  if (first === undefined || last === undefined || first === last || !first.complete || !last.complete) return;
  const names = new Set(last.columns.map((column) => column.name));
  const absent = first.columns.filter((column) => !names.has(column.name)).map((column) => column.name);
  if (absent.length === 0) return;
  throw new DataError(
    'unknown-column',
    text(
      `${last.file} lacks the columns ${listNames(absent)} of ${first.file}. Appended files need the same columns.`,
      `${last.file} 缺少 ${first.file} 中的列 ${listNames(absent, 'zh')}。合并的文件应有相同的列。`,
    ),
    { file: last.file },
  );
}

/** A strategy of the user's own must be there, inside the root; it is not loaded. */
async function checkModule(
  { strategy }: Spec,
  { root, base }: { readonly root: string; readonly base: string },
  policy: PathPolicy,
  report: (error: unknown) => Promise<void>,
): Promise<void> {
  if (strategy.name !== 'module') return;
  try {
    const file = await resolveInside(root, base, strategy.module, policy);
    if (/\.m?js$/i.test(file.path)) return;
    throw new DataError(
      'not-a-module',
      text(
        `“${strategy.module}” is no JavaScript module. Name a file that ends with .mjs (or .js).`,
        `“${strategy.module}”不是 JavaScript 模块。请指定以 .mjs（或 .js）结尾的文件。`,
      ),
      { file: strategy.module },
    );
  } catch (error) {
    await report(error);
  }
}

async function checkSplit(
  path: string,
  root: string,
  base: string,
  place: Place,
  report: (error: unknown, path: string) => Promise<void>,
): Promise<void> {
  try {
    const file = await resolveInside(root, base, path, place);
    const header = await readHeader(file, { glance: place.glance });
    for (const name of place.glance === true && !header.complete ? [] : ['row', 'part']) {
      if (header.columns.some((column) => column.name === name)) continue;
      throw new DataError(
        'split',
        text(
          `${file.name} has no column “${name}”. A split file has the columns row (from 0) and part (train, val or test).`,
          `${file.name} 中没有列“${name}”。划分文件应有 row 列（从 0 起）与 part 列（train、val 或 test）。`,
        ),
        { file: file.name },
      );
    }
  } catch (error) {
    await report(error, path);
  }
}
