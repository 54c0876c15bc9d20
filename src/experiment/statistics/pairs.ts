/** Two arms, paired by seed. */
import type { SeedRecord, SeedValue } from './contract.ts';

export interface Pairs {
  /** Arm − baseline where both have a value, by seed. */
  readonly differences: readonly number[];
  /**
   * The same with failed runs as the worst: −∞ in goodness where the arm failed, +∞ where the baseline did, 0 where both; turned
   * into the metric's direction.
   */
  readonly ranked: readonly number[];
  readonly armFailures: number;
  readonly baselineFailures: number;
  readonly failedPairs: number;
  readonly undefinedPairs: number;
  readonly unpaired: number;
}

/** By seed, ascending. @throws RangeError for a seed that is there twice, or a value that is not finite */
export function bySeed(records: readonly SeedRecord[], where: string): SeedRecord[] {
  const sorted = [...records].sort((a, b) => a.seed - b.seed);
  for (const [index, { seed, value }] of sorted.entries()) {
    if (sorted[index + 1]?.seed === seed) throw new RangeError(`${where}: the seed ${seed} is there twice.`);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new RangeError(`${where}, seed ${seed}: ${value} is no metric; give null where it is undefined.`);
    }
  }
  return sorted;
}

export function pairUp(arm: readonly SeedRecord[], baseline: readonly SeedRecord[], higherIsBetter: boolean): Pairs {
  const partner = new Map(baseline.map(({ seed, value }) => [seed, value]));
  const shared = arm.flatMap(({ seed, value }): (readonly [SeedValue, SeedValue])[] => {
    const other = partner.get(seed);
    return other === undefined ? [] : [[value, other]];
  });
  const known = shared.filter(([a, b]) => a !== null && b !== null);
  const worst = higherIsBetter ? -Infinity : Infinity;
  const ranked = known.map(([a, b]): number => {
    if (a === 'failed') return b === 'failed' ? 0 : worst;
    return b === 'failed' ? -worst : Number(a) - Number(b);
  });
  const failures = (side: 0 | 1): number => shared.filter((pair) => pair[side] === 'failed').length;
  const failedPairs = known.filter((pair) => pair.includes('failed')).length;
  return {
    differences: known.flatMap(([a, b]) => (typeof a === 'number' && typeof b === 'number' ? [a - b] : [])),
    ranked,
    armFailures: failures(0),
    baselineFailures: failures(1),
    failedPairs,
    undefinedPairs: shared.length - known.length,
    unpaired: arm.length + baseline.length - 2 * shared.length,
  };
}
