/** Differences of two arms on a task, paired by seed. */
import type { Cell } from './contract.ts';
import type { ContestArm } from './contest.ts';

export interface Pairs {
  /** First − second, where both have a value, in the order of the first one's seeds. */
  readonly differences: readonly number[];
  /** The same with ±Infinity where one of the two failed (the worst there is), 0 where both did. */
  readonly ranked: readonly number[];
  /** Pairs: seeds that both have. */
  readonly seeds: number;
  /** Seeds that only one of the two has. */
  readonly unpaired: number;
  readonly failed: number;
  readonly undefined: number;
  readonly missing: number;
}

/**
 * @param first look at so many seeds of each arm alone; null for all
 * @param higherIsBetter says which infinity is worst
 */
export function pairUp(
  a: ContestArm,
  b: ContestArm,
  task: string,
  { first, higherIsBetter }: { readonly first: number | null; readonly higherIsBetter: boolean },
): Pairs {
  const own = keyedCells(a, task, first);
  const other = keyedCells(b, task, first);
  const shared = [...own].flatMap(([key, cell]) => {
    const partner = other.get(key);
    return partner === undefined ? [] : [[cell, partner] as const];
  });
  const count = (state: Cell['state']): number =>
    shared.filter(([one, two]) => one.state === state || two.state === state).length;
  const differences: number[] = [];
  const ranked: number[] = [];
  const worst = higherIsBetter ? -Infinity : Infinity;
  for (const [one, two] of shared) {
    if (one.value !== null && two.value !== null) {
      differences.push(one.value - two.value);
      ranked.push(one.value - two.value);
    } else if (one.state === 'failed' && two.state === 'failed') ranked.push(0);
    else if (one.state === 'failed' && two.value !== null) ranked.push(worst);
    else if (two.state === 'failed' && one.value !== null) ranked.push(-worst);
  }
  return {
    ...{ differences, ranked, seeds: shared.length },
    unpaired: own.size + other.size - 2 * shared.length,
    failed: count('failed'),
    undefined: count('undefined'),
    missing: count('missing'),
  };
}

function keyedCells(arm: ContestArm, task: string, first: number | null): ReadonlyMap<string, Cell> {
  const cells = arm.rows.get(task) ?? [];
  const entries = arm.pairKeys.flatMap((key, index) => {
    const cell = cells[index];
    return cell === undefined ? [] : [[key, cell] as const];
  });
  return new Map(first === null ? entries : entries.slice(0, first));
}
