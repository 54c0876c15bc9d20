/** Which source row trains, validates or tests. Decided before any row is dropped, from the split's own seed alone. */
import { text } from '../common/text.ts';
import { DataError } from '../data/error.ts';
import type { Table, TableFacts } from '../data/table.ts';
import { whereIs, whereIsZh } from '../data/table.ts';
import { compareCodePoints, labelsOf, parseNumber } from '../data/values.ts';
import { keyed } from '../numbers/random.ts';

export const parts = ['train', 'validation', 'test'] as const;
export type Part = (typeof parts)[number];

/** What a part is called in Chinese. */
export const partNames: Readonly<Record<Part, string>> = { train: '训练集', validation: '验证集', test: '测试集' };

/** Part of every source row; undefined for a row that is in none. */
export type Assignment = readonly (Part | undefined)[];

export interface Fractions {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

const words: ReadonlyMap<string, Part> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
]);

/**
 * Random parts of exactly the wanted sizes (largest remainder), each stratum spread over them in the same proportion.
 *
 * The rows of a stratum are shuffled, the strata stand one after the other, and every row goes to the part that lags furthest
 * behind its share so far. Classes with fewer rows than parts cannot be spread and are taken together as one stratum.
 *
 * @param strata a label per row; null (no label) is a stratum of its own
 */
export function splitByFractions(
  n: number,
  fractions: Fractions,
  seed: number,
  strata?: readonly (string | null)[],
): Part[] {
  const shares = parts.map((part) => fractions[part]);
  const sizes = partSizes(n, shares);
  const groups = groupsOf(n, strata, shares.filter((share) => share > 0).length);
  const assigned = parts.map(() => 0);
  const result: Part[] = Array.from({ length: n }, () => 'train');
  let done = 0;
  for (const [name, rows] of groups) {
    for (const index of keyed(seed, 'split', name).permutation(rows.length)) {
      done++;
      // All together lag by one row, so that one of them lags; a part that is full does not.
      let best = 0;
      let lag = -Infinity;
      for (const [part, size] of sizes.entries()) {
        const behind = (size * done) / n - (assigned[part] ?? 0);
        if (behind > lag) [best, lag] = [part, behind];
      }
      assigned[best] = (assigned[best] ?? 0) + 1;
      result[rows[index] ?? 0] = parts[best] ?? 'train';
    }
  }
  return result;
}

/** Whole numbers that add up to n, as near to the shares as can be. */
function partSizes(n: number, shares: readonly number[]): number[] {
  const total = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (n * share) / total);
  const sizes = exact.map((value) => Math.floor(value + 1e-9));
  const byRemainder = exact
    .map((value, part) => ({ part, rest: value - (sizes[part] ?? 0) }))
    .sort((a, b) => b.rest - a.rest);
  let left = n - sizes.reduce((a, b) => a + b, 0);
  for (const { part } of byRemainder) {
    if (left <= 0) break;
    sizes[part] = (sizes[part] ?? 0) + 1;
    left--;
  }
  return sizes;
}

/** Rows of each stratum in a fixed order of strata, which does not depend on the order of the rows. */
function groupsOf(
  n: number,
  strata: readonly (string | null)[] | undefined,
  smallest: number,
): (readonly [string, number[]])[] {
  if (strata === undefined) return [['', Array.from({ length: n }, (_, row) => row)]];
  const byLabel = new Map<string, number[]>();
  for (let row = 0; row < n; row++) {
    const label = strata[row] ?? null;
    const key = label === null ? 'missing' : `label:${label}`;
    const rows = byLabel.get(key);
    if (rows === undefined) byLabel.set(key, [row]);
    else rows.push(row);
  }
  const rare: number[] = [];
  const groups: (readonly [string, number[]])[] = [];
  for (const [key, rows] of [...byLabel].sort(([a], [b]) => compareCodePoints(a, b))) {
    if (rows.length < smallest) rare.push(...rows);
    else groups.push([key, rows]);
  }
  if (rare.length > 0) groups.push(['rare', rare.sort((a, b) => a - b)]);
  return groups;
}

/**
 * Parts by a column that says `train`, `val` (or `validation`) or `test`; an empty cell leaves the row out.
 * @throws DataError `split` for another word, `unknown-column`
 */
export function splitByColumn(table: Table, column: string): (Part | undefined)[] {
  return partsOf(table, column, labelsOf(table, column));
}

/** The same, from the labels of the column. */
export function partsOf(table: TableFacts, column: string, labels: readonly (string | null)[]): (Part | undefined)[] {
  return labels.map((cell, row) => {
    if (cell === null) return undefined;
    const part = words.get(cell.toLowerCase());
    if (part === undefined) {
      throw new DataError(
        'split',
        text(
          `${table.file}, ${whereIs(table, row)}, column “${column}”: “${cell.slice(0, 40)}” is no part. Write train, val or test.`,
          `${table.file}，${whereIsZh(table, row)}，列“${column}”：“${cell.slice(0, 40)}”不是划分。请写 train、val 或 test。`,
        ),
        { file: table.file, row, column },
      );
    }
    return part;
  });
}

/**
 * Parts by a table with the columns `row` (source row from 0, before any drop) and `part`. Rows it does not name are in no part.
 * @throws DataError `split`, `unknown-column`
 */
export function splitByFile(table: Table, rows: number): (Part | undefined)[] {
  const result = new Array<Part | undefined>(rows).fill(undefined);
  const named = new Set<number>();
  const assignment = splitByColumn(table, 'part');
  for (const [index, cell] of labelsOf(table, 'row').entries()) {
    const row = cell === null ? undefined : parseNumber(cell);
    const fail = (en: string, zh: string): DataError =>
      new DataError(
        'split',
        text(`${table.file}, ${whereIs(table, index)}: ${en}`, `${table.file}，${whereIsZh(table, index)}：${zh}`),
        { file: table.file, row: index, column: 'row' },
      );
    if (row === undefined || !Number.isInteger(row) || row < 0)
      throw fail(
        `“${(cell ?? '').slice(0, 40)}” is no row number. Rows count from 0.`,
        `“${(cell ?? '').slice(0, 40)}”不是行号。行号从 0 起。`,
      );
    if (row >= rows)
      throw fail(
        `there is no row ${row}; the data have ${rows} rows, counted from 0. Does this split belong to other data?`,
        `没有行 ${row}：数据共 ${rows} 行，从 0 起。此划分是否属于其他数据？`,
      );
    if (named.has(row)) throw fail(`row ${row} is named twice.`, `行 ${row} 出现两次。`);
    named.add(row);
    result[row] = assignment[index];
  }
  return result;
}
