/** How a CSV file is written and what its columns are called: given by the spec, or found by looking at its beginning. */
import { text } from '../common/text.ts';
import { detectDecimal, detectHeader, detectSeparator, sampleOf } from './csv-detect.ts';
import { DataError } from './error.ts';
import type { Limits } from './limits.ts';
import type { Decimal, Thousands } from './numbers.ts';
import type { CsvOptions, ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';
import type { CsvReport, Header } from './table.ts';
import { readText } from './text.ts';

export interface CsvBeginning {
  readonly report: CsvReport;
  readonly names: readonly string[];
  /** More than one line was seen. */
  readonly several: boolean;
}

export interface FoundEncoding {
  readonly encoding: string;
  readonly detected: boolean;
}

export function withSeparator(csv: CsvOptions | undefined, separator: string | undefined): CsvOptions {
  return separator === undefined ? { ...csv } : { separator, ...csv };
}

/** The beginning of a file, and what is known of it without looking. */
interface Beginning {
  readonly head: string;
  /** `head` is the whole file. */
  readonly complete: boolean;
  readonly file: string;
  readonly csv: CsvOptions;
  readonly limits: Limits;
  readonly encoding: FoundEncoding;
}

/**
 * How the file is written, from the beginning of a text that holds all of it or some; undefined where more of it is needed.
 * @param whole the text is all of the file
 */
export function beginCsv(
  text: string,
  file: string,
  csv: CsvOptions,
  limits: Limits,
  encoding: FoundEncoding,
  whole: boolean,
): CsvBeginning | undefined {
  for (let size = limits.headerBytes; ; size = nextSize(size)) {
    if (size > text.length && !whole && text.length <= limits.line) return undefined;
    const head = text.slice(0, size);
    const complete = whole && head.length === text.length;
    const found = startCsv({ head, complete, file, csv, limits, encoding }, complete || size >= limits.line);
    if (found !== undefined) return found;
  }
}

/** @param last there is no more to be had: few lines must do */
function startCsv(beginning: Beginning, last: boolean): CsvBeginning | undefined {
  if (!last && !hasLines(beginning.head, fewRecords)) return undefined;
  const understood = understand(beginning);
  return !last && understood.records.length < fewRecords ? undefined : named(beginning, understood);
}

/** How the file is written and what its columns are called. */
function named(beginning: Beginning, { report, records }: Understood): CsvBeginning {
  const [first] = records;
  if (first === undefined) throw noRecord(beginning);
  return { report, names: namesOf(first, report.header, beginning.file), several: records.length > 1 };
}

/** Cheaper than to find the records: there are as many line ends at least. */
function hasLines(text: string, least: number): boolean {
  const ends = text.matchAll(/[\r\n]/g);
  for (let count = 0; count < least; count++) if (ends.next().done === true) return false;
  return true;
}

function noRecord({ head, complete, file, limits }: Beginning): DataError {
  if (complete || head.length === 0)
    return new DataError('empty', text(`${file} is empty.`, `${file} 为空。`), { file });
  return new DataError(
    'too-large',
    {
      en: `${file}: the first line is longer than ${limits.line} characters, or a quote in it is never closed.`,
      zh: `${file}：首行超过 ${limits.line} 个字符，或其中的引号未闭合。`,
    },
    { file },
  );
}

/** The column names, from the first 64 KiB; from more where that is not enough to tell how the file is written. */
export async function readCsvHeader(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  separator?: string,
): Promise<Header> {
  const csv = withSeparator(options.csv, separator);
  for (let size = limits.headerBytes; ; size = nextSize(size)) {
    const decoded = await readText(file, limits, { encoding: csv.encoding, headBytes: size });
    const { text: head, complete } = decoded;
    const beginning: Beginning = { head, complete, file: file.name, csv, limits, encoding: decoded };
    if (options.glance === true) return glanceAt(beginning);
    const found = startCsv(beginning, complete || size >= limits.line);
    if (found !== undefined) return headerOf(file.name, found, true);
  }
}

function headerOf(file: string, { report, names }: CsvBeginning, complete: boolean): Header {
  const columns = names.map((name) => ({ name, shape: [], dtype: 'text' }));
  return { file, format: 'csv', columns, complete, csv: report };
}

/** What the first bytes show, and no more: of a first line that is longer some names, and the last of them may be cut. */
function glanceAt(beginning: Beginning): Header {
  const { head, complete, file, csv } = beginning;
  if (complete || firstRecordEnds(head, csv)) {
    const found = named(beginning, understand(beginning));
    // Names that are numbers look like data where no data are in sight.
    return headerOf(file, found, complete || found.report.header || found.several);
  }
  const { report, records } = understand({ ...beginning, complete: true }, true);
  const names = (records[0] ?? []).slice(0, -1).map((cell) => cell.trim().normalize('NFC'));
  return headerOf(file, { report, names, several: false }, false);
}

function firstRecordEnds(head: string, csv: CsvOptions): boolean {
  const quote = csv.quote ?? '"';
  let open = false;
  for (const character of head) {
    if (character === quote) open = !open;
    else if (!open && (character === '\n' || character === '\r')) return true;
  }
  return false;
}

/** Less than so many lines say too little of how a file is written. */
const fewRecords = 10;

function nextSize(size: number): number {
  return 2 * size;
}

interface Understood {
  readonly report: CsvReport;
  readonly records: readonly (readonly string[])[];
}

function understand({ head, complete, file, csv, limits, encoding }: Beginning, lenient = false): Understood {
  const quote = csv.quote ?? '"';
  checkMarks(csv.separator, quote, file);
  checkThousands(csv, file);
  const { separator, rivals } =
    csv.separator === undefined
      ? detectSeparator(head, quote, limits, file, complete)
      : { separator: csv.separator, rivals: [] };
  const records = sampleOf(head, { separator, quote }, limits, file, complete, lenient);
  const { thousands } = csv;
  const decimal = csv.decimal ?? decimalBeside(thousands) ?? detectDecimal(records, csv.usualDecimal);
  const found = detectHeader(records, { decimal, thousands });
  const detected: CsvReport['detected'] = [
    ...(encoding.detected ? (['encoding'] as const) : []),
    ...(csv.separator === undefined ? (['separator'] as const) : []),
    ...(csv.decimal === undefined && decimalBeside(thousands) === undefined ? (['decimal'] as const) : []),
    ...(csv.header === undefined ? (['header'] as const) : []),
  ];
  const report: CsvReport = {
    encoding: encoding.encoding,
    separator,
    decimal,
    ...(thousands === undefined ? {} : { thousands }),
    quote,
    header: csv.header ?? found.header,
    detected,
    rivals,
    headerSure: csv.header !== undefined || found.sure,
  };
  return { report, records };
}

/** A sign that groups thousands is not the decimal sign; the other one is. */
function decimalBeside(thousands: Thousands | undefined): Decimal | undefined {
  if (thousands === '.') return ',';
  return thousands === ',' ? '.' : undefined;
}

function checkThousands({ decimal, thousands }: CsvOptions, file: string): void {
  if (thousands === undefined || decimal !== thousands) return;
  throw new DataError(
    'csv-quote',
    {
      en: `${file}: data.csv.decimal and data.csv.thousands are both “${thousands}”. Correct one of them.`,
      zh: `${file}：data.csv.decimal 与 data.csv.thousands 都是 “${thousands}”。请修改其一。`,
    },
    { file },
  );
}

/** One UTF-16 unit each, and not the same: the scanner compares units. */
function checkMarks(separator: string | undefined, quote: string, file: string): void {
  for (const [key, mark] of [
    ['separator', separator ?? ','],
    ['quote', quote],
  ] as const) {
    const fits = mark.length === 1 && mark !== '\n' && mark !== '\r';
    if (!fits || (key === 'quote' && mark === separator)) {
      throw new DataError(
        'csv-quote',
        text(
          `${file}: data.csv.${key} must be one character${fits ? ' of its own' : ''}, not “${mark.slice(0, 20)}”.`,
          `${file}：data.csv.${key} 应为一个${fits ? '与分隔符不同的' : ''}字符，而不是“${mark.slice(0, 20)}”。`,
        ),
        { file },
      );
    }
  }
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
        text(
          `${file}: columns ${earlier + 1} and ${index + 1} are both called “${name}”. Rename one${header ? '' : ', or set data.csv.header'}.`,
          `${file}：第 ${earlier + 1} 列与第 ${index + 1} 列都名为“${name}”。请重命名其一${header ? '' : '，或设置 data.csv.header'}。`,
        ),
        { file, column: name },
      );
    }
    seen.set(name, index);
  }
  return names;
}
