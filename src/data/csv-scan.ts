/**
 * CSV as RFC 4180 describes it and as files in the wild are: any one-character separator and quote, CR, LF or CRLF line ends,
 * doubled quotes, line breaks inside quotes. The scanner is strict where a slip would move cells into other columns.
 *
 * It finds where cells begin and end and makes no strings: most cells become numbers or are never looked at.
 */
import { text, type Text } from '../common/text.ts';
import { DataError } from './error.ts';
import type { Limits } from './limits.ts';

export interface CsvMarks {
  readonly separator: string;
  readonly quote: string;
}

export interface Scanner {
  /**
   * Number of cells of the next record; 0 at the end. A line without any character is a record of one empty cell.
   * Of a text that goes on elsewhere: −1 where the record may go on there, too; the scanner then stays before it.
   */
  next(): number;
  /** Where the cells of the last record begin … */
  readonly starts: readonly number[];
  /** … and end; `~end` (below 0) where quotes inside are doubled. Read with {@link cellAt}. */
  readonly ends: readonly number[];
  /** Line on which the last record began, from 1. */
  line(): number;
  /** Whether the last record was an empty line. */
  blank(): boolean;
  /** Whether the last record ended with the text itself, without a line end. */
  atEnd(): boolean;
  /** Where the next record begins in the text … */
  position(): number;
  /** … and on which line. */
  nextLine(): number;
}

const LF = 10;
const CR = 13;

/** The cell between two positions of a scanner. */
export function cellAt(text: string, start: number, end: number, quote: string): string {
  return end < 0 ? text.slice(start, ~end).replaceAll(quote + quote, quote) : text.slice(start, end);
}

/** A text that is a part of a file. */
export interface TextPart {
  /** Line of the file on which the text begins. */
  readonly firstLine: number;
  /** More of the file follows. */
  readonly goesOn: boolean;
}

const wholeFile: TextPart = { firstLine: 1, goesOn: false };

/** @throws DataError `csv-quote`, `too-large` from `next` */
export function scan(
  text: string,
  marks: CsvMarks,
  limits: Limits,
  file: string,
  { firstLine: startLine, goesOn }: TextPart = wholeFile,
): Scanner {
  const separator = marks.separator.charCodeAt(0);
  const quote = marks.quote === '' ? -1 : marks.quote.charCodeAt(0);
  const length = text.length;
  const starts: number[] = [];
  const ends: number[] = [];
  let position = 0;
  let nextLine = startLine;
  let firstLine = startLine;
  let wasBlank = false;

  /** Position after the closing quote of a cell that opens at `from`, −1 where it is not in this part; pushes the cell. */
  const quoted = (from: number): number => {
    let at = from + 1;
    let doubled = false;
    for (;;) {
      const close = text.indexOf(marks.quote, at);
      if (goesOn && (close < 0 || close + 1 >= length)) return -1;
      if (close < 0) throw unclosed(file, nextLine);
      if (text.charCodeAt(close + 1) === quote) {
        doubled = true;
        at = close + 2;
        continue;
      }
      starts.push(from + 1);
      ends.push(doubled ? ~close : close);
      nextLine += countLineEnds(text, from + 1, close);
      const code = close + 1 < length ? text.charCodeAt(close + 1) : LF;
      if (code !== separator && code !== LF && code !== CR) throw textAfterQuote(file, nextLine);
      return close + 1;
    }
  };

  const unfinished = (): number => {
    nextLine = firstLine;
    return -1;
  };

  const next = (): number => {
    if (position >= length) return 0;
    starts.length = 0;
    ends.length = 0;
    const from = position;
    firstLine = nextLine;
    let at = position;
    for (;;) {
      const begin = at;
      if (at < length && text.charCodeAt(at) === quote) {
        at = quoted(at);
        if (at < 0) return unfinished();
      } else {
        for (; at < length; at++) {
          const code = text.charCodeAt(at);
          if (code === separator || code === LF || code === CR) break;
        }
        starts.push(begin);
        ends.push(at);
      }
      if (at - begin > limits.cell) throw tooLarge(file, firstLine, longCell(at - begin, limits.cell));
      if (at >= length || text.charCodeAt(at) !== separator) break;
      at++;
      if (starts.length >= limits.columns) throw tooLarge(file, firstLine, manyColumns(limits.columns));
    }
    if (at - from > limits.line) throw tooLarge(file, firstLine, longRecord(at - from, limits.line));
    // A CR that ends the part may be half of a CRLF.
    if (goesOn && at >= length - 1) return unfinished();
    wasBlank = at === from;
    nextLine++;
    position = at < length && text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
    return starts.length;
  };

  return {
    next,
    starts,
    ends,
    line: () => firstLine,
    blank: () => wasBlank,
    atEnd: () => {
      const last = text.charCodeAt(length - 1);
      return position >= length && last !== LF && last !== CR;
    },
    position: () => position,
    nextLine: () => nextLine,
  };
}

function unclosed(file: string, line: number): DataError {
  const message = text(
    `${file}, line ${line}: the quote opened here is never closed. Close it, or set data.csv.quote to another character.`,
    `${file}，第 ${line} 行：此处的引号未闭合。请补全引号，或将 data.csv.quote 设为其他字符。`,
  );
  return new DataError('csv-quote', message, { file });
}

function textAfterQuote(file: string, line: number): DataError {
  const message = text(
    `${file}, line ${line}: text follows a closing quote. Double the quotes inside the cell, or set data.csv.quote to another character.`,
    `${file}，第 ${line} 行：右引号之后还有文本。请将单元格内的引号写两次，或将 data.csv.quote 设为其他字符。`,
  );
  return new DataError('csv-quote', message, { file });
}

const longCell = (count: number, limit: number): Text =>
  text(`a cell has ${count} characters; the limit is ${limit}`, `单元格有 ${count} 个字符，上限为 ${limit}`);
const longRecord = (count: number, limit: number): Text =>
  text(`a record has ${count} characters; the limit is ${limit}`, `记录有 ${count} 个字符，上限为 ${limit}`);
const manyColumns = (limit: number): Text => text(`there are more than ${limit} columns`, `列数超过 ${limit}`);

function tooLarge(file: string, line: number, { en, zh }: Text): DataError {
  const message = text(
    `${file}, line ${line}: ${en}. Is the separator or the quote another one? Set data.csv.`,
    `${file}，第 ${line} 行：${zh}。分隔符或引号是否另有其字符？请设置 data.csv。`,
  );
  return new DataError('too-large', message, { file });
}

function countLineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count++;
  }
  return count;
}
