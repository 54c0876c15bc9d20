/** Ranks with ties, and the mean rank of arms over blocks. */

/** Ranks from 1 for the smallest; equal values share the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = values.map(() => 0);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] ?? 0] === values[order[first] ?? 0]) last += 1;
    for (let place = first; place <= last; place += 1) result[order[place] ?? 0] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return result;
}

/** A metric's value; null where it is undefined; `failed` where the run gave none. */
export type RankedValue = number | null | 'failed';

export interface MeanRanks {
  /** One an arm, 1 = best; null without a usable block. */
  readonly ranks: readonly (number | null)[];
  readonly blocks: number;
  /** Blocks that count for no arm, since a metric is undefined in them. */
  readonly leftOut: number;
}

/**
 * The mean of an arm's ranks over blocks (a block is one task and seed). Within a block 1 is best and ties share; failed runs
 * share the worst places, below every value. A block with an undefined metric says nothing about the order and is left out for
 * all arms, and counted.
 *
 * @param blocks each with its direction and a value an arm
 * @throws RangeError where blocks have different numbers of arms
 */
export function meanRanks(
  blocks: readonly { readonly values: readonly RankedValue[]; readonly higherIsBetter: boolean }[],
): MeanRanks {
  const arms = blocks[0]?.values.length ?? 0;
  const totals = Array.from({ length: arms }, () => 0);
  let used = 0;
  for (const [index, { values, higherIsBetter }] of blocks.entries()) {
    if (values.length !== arms) {
      throw new RangeError(`Block ${index} has ${values.length} arms, the first one ${arms}: give each arm a value.`);
    }
    if (values.some((value) => value === null || Number.isNaN(value))) continue;
    used += 1;
    const losses = values.map((value) => (typeof value === 'number' ? (higherIsBetter ? -value : value) : Infinity));
    for (const [arm, rank] of ranks(losses).entries()) totals[arm] = (totals[arm] ?? 0) + rank;
  }
  return {
    ranks: totals.map((total) => (used > 0 ? total / used : null)),
    blocks: used,
    leftOut: blocks.length - used,
  };
}
