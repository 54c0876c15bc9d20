/** Predictions as files: one row a format. */
import { zipSync } from 'fflate';
import { csvText } from '../common/csv.ts';
import { orderedText } from '../runs/json.ts';
import type { Cell } from '../trainer/tasks/contract.ts';
import type { PredictionTable } from '../trainer/trained/predict.ts';

type Rows = Pick<PredictionTable, 'columns' | 'rows'>;

export interface PredictionFormat {
  readonly extension: string;
  write(table: Rows): Uint8Array;
}

export const predictionFormats: readonly PredictionFormat[] = [
  { extension: '.csv', write: (table) => Buffer.from(toCsv(table)) },
  { extension: '.jsonl', write: (table) => Buffer.from(toJsonl(table)) },
  { extension: '.npz', write: toNpz },
];

/** The format that a file name asks for by its extension. */
export function formatOf(file: string): PredictionFormat | undefined {
  return predictionFormats.find(({ extension }) => file.toLowerCase().endsWith(extension));
}

/** One header line. */
export function toCsv({ columns, rows }: Rows): string {
  return csvText(columns, rows);
}

/** One object a line, its keys in the order of the columns. */
export function toJsonl({ columns, rows }: Rows): string {
  const lines = rows.map((cells) => orderedText(new Map(columns.map((name, index) => [name, cells[index] ?? null]))));
  return lines.map((line) => `${line}\n`).join('');
}

/** One array a column: float64 with NaN for no prediction, whole numbers of the row as int64, text as fixed-width unicode. */
export function toNpz(table: Rows): Uint8Array {
  const names = memberNames(table.columns);
  const members = table.columns.map((_, index) => {
    const cells = table.rows.map((row) => row[index] ?? null);
    return [`${names[index] ?? index}.npy`, npy(cells, index === 0)] as const;
  });
  return zipSync(Object.fromEntries(members), { level: 6, mtime: new Date(1980, 0, 1) });
}

/** Names that are no paths wherever they are unpacked, and differ from each other. */
function memberNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const base = column.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '_').replace(/^\.+/, '_');
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    return name;
  });
}

/** An array of NumPy's format 1.0: little-endian, C order, one axis. */
function npy(cells: readonly Cell[], whole: boolean): Uint8Array {
  if (cells.some((cell) => typeof cell === 'string')) return textArray(cells);
  if (whole && cells.every((cell) => Number.isSafeInteger(cell))) {
    const data = BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0));
    return npyFile('<i8', cells.length, new Uint8Array(data.buffer));
  }
  const data = Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
  return npyFile('<f8', cells.length, new Uint8Array(data.buffer));
}

function textArray(cells: readonly Cell[]): Uint8Array {
  const texts = cells.map((cell) =>
    Array.from(cell === null ? '' : String(cell), (letter) => letter.codePointAt(0) ?? 0),
  );
  const width = Math.max(1, ...texts.map((text) => text.length));
  const data = new Uint32Array(texts.length * width);
  texts.forEach((text, row) => data.set(text, row * width));
  return npyFile(`<U${width}`, cells.length, new Uint8Array(data.buffer));
}

function npyFile(dtype: string, length: number, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${length},), }`;
  // Magic, version, length and header together are a multiple of 64 bytes, the header ends with a newline.
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 0xff, padded.length >> 8]);
  return Buffer.concat([magic, Buffer.from(padded, 'latin1'), data]);
}
