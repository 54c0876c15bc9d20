/** What a CSV file does not say of itself: separator, decimal sign, whether there is a header. Found from its beginning, and reported. */
import { cellAt, scan } from './csv-scan.ts';
import { DataError } from './error.ts';
import type { Limits } from './limits.ts';
import { defaultMissingTokens } from './missing.ts';
import { isGrouped, parseNumber, type Decimal, type NumberMarks } from './numbers.ts';

const separators = [',', ';', '\t', '|'] as const;
const sampleRecords = 1000;
const missing: ReadonlySet<string> = new Set(defaultMissingTokens);

/** The first records of a text, without blank lines; a last record that may be cut short is left out where `complete` is false. */
export function sampleOf(
  text: string,
  format: { readonly separator: string; readonly quote: string },
  limits: Limits,
  file: string,
  complete: boolean,
  lenient = false,
): string[][] {
  const scanner = scan(text, format, limits, file);
  const records: string[][] = [];
  try {
    while (records.length < sampleRecords && scanner.next() > 0) {
      const cutShort = !complete && scanner.atEnd();
      if (scanner.blank() || cutShort) continue;
      records.push(scanner.starts.map((start, index) => cellAt(text, start, scanner.ends[index] ?? 0, format.quote)));
    }
  } catch (error) {
    // A quote that the cut leaves open is no fault of the file, nor is one that only looks misplaced under a tried separator.
    const quote = error instanceof DataError && error.code === 'csv-quote';
    if (!quote || (complete && !lenient)) throw error;
  }
  return records;
}

export interface FoundSeparator {
  readonly separator: string;
  /** Others under which the first records would be a table, too. */
  readonly rivals: readonly string[];
}

/** A separator that nearly all records have equally often makes a table. */
const evenEnough = 0.9;

/** The separator under which the first records have the most equal, and then the most, cells. */
export function detectSeparator(
  text: string,
  quote: string,
  limits: Limits,
  file: string,
  complete: boolean,
): FoundSeparator {
  const found: { readonly separator: string; readonly even: number; readonly score: number }[] = [];
  for (const separator of separators) {
    const records = sampleOf(text, { separator, quote }, limits, file, complete, true);
    const width = records[0]?.length ?? 0;
    if (width < 2) continue;
    const even = records.filter((record) => record.length === width).length / records.length;
    // Evenness counts first; the number of columns only decides between equally even separators.
    found.push({ separator, even, score: even + Math.min(width, 1000) / 1e6 });
  }
  const [best, ...others] = found.sort((a, b) => b.score - a.score);
  // One column: any separator that does not occur keeps sentences whole.
  if (best === undefined) return { separator: separators.find((mark) => !text.includes(mark)) ?? ',', rivals: [] };
  return {
    separator: best.separator,
    rivals: others.filter(({ even }) => even >= evenEnough).map(({ separator }) => separator),
  };
}

/**
 * A comma where cells write numbers with one and none with a point. Three digits after a comma may be thousands ("1,257" beside
 * "616") and decide nothing; where only such are found the comma is left for the user to explain.
 * @param usual what it is where no number of the file shows it
 */
export function detectDecimal(records: readonly (readonly string[])[], usual: Decimal = '.'): Decimal {
  let comma = 0;
  let point = 0;
  for (const cell of records.flat()) {
    const text = cell.trim();
    if (!/\d/.test(text)) continue;
    if (text.includes(',')) {
      if (parseNumber(text, ',') !== undefined && !isGrouped(text, ',')) comma++;
    } else if (text.includes('.') && parseNumber(text) !== undefined) point++;
  }
  if (comma === 0 && point === 0) return usual;
  return comma > 0 && point === 0 ? ',' : '.';
}

export interface FoundHeader {
  readonly header: boolean;
  /** The records say so themselves: words stand above numbers, and no number among them. */
  readonly sure: boolean;
}

/**
 * There is a header when the first record holds no number, or holds a word above a column of numbers
 * (`country,2019,2020` above `DE,1.5,2.5` is taken for data: a given `header` decides what looking cannot).
 */
export function detectHeader(
  records: readonly (readonly string[])[],
  { decimal = '.', thousands }: NumberMarks,
): FoundHeader {
  const [first = [], ...others] = records;
  const isNumber = (cell: string): boolean =>
    parseNumber(cell, decimal, thousands) !== undefined || isGrouped(cell, ',');
  const aboveNumbers = first.some((cell, index) => {
    if (cell.trim() === '' || isNumber(cell)) return false;
    const below = others.map((record) => record[index] ?? '').filter((text) => !missing.has(text.trim()));
    return !missing.has(cell.trim()) && below.length > 0 && below.every(isNumber);
  });
  const numbersInFirst = first.some(isNumber);
  return { header: aboveNumbers || !numbersInFirst, sure: aboveNumbers && !numbersInFirst };
}
