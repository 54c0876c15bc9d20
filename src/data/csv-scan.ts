/**
 * CSV as RFC 4180 describes it and as files in the wild are: any one-character separator and quote, CR, LF or CRLF line ends,
 * doubled quotes, line breaks inside quotes. The scanner is strict where a slip would move cells into other columns.
 */
import { DataError } from './error.ts';
import type { Limits } from './limits.ts';

export interface Scanner {
  /** Fills `cells` with the next record; false at the end. A line without any character is a record of one empty cell. */
  next(cells: string[]): boolean;
  /** Line on which the last record began, from 1. */
  line(): number;
  /** Whether the last record was an empty line. */
  blank(): boolean;
  /** Whether the last record ended with the text itself, without a line end. */
  atEnd(): boolean;
}

const LF = 10;
const CR = 13;

/** @throws DataError `csv-quote`, `too-large` from `next` */
export function scan(
  text: string,
  format: { readonly separator: string; readonly quote: string },
  limits: Limits,
  file: string,
): Scanner {
  const separator = format.separator.charCodeAt(0);
  const quote = format.quote === '' ? -1 : format.quote.charCodeAt(0);
  const doubled = format.quote + format.quote;
  const end = text.length;
  let at = 0;
  let nextLine = 1;
  let firstLine = 1;
  let wasBlank = false;

  const quoted = (): string => {
    const openedAt = nextLine;
    let from = at + 1;
    let escaped = false;
    for (;;) {
      const close = text.indexOf(format.quote, from);
      if (close < 0) {
        throw new DataError(
          'csv-quote',
          `${file}, line ${openedAt}: the quote opened here is never closed. Close it, or set data.csv.quote to another character.`,
          { file },
        );
      }
      if (text.charCodeAt(close + 1) === quote) {
        escaped = true;
        from = close + 2;
        continue;
      }
      const cell = text.slice(at + 1, close);
      at = close + 1;
      nextLine += countLineEnds(cell);
      return escaped ? cell.replaceAll(doubled, format.quote) : cell;
    }
  };

  const plain = (): string => {
    const from = at;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === separator || code === LF || code === CR) break;
    }
    return text.slice(from, at);
  };

  const checkQuoteEnd = (): void => {
    const code = at < end ? text.charCodeAt(at) : LF;
    if (code === separator || code === LF || code === CR) return;
    throw new DataError(
      'csv-quote',
      `${file}, line ${nextLine}: text follows a closing quote. Double the quotes inside the cell, or set data.csv.quote to another character.`,
      { file },
    );
  };

  const next = (cells: string[]): boolean => {
    cells.length = 0;
    if (at >= end) return false;
    const from = at;
    firstLine = nextLine;
    for (;;) {
      const isQuoted = text.charCodeAt(at) === quote && at < end;
      const cell = isQuoted ? quoted() : plain();
      if (isQuoted) checkQuoteEnd();
      if (cell.length > limits.cell)
        throw tooLarge(file, firstLine, `a cell has ${cell.length} characters; the limit is ${limits.cell}`);
      cells.push(cell);
      if (cells.length > limits.columns)
        throw tooLarge(file, firstLine, `there are more than ${limits.columns} columns`);
      if (at < end && text.charCodeAt(at) === separator) {
        at++;
        continue;
      }
      break;
    }
    if (at - from > limits.line)
      throw tooLarge(file, firstLine, `a record has ${at - from} characters; the limit is ${limits.line}`);
    wasBlank = at === from;
    if (at < end) {
      at += text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
      nextLine++;
    } else {
      nextLine++;
    }
    return true;
  };

  return {
    next,
    line: () => firstLine,
    blank: () => wasBlank,
    atEnd: () => {
      const last = text.charCodeAt(end - 1);
      return at >= end && last !== LF && last !== CR;
    },
  };
}

function tooLarge(file: string, line: number, what: string): DataError {
  return new DataError(
    'too-large',
    `${file}, line ${line}: ${what}. Is the separator or the quote another one? Set data.csv.`,
    { file },
  );
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count++;
  }
  return count;
}
