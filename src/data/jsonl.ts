/** JSON Lines: one object a line, UTF-8. The columns are the keys of all lines in order of appearance; an absent key is null. */
import { text } from '../common/text.ts';
import { randomUUID } from 'node:crypto';
import { DataError } from './error.ts';
import type { ReadOptions } from './options.ts';
import type { Limits } from './limits.ts';
import type { SourceFile } from './paths.ts';
import type { Column, ColumnHead, Header, NumberColumn, Table, TextColumn } from './table.ts';
import { product } from './table.ts';
import { readText, type DecodedText } from './text.ts';

/** @throws DataError `jsonl-line`, `too-large`, `encoding`, `empty`, `unreadable` */
export async function readJsonl(file: SourceFile, _options: ReadOptions, limits: Limits): Promise<Table> {
  const { text } = await readText(file, limits, { encoding: 'utf-8' });
  const { columns, lines } = collect(text, file.name, limits, true);
  const table = new Map<string, Column>();
  for (const [name, values] of columns) table.set(name, typed(values, lines.length));
  return { file: file.name, format: 'jsonl', rows: lines.length, columns: table, lineOf: (row) => lines[row] };
}

/** The keys in the first 64 KiB, or in the first line where that is longer; `complete` says whether that was the whole file. */
export async function readJsonlHeader(file: SourceFile, { glance }: ReadOptions, limits: Limits): Promise<Header> {
  const { text, complete } = await firstLines(file, limits, glance === true ? limits.headerBytes : limits.line);
  if (!complete && !text.includes('\n') && glance === true)
    return { file: file.name, format: 'jsonl', columns: [], complete };
  const { columns, lines } = collect(text, file.name, limits, complete);
  const heads = [...columns].map(([name, values]): ColumnHead => {
    const column = typed(values, lines.length);
    return column.kind === 'text'
      ? { name, shape: [], dtype: 'text' }
      : { name, shape: column.shape, dtype: column.dtype };
  });
  return { file: file.name, format: 'jsonl', columns: heads, complete };
}

/** At least one whole line, where it has at most so many bytes. */
async function firstLines(file: SourceFile, limits: Limits, most: number): Promise<DecodedText> {
  for (let size = limits.headerBytes; ; size *= 2) {
    const head = await readText(file, limits, { encoding: 'utf-8', headBytes: size });
    if (head.complete || head.text.trimStart().includes('\n') || size >= most) return head;
  }
}

export interface Collected {
  /** Values by row; rows before a key's first appearance, and where it is absent, are undefined. */
  readonly columns: ReadonlyMap<string, unknown[]>;
  readonly lines: readonly number[];
  readonly lastLine: number;
}

/** The lines of a text; of a part of a file, `before` says what stands before it. An empty file is an error, an empty part is not. */
export function collect(
  content: string,
  file: string,
  limits: Limits,
  complete: boolean,
  before?: { readonly lines: number; readonly rows: number },
): Collected {
  const columns = new Map<string, unknown[]>();
  const lines: number[] = [];
  let line = before?.lines ?? 0;
  for (let at = 0; at < content.length;) {
    const end = content.indexOf('\n', at);
    if (end < 0 && !complete) break;
    const stop = end < 0 ? content.length : end;
    line++;
    if (stop - at > limits.line)
      throw new DataError(
        'too-large',
        text(
          `${file}, line ${line} has ${stop - at} characters; the limit is ${limits.line}.`,
          `${file}，第 ${line} 行有 ${stop - at} 个字符，上限为 ${limits.line}。`,
        ),
        { file },
      );
    const source = content.slice(at, stop).trim();
    at = stop + 1;
    if (source === '') continue;
    const row = lines.length;
    for (const [key, value] of Object.entries(parseLine(source, file, line, row + (before?.rows ?? 0)))) {
      const name = key.normalize('NFC');
      let values = columns.get(name);
      if (values === undefined) {
        if (columns.size >= limits.columns)
          throw new DataError(
            'too-large',
            text(
              `${file}, line ${line}: there are more than ${limits.columns} keys.`,
              `${file}，第 ${line} 行：键超过 ${limits.columns} 个。`,
            ),
            {
              file,
            },
          );
        values = [];
        columns.set(name, values);
      }
      checkDepth(value, limits.depth, file, line, name);
      values[row] = value;
    }
    lines.push(line);
  }
  if (lines.length === 0 && before === undefined) {
    throw new DataError(
      complete ? 'empty' : 'too-large',
      complete
        ? text(`${file} is empty.`, `${file} 为空。`)
        : text(
            `${file}: the first line is longer than ${limits.line} characters.`,
            `${file}：首行超过 ${limits.line} 个字符。`,
          ),
      { file },
    );
  }
  return { columns, lines, lastLine: line };
}

