/** Reading the files of a spec into one table, and saying which of its rows trains, validates or tests. */
import type { Phase } from '../common/phase.ts';
import { text } from '../common/text.ts';
import type { Place } from '../data/describe.ts';
import { folderOf, sourceFiles } from '../data/describe.ts';
import { DataError } from '../data/error.ts';
import { readHeader, readTable } from '../data/read.ts';
import type { ReadOptions } from '../data/options.ts';
import type { SourceFile } from '../data/paths.ts';
import { resolveInside } from '../data/paths.ts';
import type { Column, CsvReport, Header, Table } from '../data/table.ts';
import { appendTables, noSource } from '../data/table.ts';
import type { DataFacts } from '../plan/plan.ts';
import type { Spec } from '../spec/index.ts';
import type { Settings } from './settings.ts';
import { settingsOf } from './settings.ts';
import { targetRow } from './targets/table.ts';
import type { Assignment, Part } from './split.ts';
import { partsOf, splitByFile, splitByFractions } from './split.ts';
import type { Cells, Notes } from './contract.ts';
import { cellsOf, rowsText } from './contract.ts';

export type Progress = (phase: Phase, done: number, total: number) => void;

/** The files of a spec, found and looked at, before their rows are read. */
export interface SourceFiles {
  readonly files: readonly { readonly file: SourceFile; readonly part: Part }[];
  readonly options: ReadOptions;
  /** Of the first file. */
  readonly header: Header;
  /** Undefined where the header of a long JSONL file may not know all keys: then columns are resolved when the rows are there. */
  readonly settings: Settings | undefined;
}

/** The rows of a spec. */
export interface Source {
  readonly cells: Cells;
  readonly settings: Settings;
  /** All columns of the source, also those that were not read. */
  readonly columns: DataFacts['columns'];
  /** The split that a row's file fixes, where `data.source` names one file per split. */
  readonly filePart: readonly Part[] | undefined;
  readonly csv: CsvReport | undefined;
}

/**
 * Finds the files and reads the header of the first.
 * @throws DataError for files that cannot be opened and columns that are not there
 */
export async function openSource(spec: Spec, place: Place): Promise<SourceFiles> {
  if (spec.data.sources !== undefined || spec.data.source === undefined) {
    throw new DataError(
      'not-available',
      text(
        'Several tables (data.sources) are not available in this version. Use data.source.',
        '此版本尚不支持多个表（data.sources）。请使用 data.source。',
      ),
    );
  }
  const { root, base } = folderOf(place);
  const files: { readonly file: SourceFile; readonly part: Part }[] = [];
  for (const { path, part } of sourceFiles(spec))
    files.push({ file: await resolveInside(root, base, path, place), part });
  const [first] = files;
  if (first === undefined) throw noSource();
  const options = { format: spec.data.format, csv: spec.data.csv };
  const header = await readHeader(first.file, options);
  const names = header.columns.map((column) => column.name);
  const settings = header.complete ? settingsOf(spec, names, header.file) : undefined;
  return { files, options, header, settings };
}

/**
 * Reads the columns that the spec uses into memory.
 * @throws DataError for files that cannot be read and columns that are not there
 */
export async function readSource(spec: Spec, source: SourceFiles, progress: Progress): Promise<Source> {
  const { files, options, header } = source;
  const tables: Table[] = [];
  for (const [index, { file }] of files.entries()) {
    progress('read', index, files.length);
    tables.push(await readTable(file, { ...options, columns: source.settings?.columns }));
  }
  progress('read', files.length, files.length);
  const table = appendTables(tables);
  const settings = source.settings ?? settingsOf(spec, [...table.columns.keys()], table.file);
  const columns = header.complete
    ? headerColumns(header)
    : new Map([...table.columns].map(([name, column]) => [name, factsOf(column)]));
  const filePart = filePartsOf(
    files,
    tables.map(({ rows }) => rows),
  );
  const cells = cellsOf(table, { missingTokens: spec.data.missingTokens });
  return { cells, settings, columns, filePart, csv: table.csv };
}

export function headerColumns({ columns }: Header): DataFacts['columns'] {
  return new Map(columns.map(({ name, shape, dtype }) => [name, { shape, dtype }]));
}

