/**
 * Rows that are there twice: the same inputs and targets. In two splits they make a model look better than it is; in
 * training they only count double.
 */
import { text } from '../common/text.ts';
import { whereIs, whereIsZh } from '../data/table.ts';
import { inputRow } from './inputs/table.ts';
import type { Settings } from './settings.ts';
import { targetRow } from './targets/table.ts';
import { partNames, type Part } from './split.ts';
import { rowsText, type Cells, type Notes } from './contract.ts';

/** A share of shared rows up to this is worth knowing; more is worth a warning. */
const worthWarning = 0.01;

/**
 * Looks for equal rows and tells how many there are. Nothing is looked for where pictures are on disk: every one would
 * have to be read.
 * @param rows source rows of each split
 */
export function tellDuplicates(
  settings: Settings,
  cells: Cells,
  rows: Readonly<Record<Part, Int32Array>>,
  notes: Notes,
): void {
  const prints = fingerprints(settings, cells);
  if (prints === undefined) return;
  const trained = new Set<number>();
  let repeated = 0;
  for (const row of rows.train) {
    const print = prints[row] ?? 0;
    if (trained.has(print)) repeated++;
    trained.add(print);
  }
  for (const part of ['validation', 'test'] as const) {
    const shared = rows[part].filter((row) => trained.has(prints[row] ?? 0));
    const [first] = shared;
    if (first === undefined) continue;
    const { table } = cells;
    const n = rows[part].length;
    const message = text(
      `${shared.length} of ${rowsText(n)} of the ${part} split ${shared.length === 1 ? 'stands' : 'stand'} in the training split too, with the same inputs and targets (first: ${table.file}, ${whereIs(table, first)}); its metrics are better than on new data. Remove the copies, or put them into one split.`,
      `${partNames[part]}的 ${n} 行中有 ${shared.length} 行也出现在训练集中，输入和目标都相同（首行：${table.file}，${whereIsZh(table, first)}）；其指标会好于在新数据上的表现。请删除重复行，或将它们放入同一划分。`,
    );
    const severity = shared.length > worthWarning * n ? 'warning' : 'information';
    notes.warn(`rows-in-${part}-and-train`, message, { pointer: '/data/split', severity });
  }
  if (repeated === 0) return;
  const message = text(
    `${repeated} of ${rowsText(rows.train.length)} of the training split ${repeated === 1 ? 'is a copy' : 'are copies'} of another, with the same inputs and targets; such rows count more than once.`,
    `训练集的 ${rows.train.length} 行中有 ${repeated} 行与其他行重复，输入和目标都相同；这样的行会被多次计入。`,
  );
  notes.warn('rows-repeated', message, { pointer: '/data/source', severity: 'information' });
}

/**
 * A number for each row, equal for equal rows. 53 of 64 bits are kept: among a million rows two different ones agree by chance
 * once in 18,000 tables.
 */
function fingerprints(settings: Settings, cells: Cells): Float64Array | undefined {
  const { rows } = cells.table;
  const mix = new Mixer(rows);
  for (const input of settings.inputs) {
    const { reads } = inputRow(input);
    for (const column of input.columns) if (!add[reads](mix, cells, column)) return undefined;
  }
  for (const { target } of settings.tasks) {
    const { reads } = targetRow(target);
    for (const column of target.columns) if (!add[reads](mix, cells, column)) return undefined;
  }
  return mix.result();
}

/** Mixes a column's cells in, by how they are read; false where the column is too large to be looked at. */
const add = {
  numbers: (mix: Mixer, cells: Cells, column: string): boolean => {
    for (let index = 0; index < cells.widthOf(column); index++) {
      const { values, stride, offset } = cells.feature(column, index);
      for (let row = 0; row < cells.table.rows; row++) mix.number(row, values[row * stride + offset] ?? NaN);
    }
    return true;
  },
  labels: (mix: Mixer, cells: Cells, column: string): boolean => {
    const ids = new Map<string | null, number>([[null, -1]]);
    for (const [row, label] of cells.labels(column).entries()) {
      const id = ids.get(label) ?? ids.size;
      ids.set(label, id);
      mix.number(row, id);
    }
    return true;
  },
  pictures: (mix: Mixer, cells: Cells, column: string): boolean => {
    const pictures = cells.pictures(column);
    if (pictures === undefined) return true;
    if (pictures.values === undefined) return false;
    for (let row = 0; row < cells.table.rows; row++) for (const value of pictures.row(row)) mix.number(row, value);
    return true;
  },
};

/** Two multiplicative hashes a row, fed with the bits of numbers. */
class Mixer {
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #number = new Float64Array(1);
  readonly #bits = new Int32Array(this.#number.buffer);

  constructor(rows: number) {
    this.#high = new Int32Array(rows);
    this.#low = new Int32Array(rows);
  }

  number(row: number, value: number): void {
    // −0 is 0, and every NaN is the same "no value".
    this.#number[0] = Number.isNaN(value) ? NaN : value + 0;
    for (const word of this.#bits) {
      this.#high[row] = mixed((this.#high[row] ?? 0) ^ word, 0x85ebca6b);
      this.#low[row] = mixed((this.#low[row] ?? 0) + word, 0xc2b2ae35);
    }
  }

  result(): Float64Array {
    return Float64Array.from(this.#high, (high, row) => (high >>> 0) * 2 ** 21 + ((this.#low[row] ?? 0) >>> 11));
  }
}

/** A round of MurmurHash3's finalizer (public domain): every bit of the input moves half of the output's. */
function mixed(value: number, factor: number): number {
  let word = value ^ (value >>> 16);
  word = Math.imul(word, factor);
  word ^= word >>> 13;
  return Math.imul(word, 0x9e3779b1) + 0x6a09e667;
}