const manyDigits = /\d{16}/;

/** Nobody can have written it into a file. */
const largeInteger = `${randomUUID()}:`;

/**
 * JSON whose integers beyond ±2⁵³ keep all their digits where they are the value of a key, so that two ids never merge into one.
 * Inside of lists they are numbers as always: those are no labels.
 */
function parseExactly(source: string): unknown {
  let depth = 0;
  const marked = source.replace(/"(?:[^"\\]|\\.)*"|[{}[\]]|-?\d[\d.eE+-]*/g, (token) => {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)))
      return `"${largeInteger}${token}"`;
    return token;
  });
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(largeInteger) ? BigInt(value.slice(largeInteger.length)) : value,
  );
}

function parseLine(source: string, file: string, line: number, row: number): object {
  let value: unknown;
  try {
    value = manyDigits.test(source) ? parseExactly(source) : JSON.parse(source);
  } catch {
    throw new DataError(
      'jsonl-line',
      text(
        `${file}, line ${line} is not valid JSON. Each line must be one object, like {"a": 1}.`,
        `${file}，第 ${line} 行不是有效的 JSON。每行应为一个对象，如 {"a": 1}。`,
      ),
      { file, row },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new DataError(
    'jsonl-line',
    text(
      `${file}, line ${line} is no object. Each line must be one object, like {"a": 1}.`,
      `${file}，第 ${line} 行不是对象。每行应为一个对象，如 {"a": 1}。`,
    ),
    { file, row },
  );
}

function checkDepth(value: unknown, allowed: number, file: string, line: number, column: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (allowed === 0)
    throw new DataError(
      'too-large',
      text(`${file}, line ${line}: “${column}” is nested too deeply.`, `${file}，第 ${line} 行：“${column}”嵌套过深。`),
      { file, column },
    );
  for (const inner of Object.values(value)) checkDepth(inner, allowed - 1, file, line, column);
}

/** Numbers (or equally shaped arrays of numbers) become a number column; everything else keeps its text, objects their JSON. */
function typed(values: readonly unknown[], rows: number): Column {
  return asNumbers(values, rows) ?? asTexts(values, rows);
}

type Scalar = string | number | bigint | boolean;

const scalarText = (value: Scalar): string => String(value);

/** Numbers in their shortest form, as in a column that holds nothing else; lists and objects as JSON. */
export function asTexts(values: readonly unknown[], rows: number): TextColumn {
  const kinds = { numbers: 0, texts: 0, others: 0 };
  const cells = Array.from({ length: rows }, (_, row) => {
    const value = values[row];
    if (value === undefined || value === null) return null;
    const kind = typeof value;
    kinds[kind === 'number' || kind === 'bigint' ? 'numbers' : kind === 'string' ? 'texts' : 'others']++;
    return typeof value === 'object' ? JSON.stringify(value) : scalarText(value as Scalar);
  });
  return { kind: 'text', cells, kinds };
}

function asNumbers(values: readonly unknown[], rows: number): NumberColumn | undefined {
  const filled = values.find((value) => value !== undefined && value !== null);
  return filled === undefined ? undefined : asShaped(values, rows, shapeOf(filled));
}

/** Rows of numbers of one shape; undefined where a value is something else. */
export function asShaped(values: readonly unknown[], rows: number, shape: readonly number[]): NumberColumn | undefined {
  const width = product(shape);
  if (width === 0) return undefined;
  const flat = new Float64Array(rows * width).fill(NaN);
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    if (value === undefined || value === null) continue;
    if (!fill(flat, row * width, value, shape, 0)) return undefined;
  }
  return { kind: 'number', dtype: 'json', shape, width, values: flat };
}

export function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/** Writes a nested array at `at`; false where it is no array of numbers of this shape. A null inside is NaN. */
function fill(flat: Float64Array, at: number, value: unknown, shape: readonly number[], depth: number): boolean {
  if (depth === shape.length) {
    if (value === null) return true;
    if (typeof value !== 'number') return false;
    flat[at] = value;
    return true;
  }
  if (!Array.isArray(value) || value.length !== shape[depth]) return false;
  const stride = product(shape.slice(depth + 1));
  return value.every((inner: unknown, index) => fill(flat, at + index * stride, inner, shape, depth + 1));
}
