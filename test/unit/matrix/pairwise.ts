/**
 * A covering array: few rows such that every pair of values of two factors occurs together in at least one of them. Fast
 * and greedy: a pair that is still missing begins a row, and each further factor takes the value that covers most missing
 * pairs with what the row has so far (Cohen et al. 1997, AETG).
 *
 * Some rows are not allowed. A pair counts as covered only by an allowed row, so that what one combination refuses never
 * hides what another should show; a pair for which no allowed row is found is reported with an example.
 */
import { keyed, type Random } from '../../../src/numbers/random.ts';

/** For each factor the index of its value. */
export type Row = readonly number[];

/** Two factors, each with the index of a value. */
export interface Pair {
  readonly factors: readonly [number, number];
  readonly values: readonly [number, number];
}

export interface Cover {
  readonly rows: readonly Row[];
  /** Pairs that no allowed row was found for, each with a row that has it. */
  readonly refused: readonly { readonly pair: Pair; readonly row: Row }[];
}

export interface CoverOptions {
  readonly seed: number;
  readonly allowed?: (row: Row) => boolean | Promise<boolean>;
  /** Rows with a pair that are tried before it counts as refused. */
  readonly tries?: number;
}

/** @param sizes how many values each factor has */
export async function cover(sizes: readonly number[], options: CoverOptions): Promise<Cover> {
  const { seed, allowed = () => true, tries = 6 } = options;
  const random = keyed(seed, 'pairwise');
  const missing = new Missing(sizes);
  const rows: Row[] = [];
  const refused: { pair: Pair; row: Row }[] = [];
  for (let pair = missing.next(); pair; pair = missing.next()) {
    let last: Row | undefined;
    let found: Row | undefined;
    for (let attempt = 0; attempt < tries && !found; attempt++) {
      last = complete(pair, sizes, missing, random);
      if (await allowed(last)) found = last;
    }
    if (found) {
      rows.push(found);
      missing.coveredBy(found);
    } else if (last) {
      refused.push({ pair, row: last });
      missing.remove(pair);
    }
  }
  return { rows, refused };
}

/** The pairs that no row has yet, walked from those of the largest factors, which decide how many rows there are. */
class Missing {
  readonly #keys = new Set<string>();
  readonly #pairs: Pair[] = [];
  #place = 0;

  constructor(sizes: readonly number[]) {
    const factors = sizes.map((size, factor) => ({ size, factor })).sort((a, b) => b.size - a.size);
    for (const [place, a] of factors.entries()) {
      for (const b of factors.slice(place + 1)) this.#addAll(a.factor, a.size, b.factor, b.size);
    }
  }

  #addAll(first: number, firstSize: number, second: number, secondSize: number): void {
    for (let x = 0; x < firstSize; x++) {
      for (let y = 0; y < secondSize; y++) {
        this.#pairs.push({ factors: [first, second], values: [x, y] });
        this.#keys.add(keyOf(first, x, second, y));
      }
    }
  }

  next(): Pair | undefined {
    for (; this.#place < this.#pairs.length; this.#place++) {
      const pair = this.#pairs[this.#place];
      if (pair && this.#keys.has(keyOf(pair.factors[0], pair.values[0], pair.factors[1], pair.values[1]))) return pair;
    }
    return undefined;
  }

  has(first: number, x: number, second: number, y: number): boolean {
    return this.#keys.has(keyOf(first, x, second, y));
  }

  remove({ factors: [first, second], values: [x, y] }: Pair): void {
    this.#keys.delete(keyOf(first, x, second, y));
  }

  coveredBy(row: Row): void {
    row.forEach((x, first) => {
      row.forEach((y, second) => {
        if (first < second) this.#keys.delete(keyOf(first, x, second, y));
      });
    });
  }
}

function keyOf(first: number, x: number, second: number, y: number): string {
  const [a, b, c, d] = first < second ? [first, x, second, y] : [second, y, first, x];
  return `${String(a)}:${String(b)}:${String(c)}:${String(d)}`;
}

/** A row with the pair; the other factors in a random order take what covers most, ties by chance. */
function complete(pair: Pair, sizes: readonly number[], missing: Missing, random: Random): Row {
  const row = new Array<number>(sizes.length).fill(-1);
  pair.factors.forEach((factor, place) => (row[factor] = pair.values[place] ?? 0));
  for (const factor of random.permutation(sizes.length)) {
    if (row[factor] !== -1) continue;
    let best = -1;
    let value = 0;
    for (const candidate of random.permutation(sizes[factor] ?? 0)) {
      const gain = row.filter((other, at) => other !== -1 && missing.has(factor, candidate, at, other)).length;
      if (gain > best) [best, value] = [gain, candidate];
    }
    row[factor] = value;
  }
  return row;
}

/** Every row there is, in order. */
export function* product(sizes: readonly number[]): Generator<Row> {
  const total = sizes.reduce((all, size) => all * size, 1);
  for (let index = 0; index < total; index++) {
    let rest = index;
    yield sizes.map((size) => {
      const value = rest % size;
      rest = Math.floor(rest / size);
      return value;
    });
  }
}
