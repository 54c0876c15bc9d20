/** JSON Lines of any size, some rows at a time. */
import { text } from '../common/text.ts';
import type { AcceptBlock, StreamedFile } from './blocks.ts';
import { lineIndex } from './blocks.ts';
import { DataError } from './error.ts';
import { asShaped, asTexts, collect, shapeOf, type Collected } from './jsonl.ts';
import type { Limits } from './limits.ts';
import type { ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';
import type { Column } from './table.ts';
import { streamText } from './text-stream.ts';

/** What a column holds in all rows looked at: numbers of this shape; null for text, undefined while only nulls were seen. */
type Kind = readonly number[] | null | undefined;

/**
 * Two passes: whether a column holds numbers is known at its end alone.
 *
 * @throws DataError as `readJsonl`, but none for the size of the file
 */
export async function streamJsonl(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  accept: AcceptBlock,
): Promise<StreamedFile> {
  const kinds = new Map<string, Kind>();
  await pass(file, limits, ({ columns, lines }) => {
    for (const [name, values] of columns) kinds.set(name, kindOf(kinds.get(name), values, lines.length));
    if (kinds.size > limits.columns)
      throw new DataError(
        'too-large',
        text(
          `${file.name}: there are more than ${limits.columns} keys.`,
          `${file.name}：键超过 ${limits.columns} 个。`,
        ),
        {
          file: file.name,
        },
      );
  });
  const wanted = [...kinds].filter(([name]) => options.columns?.has(name) ?? true);
  const index = lineIndex();
  const rows = await pass(file, limits, ({ columns, lines }, firstRow) => {
    const table = new Map(
      wanted.map(([name, kind]) => [name, columnOf(columns.get(name) ?? [], lines.length, kind)] as const),
    );
    for (const [row, line] of lines.entries()) index.add(firstRow + row, line);
    const lineOf = (row: number): number | undefined => lines[row];
    accept({ file: file.name, format: 'jsonl', rows: lines.length, columns: table, lineOf, firstRow });
  });
  if (rows === 0)
    throw new DataError('empty', text(`${file.name} is empty.`, `${file.name} 为空。`), { file: file.name });
  return { rows, lineOf: (row) => index.lineOf(row) };
}

async function pass(
  file: SourceFile,
  limits: Limits,
  take: (part: Collected, firstRow: number) => void,
): Promise<number> {
  const source = await streamText(file, 'utf-8', limits.partBytes);
  const before = { lines: 0, rows: 0 };
  let text = '';
  const lines = (complete: boolean): void => {
    // Up to the last whole line. Before the end a text without any is longer than a line may be: reading it says so.
    const whole = text.lastIndexOf('\n') + 1;
    const end = complete || whole === 0 ? text.length : whole;
    const part = collect(text.slice(0, end), file.name, limits, true, before);
    if (part.lines.length > 0) take(part, before.rows);
    before.lines = part.lastLine;
    before.rows += part.lines.length;
    text = text.slice(end);
  };
  for await (const piece of source.pieces()) {
    text += piece;
    if (piece.includes('\n') || text.length > limits.line) lines(false);
  }
  lines(true);
  return before.rows;
}

function kindOf(known: Kind, values: readonly unknown[], rows: number): Kind {
  if (known === null) return null;
  const filled = values.find((value) => value !== undefined && value !== null);
  if (filled === undefined) return known;
  const shape = known ?? shapeOf(filled);
  return asShaped(values, rows, shape) === undefined ? null : shape;
}

function columnOf(values: readonly unknown[], rows: number, kind: Kind): Column {
  const numbers = kind ? asShaped(values, rows, kind) : undefined;
  return numbers ?? asTexts(values, rows);
}
