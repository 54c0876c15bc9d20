/** Reads files once and puts the columns that are needed on disk: numbers as doubles, labels as positions in a list, pictures as they are. */
import { text } from '../../common/text.ts';
import { CellReport } from '../../data/cell-report.ts';
import { DataError } from '../../data/error.ts';
import { streamTable } from '../../data/read.ts';
import { defaultLimits } from '../../data/limits.ts';
import type { ReadOptions } from '../../data/options.ts';
import type { SourceFile } from '../../data/paths.ts';
import type { Column, CsvReport, Table, TableFacts } from '../../data/table.ts';
import { differentDecimals, listNames } from '../../data/table.ts';
import type { CellRules } from '../../data/values.ts';
import { labelNames, numbersOf, writtenLabels } from '../../data/values.ts';
import type { ColumnFile, ColumnWriter, PictureFile, PictureWriter } from './columns.ts';
import { columnWriter, pictureWriter } from './columns.ts';
import type { Scratch } from './scratch.ts';

/** What the inputs and tasks ask of each column. */
export interface Demand {
  readonly numbers: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
  /** Labels by the missing tokens that hold without a spec. */
  readonly plainLabels: ReadonlySet<string>;
  readonly pictures: ReadonlySet<string>;
}

export interface LabelFile {
  readonly ids: ColumnFile<Int32Array>;
  /** The labels in the order of their first appearance, spellings of one label by one name; −1 stands for none. */
  readonly labels: readonly string[];
}

export interface Columns {
  readonly facts: TableFacts;
  readonly report: CellReport;
  /** Rows of each file. */
  readonly rows: readonly number[];
  readonly csv: CsvReport | undefined;
  /** Every column read, as it is in the first file. */
  readonly heads: ReadonlyMap<string, { readonly shape: readonly number[]; readonly dtype: string }>;
  readonly numbers: ReadonlyMap<string, ColumnFile<Float64Array>>;
  readonly labels: ReadonlyMap<string, LabelFile>;
  readonly plainLabels: ReadonlyMap<string, LabelFile>;
  /** Null for a column of text. */
  readonly pictures: ReadonlyMap<string, PictureFile | null>;
}

/**
 * @param progress bytes of files read, of all; about
 * @throws DataError for files and cells that cannot be read
 */
export async function ingest(
  files: readonly SourceFile[],
  options: ReadOptions,
  demand: Demand,
  { missingTokens }: CellRules,
  scratch: Scratch,
  progress: (done: number, total: number) => void,
): Promise<Columns> {
  const report = new CellReport();
  const wanted = new Set([...demand.numbers, ...demand.labels, ...demand.plainLabels, ...demand.pictures]);
  const sink = createSink(demand, { missingTokens, report }, scratch);
  const rows: number[] = [];
  let csv: CsvReport | undefined;
  let lineOf: TableFacts['lineOf'] = () => undefined;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    let parts = 0;
    const before = rows.reduce((a, b) => a + b, 0);
    const found = await streamTable(file, { ...options, columns: wanted }, (table) => {
      sink.take(table, before);
      progress(done + Math.min(file.bytes, ++parts * defaultLimits.partBytes), total);
    });
    done += file.bytes;
    sink.checkFile(file, wanted, rows.length);
    csv ??= found.csv;
    if (csv !== undefined && found.csv !== undefined && found.csv.decimal !== csv.decimal)
      throw differentDecimals(files.map(({ name }) => name));
    lineOf = (row) => found.lineOf(row);
    rows.push(found.rows);
  }
  progress(total, total);
  refuseTooMany(files, rows);
  const facts: TableFacts = {
    file: files.map(({ name }) => name).join(' + '),
    rows: rows.reduce((a, b) => a + b, 0),
    lineOf: files.length === 1 ? lineOf : () => undefined,
  };
  return { facts, report, rows, csv, ...sink.finish() };
}

/** Of every row some bytes stay in memory: its part, its labels, its place in the order. */
const mostRows = 500_000_000;

function refuseTooMany(files: readonly SourceFile[], rows: readonly number[]): void {
  const total = rows.reduce((a, b) => a + b, 0);
  if (total <= mostRows) return;
  throw new DataError(
    'too-large',
    text(
      `There are ${total} rows; ${mostRows} are the most. Use fewer of them.`,
      `共有 ${total} 行，最多 ${mostRows} 行。请减少行数。`,
    ),
    {
      file: files[0]?.name,
    },
  );
}

interface Sink {
  /** @param before rows of the files before this one */
  take(table: Table, before: number): void;
  checkFile(file: SourceFile, wanted: ReadonlySet<string>, index: number): void;
  finish(): Omit<Columns, 'facts' | 'report' | 'rows' | 'csv'>;
}

interface LabelWriter {
  readonly ids: ColumnWriter<Int32Array>;
  readonly known: Map<string, number>;
  /** Rows of each label. */
  readonly counts: number[];
}

