/** CSV and TSV files of any size, some rows at a time. */
import type { AcceptBlock, StreamedFile } from './blocks.ts';
import { lineIndex } from './blocks.ts';
import type { CsvState } from './csv.ts';
import { csvStart, parsePart } from './csv.ts';
import { beginCsv, withSeparator, type CsvBeginning } from './csv-start.ts';
import type { Limits } from './limits.ts';
import type { ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';
import { streamText } from './text-stream.ts';

/** @throws DataError as `readCsv`, but none for the size of the file */
export async function streamCsv(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  accept: AcceptBlock,
  separator?: string,
): Promise<StreamedFile> {
  const csv = withSeparator(options.csv, separator);
  const source = await streamText(file, csv.encoding, limits.partBytes);
  const lines = lineIndex();
  let beginning: CsvBeginning | undefined;
  let state: CsvState | undefined;
  let text = '';
  let recordEnds = true;
  const take = (goesOn: boolean): void => {
    if (beginning === undefined || state === undefined) {
      beginning = beginCsv(text, file.name, csv, limits, source, !goesOn);
      if (beginning === undefined) return;
      state = csvStart(beginning.report);
    }
    // A record longer than the limit is never finished by more text: read as if it ended here, it says what is wrong.
    const endless = goesOn && text.length > limits.line && !recordEnds;
    const { table, rest } = parsePart(text, file.name, beginning, limits, state, goesOn && !endless);
    recordEnds = rest > 0;
    for (let row = 0; row < table.rows; row++) lines.add((table.firstRow ?? 0) + row, table.lineOf(row) ?? 0);
    // A file without rows has columns all the same.
    if (table.rows > 0 || (!goesOn && state.rows === 0)) accept(table);
    text = text.slice(rest);
  };
  // A piece is held back until it is known whether another follows.
  for await (const piece of source.pieces()) {
    if (text.length > limits.headerBytes || beginning !== undefined) take(true);
    text += piece;
  }
  take(false);
  return {
    rows: state?.rows ?? 0,
    ...(beginning ? { csv: beginning.report } : {}),
    lineOf: (row) => lines.lineOf(row),
  };
}
