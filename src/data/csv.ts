/** CSV and TSV files as columns of text. */
import { detectDecimal, detectHeader, detectSeparator, sampleOf } from './csv-detect.ts';
import { scan } from './csv-scan.ts';
import { DataError } from './error.ts';
import type { ReadOptions } from './formats.ts';
import type { Limits } from './limits.ts';
import type { SourceFile } from './paths.ts';
import type { Column, CsvReport, Header, Table } from './table.ts';
import { readText } from './text.ts';

/** `data.csv` of a spec; what is not given is found by looking. */
export interface CsvOptions {
  readonly separator?: string;
  readonly decimal?: '.' | ',';
  readonly encoding?: string;
  readonly quote?: string;
  readonly header?: boolean;
}

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

/** The column names, from the first 64 KiB. */
export async function readCsvHeader(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  separator?: string,
): Promise<Header> {
  const csv = withSeparator(options.csv, separator);
  const decoded = await readText(file, limits, { encoding: csv.encoding, headOnly: true });
  const { report, records } = understand(decoded.text, file.name, csv, limits, decoded, decoded.complete);
  const names = namesOf(records[0] ?? [], report.header, file.name);
  return {
    file: file.name,
    format: 'csv',
    columns: names.map((name) => ({ name, shape: [], dtype: 'text' })),
    complete: true,
    csv: report,
  };
}

function withSeparator(csv: CsvOptions | undefined, separator: string | undefined): CsvOptions {
  return separator === undefined ? { ...csv } : { separator, ...csv };
}

/** A CSV text as a table; exported for tests and for text that comes from elsewhere than a file. */
export function parseCsv(
  text: string,
  file: string,
  csv: CsvOptions,
  limits: Limits,
  encoding: { readonly encoding: string; readonly detected: boolean } = { encoding: 'utf-8', detected: false },
): Table {
  const head = text.length > limits.headerBytes ? text.slice(0, limits.headerBytes) : text;
  const { report, records } = understand(head, file, csv, limits, encoding, head.length === text.length);
  const names = namesOf(records[0] ?? [], report.header, file);
  const scanner = scan(text, report, limits, file);
  const columns: string[][] = names.map(() => []);
  const lines: number[] = [];
  let headerPending = report.header;
  let blankLines = 0;
  const cells: string[] = [];
  while (scanner.next(cells)) {
    if (scanner.blank()) {
      // In a file of one column an empty line between others is an empty cell; elsewhere, and at the end, it is nothing.
      blankLines++;
      continue;
    }
    if (headerPending) {
      headerPending = false;
      blankLines = 0;
      continue;
    }
    if (names.length === 1)
      for (; blankLines > 0; blankLines--) pushRow(columns, lines, [''], scanner.line() - blankLines);
    if (cells.length !== names.length)
      throw ragged(file, scanner.line(), lines.length, cells.length, names.length, report);
    pushRow(columns, lines, cells, scanner.line());
  }
  const table = new Map<string, Column>();
  for (const [index, name] of names.entries()) table.set(name, { kind: 'text', cells: columns[index] ?? [] });
  return { file, format: 'csv', rows: lines.length, columns: table, csv: report, lineOf: (row) => lines[row] };
}

function pushRow(columns: readonly string[][], lines: number[], cells: readonly string[], line: number): void {
  for (let index = 0; index < columns.length; index++) columns[index]?.push(cells[index] ?? '');
  lines.push(line);
}

function understand(
  head: string,
  file: string,
  csv: CsvOptions,
  limits: Limits,
  encoding: { readonly encoding: string; readonly detected: boolean },
  complete: boolean,
): { readonly report: CsvReport; readonly records: readonly (readonly string[])[] } {
  const quote = csv.quote ?? '"';
  const separator = csv.separator ?? detectSeparator(head, quote, limits, file, complete);
  const records = sampleOf(head, { separator, quote }, limits, file, complete);
  if (records.length === 0) {
    const cut = !complete && head.length > 0;
    throw new DataError(
      cut ? 'too-large' : 'empty',
      cut
        ? `${file}: the first line is longer than ${limits.headerBytes} bytes or a quote in it is never closed.`
        : `${file} is empty.`,
      { file },
    );
  }
  const decimal = csv.decimal ?? detectDecimal(records, separator);
  const header = csv.header ?? detectHeader(records, decimal);
  const detected: CsvReport['detected'] = [
    ...(encoding.detected ? (['encoding'] as const) : []),
    ...(csv.separator === undefined ? (['separator'] as const) : []),
    ...(csv.decimal === undefined ? (['decimal'] as const) : []),
    ...(csv.header === undefined ? (['header'] as const) : []),
  ];
  return { report: { encoding: encoding.encoding, separator, decimal, quote, header, detected }, records };
}

/** Names of the columns: the header trimmed and in NFC; where there is none, or a name is empty, `column1`, `column2` … by position. */
function namesOf(first: readonly string[], header: boolean, file: string): string[] {
  const names = first.map((cell, index) => (header ? cell.trim().normalize('NFC') : '') || `column${index + 1}`);
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new DataError(
        'duplicate-column',
        `${file}: columns ${earlier + 1} and ${index + 1} are both called “${name}”. Rename one${header ? '' : ', or set data.csv.header'}.`,
        { file, column: name },
      );
    }
    seen.set(name, index);
  }
  return names;
}

function ragged(file: string, line: number, row: number, found: number, wanted: number, report: CsvReport): DataError {
  const separator = report.separator === '\t' ? 'a tab' : `“${report.separator}”`;
  const how = report.detected.includes('separator') ? ' (found by looking; data.csv.separator sets it)' : '';
  return new DataError(
    'ragged-row',
    `${file}, line ${line}: ${found} cell${found === 1 ? '' : 's'} where the first line has ${wanted}. The separator is ${separator}${how}; a cell that holds it must stand in quotes.`,
    { file, row },
  );
}
