/** The least and the largest of any stretch of a column, without looking at every number of it each time. */
import type { NumberColumn } from '../../src/messages/columns.ts';

/** Numbers that are looked at once, and then as one. */
const block = 64;

/** Extremes of a column that grows; what has been looked at once is kept as long as the column keeps it. */
export class Extremes {
  readonly #column: NumberColumn;
  /** Per full block: index of the least and the largest number, −1 where there is none. */
  readonly #least: number[] = [];
  readonly #most: number[] = [];
  #cuts: number;

  constructor(column: NumberColumn) {
    this.#column = column;
    this.#cuts = column.cuts;
  }

  /**
   * Indices of the least and the largest number in [begin, end), the first one each; −1 where there is none. NaN is no
   * number.
   */
  between(begin: number, end: number): readonly [least: number, most: number] {
    this.#catchUp();
    const values = this.#column.values();
    let [least, most] = [-1, -1];
    const take = (low: number, high: number): void => {
      if (low >= 0 && (least < 0 || at(values, low) < at(values, least))) least = low;
      if (high >= 0 && (most < 0 || at(values, high) > at(values, most))) most = high;
    };
    const last = Math.min(end, values.length);
    for (let index = begin; index < last;) {
      const place = index / block;
      if (index % block === 0 && index + block <= last && place < this.#least.length) {
        take(this.#least[place] ?? -1, this.#most[place] ?? -1);
        index += block;
      } else {
        const number = Number.isNaN(at(values, index)) ? -1 : index;
        take(number, number);
        index++;
      }
    }
    return [least, most];
  }

  #catchUp(): void {
    const { cuts } = this.#column;
    if (cuts !== this.#cuts) this.#least.length = this.#most.length = 0;
    this.#cuts = cuts;
    const values = this.#column.values();
    for (let from = this.#least.length * block; from + block <= values.length; from += block) {
      let [least, most] = [-1, -1];
      for (let index = from; index < from + block; index++) {
        const value = at(values, index);
        if (Number.isNaN(value)) continue;
        if (least < 0 || value < at(values, least)) least = index;
        if (most < 0 || value > at(values, most)) most = index;
      }
      this.#least.push(least);
      this.#most.push(most);
    }
  }
}

const at = (values: Float64Array, index: number): number => values[index] ?? NaN;

const known = new WeakMap<NumberColumn, Extremes>();

/** Those of a column, kept with it. */
export function extremesOf(column: NumberColumn): Extremes {
  const found = known.get(column) ?? new Extremes(column);
  known.set(column, found);
  return found;
}