/** The part that each row's file fixes; undefined where all rows are to be split. */
export function filePartsOf(files: SourceFiles['files'], rows: readonly number[]): readonly Part[] | undefined {
  if (files.every(({ part }) => part === 'train')) return undefined;
  return files.flatMap(({ part }, index) => new Array<Part>(rows[index] ?? 0).fill(part));
}

export function factsOf(column: Column): { readonly shape: readonly number[]; readonly dtype: string } {
  return column.kind === 'text' ? { shape: [], dtype: 'text' } : { shape: column.shape, dtype: column.dtype };
}

/**
 * The part of every source row, before any row is dropped.
 * @throws DataError `split`, `no-rows`, and what reading a split file throws
 */
export async function assignRows(spec: Spec, place: Place, source: Source, notes: Notes): Promise<Assignment> {
  const { filePart, cells } = source;
  const { table } = cells;
  const assignment = filePart ?? (await assignBySplit(spec, place, source));
  const without = assignment.filter((part) => part === undefined).length;
  if (without > 0)
    notes.warn(
      'rows-without-split',
      text(
        `${rowsText(without)} of ${table.rows} ${without === 1 ? 'is' : 'are'} in no split and not used.`,
        `${table.rows} 行中有 ${without} 行不属于任何划分，不会使用。`,
      ),
      { pointer: '/data/split' },
    );
  if (!assignment.includes('train'))
    throw new DataError(
      'no-rows',
      text(
        `The training split of ${table.file} is empty. Check data.split.`,
        `${table.file} 的训练集为空。请检查 data.split。`,
      ),
      {
        file: table.file,
      },
    );
  for (const part of ['validation', 'test'] as const) {
    if (!assignment.includes(part))
      notes.warn(
        `no-${part}`,
        part === 'validation'
          ? text(
              'The validation split is empty: no best epoch can be chosen, the last one is reported.',
              '验证集为空：无法选出最佳轮次，报告最后一轮。',
            )
          : text('The test split is empty.', '测试集为空。'),
        { pointer: '/data/split' },
      );
  }
  return assignment;
}

async function assignBySplit(spec: Spec, place: Place, { cells, settings }: Source): Promise<Assignment> {
  const { table } = cells;
  const { split } = spec.data;
  if ('file' in split) {
    const { root, base } = folderOf(place);
    return splitByFile(await readTable(await resolveInside(root, base, split.file, place)), table.rows);
  }
  if ('column' in split) return partsOf(table, split.column, cells.plainLabels(split.column));
  if ('folds' in split)
    throw new DataError(
      'not-available',
      text(
        'Cross-validation (data.split.folds) is not available in this version.',
        '此版本尚不支持交叉验证（data.split.folds）。',
      ),
    );
  if (split.group !== undefined || split.time !== undefined) {
    throw new DataError(
      'not-available',
      text(
        'data.split.group and data.split.time are not available in this version.',
        '此版本尚不支持 data.split.group 与 data.split.time。',
      ),
    );
  }
  const sum = split.train + split.validation + split.test;
  if (Math.abs(sum - 1) > 1e-6) {
    throw new DataError(
      'split',
      text(
        `The shares of data.split add up to ${Number(sum.toFixed(6))}, not 1. Correct train, validation or test.`,
        `data.split 的各份之和为 ${Number(sum.toFixed(6))}，应为 1。请修改 train、validation 或 test。`,
      ),
    );
  }
  return splitByFractions(table.rows, split, split.seed, strataOf(spec, cells, settings));
}

/** Labels to spread evenly: of the named column, or of the first task that has one class a row. */
function strataOf(spec: Spec, cells: Cells, settings: Settings): readonly (string | null)[] | undefined {
  const { split } = spec.data;
  if (!('stratify' in split) || split.stratify === false) return undefined;
  if (typeof split.stratify === 'string') return cells.labels(split.stratify);
  const first = settings.tasks.find(({ target }) => {
    const row = targetRow(target);
    return row.reads === 'labels' && row.classes !== undefined;
  });
  const column = first?.target.columns[0];
  return column === undefined ? undefined : cells.labels(column);
}
