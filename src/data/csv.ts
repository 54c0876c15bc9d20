/** CSV and TSV files as columns of text. */
import { text } from '../common/text.ts';
import { cellAt, scan } from './csv-scan.ts';
import { beginCsv, withSeparator, type CsvBeginning, type FoundEncoding } from './csv-start.ts';
import { DataError } from './error.ts';
import type { CsvOptions, ReadOptions } from './options.ts';
import type { Limits } from './limits.ts';
import type { SourceFile } from './paths.ts';
import type { CsvReport, Table, TextColumn } from './table.ts';
import { readText } from './text.ts';

/** @throws DataError `encoding`, `too-large`, `empty`, `csv-quote`, `ragged-row`, `duplicate-column`, `unreadable` */
export async function readCsv(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  separator?: string,
): Promise<Table> {
  const csv = withSeparator(options.csv, separator);
  const decoded = await readText(file, limits, { encoding: csv.encoding });
  return parseCsv(decoded.text, file.name, csv, limits, { encoding: decoded.encoding, detected: decoded.detected });
}

/** A CSV text as a table; exported for tests and for text that comes from elsewhere than a file. */
export function parseCsv(
  text: string,
  file: string,
  csv: CsvOptions,
  limits: Limits,
  encoding: FoundEncoding = { encoding: 'utf-8', detected: false },
): Table {
  const beginning = beginCsv(text, file, csv, limits, encoding, true);
  if (beginning === undefined) throw new RangeError('A whole text has a beginning.');
  return parsePart(text, file, beginning, limits, csvStart(beginning.report), false).table;
}

/** What stands between two parts of one file. */
export interface CsvState {
  headerPending: boolean;
  /** Empty lines since the last record. */
  blankLines: number;
  /** Rows before this part. */
  rows: number;
  /** Line on which this part begins. */
  line: number;
}

export function csvStart(report: CsvReport): CsvState {
  return { headerPending: report.header, blankLines: 0, rows: 0, line: 1 };
}

interface Records {
  readonly marks: Int32Array;
  readonly lines: Int32Array;
  /** Where the part of the text begins that has not been read, since its record goes on. */
  readonly rest: number;
}

/** Beginning and end of every cell (see {@link cellAt}), row by row, and the line of each row; moves the state on. */
function recordsOf(
  text: string,
  file: string,
  report: CsvReport,
  width: number,
  limits: Limits,
  state: CsvState,
  goesOn: boolean,
): Records {
  const scanner = scan(text, report, limits, file, { firstLine: state.line, goesOn });
  const marks = growing();
  const lines = growing();
  for (let count = scanner.next(); count > 0; count = scanner.next()) {
    if (scanner.blank()) {
      // In a file of one column an empty line between others is an empty cell; elsewhere, and at the end, it is nothing.
      state.blankLines++;
      continue;
    }
    if (state.headerPending) {
      state.headerPending = false;
      state.blankLines = 0;
      continue;
    }
    for (; width === 1 && state.blankLines > 0; state.blankLines--) {
      marks.push(0);
      marks.push(0);
      lines.push(scanner.line() - state.blankLines);
    }
    state.blankLines = 0;
    if (count !== width) throw ragged(file, scanner.line(), state.rows + lines.length(), count, width, report);
    for (let cell = 0; cell < width; cell++) {
      marks.push(scanner.starts[cell] ?? 0);
      marks.push(scanner.ends[cell] ?? 0);
    }
    lines.push(scanner.line());
  }
  state.rows += lines.length();
  state.line = scanner.nextLine();
  return { marks: marks.values(), lines: lines.values(), rest: scanner.position() };
}

/**
 * The rows of one part of a file, in the order of the parts.
 *
 * @param names as {@link beginCsv} found them
 * @param state of the parts before; moved on
 * @param goesOn false for the last part
 * @returns the table and where in `text` the next part must begin
 */
export function parsePart(
  text: string,
  file: string,
  { report, names }: CsvBeginning,
  limits: Limits,
  state: CsvState,
  goesOn: boolean,
): { readonly table: Table; readonly rest: number } {
  const firstRow = state.rows;
  const { marks, lines, rest } = recordsOf(text, file, report, names.length, limits, state, goesOn);
  const rows = lines.length;
  const columns = new Map(
    names.map((name, index) => [name, columnAt(text, marks, names.length, index, rows, report.quote)]),
  );
  return { table: { file, format: 'csv', rows, columns, csv: report, lineOf: (row) => lines[row], firstRow }, rest };
}

interface Growing {
  push(value: number): void;
  length(): number;
  values(): Int32Array;
}

/** A list of 32-bit integers that doubles when it is full. */
function growing(): Growing {
  let data = new Int32Array(1024);
  let used = 0;
  const push = (value: number): void => {
    if (used === data.length) {
      const larger = new Int32Array(2 * used);
      larger.set(data);
      data = larger;
    }
    data[used++] = value;
  };
  return { push, length: () => used, values: () => data.subarray(0, used) };
}

/** A column whose strings are made when somebody reads them: a table may have many columns that no spec names. */
function columnAt(
  text: string,
  marks: Int32Array,
  width: number,
  index: number,
  rows: number,
  quote: string,
): TextColumn {
  const at = (row: number): string => {
    const from = 2 * (row * width + index);
    return cellAt(text, marks[from] ?? 0, marks[from + 1] ?? 0, quote);
  };
  let cells: readonly string[] | undefined;
  return {
    kind: 'text',
    at,
    get cells() {
      cells ??= Array.from({ length: rows }, (_, row) => at(row));
      return cells;
    },
  };
}

function ragged(file: string, line: number, row: number, cells: number, wanted: number, report: CsvReport): DataError {
  const tab = report.separator === '\t';
  const found = report.detected.includes('separator');
  const how = found ? ' (found by looking; data.csv.separator sets it)' : '';
  const howZh = found ? '（自动检测，可用 data.csv.separator 设置）' : '';
  return new DataError(
    'ragged-row',
    text(
      `${file}, line ${line}: ${cells} cell${cells === 1 ? '' : 's'} where the first line has ${wanted}. The separator is ${tab ? 'a tab' : `“${report.separator}”`}${how}; a cell that holds it must stand in quotes.`,
      `${file}，第 ${line} 行：有 ${cells} 个单元格，而首行有 ${wanted} 个。分隔符为${tab ? '制表符' : `“${report.separator}”`}${howZh}；含有分隔符的单元格应加引号。`,
    ),
    { file, row },
  );
}
