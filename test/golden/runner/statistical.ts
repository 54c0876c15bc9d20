/** Cases that give means and spreads over many draws. */
import type { Case, StepInput, StepOutput } from './check.ts';
import { asFields, asNumber, asNumbers } from './check.ts';
import { keyed } from '../../../src/numbers/random.ts';

const draws = 4000;

/** Draws of repetition `k` for a method, the same on every run. */
export function drawsFor(method: string, { matrix }: StepInput, k: number): Partial<StepInput> {
  const random = keyed(20, 'golden', method, k);
  if (method === 'GradDrop') return { uniform: (matrix[0] ?? []).map(() => random.uniform()) };
  if (method === 'Random') return { draws: { normal: matrix.map(() => random.normal()) } };
  return { draws: { orders: matrix.map(() => [...random.permutation(matrix.length)]) } };
}

/** |mean − expected| ≤ 5 sd √(1/n + 1/K) + 1e-9, entry by entry; an exact expectation has no 1/n. */
export function statisticalFailures(
  all: Case,
  run: (k: number) => Pick<StepOutput, 'direction'>,
  key = 'direction',
): string[] {
  const spread = asNumbers(all[`std_${key}`]);
  const totals = spread.map(() => 0);
  for (let k = 0; k < draws; k += 1) {
    for (const [i, value] of run(k).direction.entries()) totals[i] = (totals[i] ?? 0) + value / draws;
  }
  const exact = asFields(all['exact_expectation'])[key];
  const failures: string[] = [];
  const judge = (what: string, expected: readonly number[], share: number): void => {
    for (const [i, value] of expected.entries()) {
      const allowed = 5 * (spread[i] ?? 0) * Math.sqrt(share + 1 / draws) + 1e-9;
      const off = Math.abs((totals[i] ?? NaN) - value);
      if (!(off <= allowed))
        failures.push(`${what} ${i}: off by ${off.toExponential(2)}, allowed ${allowed.toExponential(2)}`);
    }
  };
  judge(`mean ${key}`, asNumbers(all[`mean_${key}`]), 1 / asNumber(all['n_draws']));
  if (exact) judge(`exact expectation of ${key}`, asNumbers(exact), 0);
  return failures;
}