function createSink(demand: Demand, rules: CellRules, scratch: Scratch): Sink {
  const heads = new Map<string, { readonly shape: readonly number[]; readonly dtype: string }>();
  const inFile = new Set<string>();
  const numbers = new Map<string, ColumnWriter<Float64Array>>();
  const labels = new Map<string, LabelWriter>();
  const plain = new Map<string, LabelWriter>();
  const pictures = new Map<string, PictureWriter | null>();
  const columns = demand.numbers.size + demand.labels.size + demand.plainLabels.size;

  const takeColumn = (table: Table, name: string, column: Column): void => {
    checkKind(heads, table, name, column);
    if (demand.numbers.has(name)) {
      const { values, shape } = numbersOf(table, name, rules);
      const writer = (): ColumnWriter<Float64Array> =>
        columnWriter(scratch, shape, (n) => new Float64Array(n), columns);
      reach(numbers, name, writer).append(values, table.rows);
    }
    if (demand.labels.has(name)) takeLabels(labels, name, writtenLabels(table, name, rules));
    if (demand.plainLabels.has(name)) takeLabels(plain, name, writtenLabels(table, name));
    if (!demand.pictures.has(name)) return;
    if (column.kind === 'text') pictures.set(name, null);
    else reach(pictures, name, () => pictureWriter(scratch, column.shape))?.append(column.values);
  };
  const takeLabels = (writers: Map<string, LabelWriter>, name: string, found: readonly (string | null)[]): void => {
    const { ids, known, counts } = reach(writers, name, () => ({
      ids: columnWriter(scratch, [], (n) => new Int32Array(n), columns),
      known: new Map<string, number>(),
      counts: [],
    }));
    const block = Int32Array.from(found, (label) => {
      if (label === null) return -1;
      const id = reach(known, label, () => known.size);
      counts[id] = (counts[id] ?? 0) + 1;
      return id;
    });
    ids.append(block, block.length);
  };
  const finishLabels = (writers: Map<string, LabelWriter>, rulesOf: CellRules): Map<string, LabelFile> =>
    new Map(
      [...writers].map(([name, { ids, known, counts }]): [string, LabelFile] => {
        const spellings = new Map([...known.keys()].map((label, id) => [label, counts[id] ?? 0]));
        const names = labelNames(name, spellings, rulesOf);
        return [name, { ids: ids.finish(), labels: [...known.keys()].map((label) => names.get(label) ?? label) }];
      }),
    );
  return {
    take: (table, before) => {
      // Messages name the row of all files together, as they do for data in memory.
      const shifted = before === 0 ? table : { ...table, firstRow: (table.firstRow ?? 0) + before };
      for (const [name, column] of table.columns) {
        inFile.add(name);
        takeColumn(shifted, name, column);
      }
    },
    checkFile: (file, wanted, index) => {
      const absent = [...wanted].filter((name) => !inFile.has(name));
      inFile.clear();
      if (absent.length === 0) return;
      const advice =
        index > 0 ? text(' Appended files need the same columns.', '合并的文件应有相同的列。') : text('', '');
      throw new DataError(
        'unknown-column',
        text(
          `${file.name} has no column ${listNames(absent)}.${advice.en}`,
          `${file.name} 中没有列 ${listNames(absent, 'zh')}。${advice.zh}`,
        ),
        { file: file.name, column: absent[0] },
      );
    },
    finish: () => ({
      heads,
      numbers: new Map([...numbers].map(([name, writer]) => [name, writer.finish()])),
      labels: finishLabels(labels, rules),
      plainLabels: finishLabels(plain, {}),
      pictures: new Map([...pictures].map(([name, writer]) => [name, writer?.finish() ?? null])),
    }),
  };
}

/** A column is text in all files or numbers of one shape in all; in memory a mixture would become text, which needs all rows. */
function checkKind(
  heads: Map<string, { readonly shape: readonly number[]; readonly dtype: string }>,
  table: Table,
  name: string,
  column: Column,
): void {
  const head = column.kind === 'text' ? { shape: [], dtype: 'text' } : { shape: column.shape, dtype: column.dtype };
  const known = heads.get(name);
  if (known === undefined) {
    heads.set(name, head);
    return;
  }
  const sameKind = (known.dtype === 'text') === (head.dtype === 'text');
  if (sameKind && known.shape.join() === head.shape.join()) return;
  throw new DataError(
    'shape',
    sameKind
      ? text(
          `The column “${name}” has rows of shape [${head.shape.join(', ')}] in ${table.file} and [${known.shape.join(', ')}] before. Appended files need equal shapes.`,
          `列“${name}”在 ${table.file} 中每行的形状为 [${head.shape.join(', ')}]，在之前的文件中为 [${known.shape.join(', ')}]。合并的文件应有相同的形状。`,
        )
      : text(
          `The column “${name}” holds numbers in one file and text in another (${table.file}). Write it in one way, or allow more memory (--memory).`,
          `列“${name}”在一个文件中为数值，在另一个文件（${table.file}）中为文本。请统一写法，或允许使用更多内存（--memory）。`,
        ),
    { file: table.file, column: name },
  );
}

function reach<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = make();
  known.set(key, value);
  return value;
}
