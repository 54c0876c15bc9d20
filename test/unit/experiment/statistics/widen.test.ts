// Tests by ranks where training sets overlap: the values against Python's NormalDist and erfc, the share of errors by trying.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Delta, SeedValue } from '../../../../src/experiment/statistics/contract.ts';
import { judge } from '../../../../src/experiment/statistics/judge.ts';
import { rankSumInflation, signedRankInflation, widened } from '../../../../src/experiment/statistics/widen.ts';
import { keyed } from '../../../../src/numbers/random.ts';

describe('a p is raised', () => {
  test('by what the normal score loses', () => {
    for (const [p, inflation, expected] of [
      [0.01, 2, 0.06854814593650295],
      [0.0078125, 3, 0.1245897289533262],
      [1e-9, 1.25, 4.644159372642071e-8],
      [0.5, 4, 0.7359323112099923],
      [0.998, 2, 0.9985857856971452],
    ] as const)
      assert.ok(Math.abs(widened(p, inflation) / expected - 1) < 1e-9, `${widened(p, inflation)}`);
  });

  test('never below itself, in the order of p, and not at all without overlap', () => {
    const share = fc.double({ min: 1e-12, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.double({ min: 1, max: 50, noNaN: true }), (a, b, inflation) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        assert.equal(widened(a, 1), a);
        assert.ok(widened(a, inflation) >= a * (1 - 1e-12));
        assert.ok(widened(low, inflation) <= widened(high, inflation) * (1 + 1e-12));
      }),
    );
    assert.deepEqual([widened(1, 3), widened(0, 3)], [1, 0]);
    assert.throws(() => widened(0.5, 0.9), RangeError);
  });
});

describe('how much more a statistic varies', () => {
  const near = (value: number, expected: number): void => assert.ok(Math.abs(value - expected) < 1e-12, `${value}`);

  test('signed ranks: 1 + r(sum of the finite ranks)² ÷ sum of all squares', () => {
    near(signedRankInflation([2, -2, 2, 2], 0.25), 1 + 4 * 0.25);
    near(signedRankInflation([1, -2, 3], 0.5), 1 + (0.5 * 36) / 14);
    near(signedRankInflation([1, 0, -2, Infinity], 0.5), 1 + (0.5 * 9) / 14);
    assert.deepEqual([signedRankInflation([Infinity, -Infinity], 0.5), signedRankInflation([0], 0.5)], [1, 1]);
    assert.deepEqual([signedRankInflation([1, 2], 0), signedRankInflation([], 0.5)], [1, 1]);
  });

  test('rank sums: by the share of comparisons of two finite values', () => {
    near(rankSumInflation([1, 2], [3, 4, 5, 6], 0.3), 1 + 0.6 / 0.75);
    near(rankSumInflation([1, -Infinity], [3, 4, -Infinity, 6], 0.3), 1 + (0.6 * (0.5 * 0.75) ** 2) / 0.75);
    assert.equal(rankSumInflation([Infinity, Infinity], [1, 2], 0.3), 1);
    assert.deepEqual([rankSumInflation([], [1], 0.3), rankSumInflation([1], [], 0.3)], [1, 1]);
  });
});

/** A judgment of an arm without an effect, whose differences have a common part, as overlapping training sets give them. */
interface Setting {
  readonly n: number;
  readonly ratio: number;
  readonly paired: boolean;
  /** Runs that failed, of either arm as likely. */
  readonly failing: number;
}

function nullDelta(trial: number, { n, ratio, paired, failing }: Setting): Delta {
  const random = keyed(4711, trial);
  const shift = [random.normal(0, Math.sqrt(ratio)), paired ? 0 : random.normal(0, Math.sqrt(ratio))];
  // The arm of each seed's run that failed, for the first ones; seeds are all alike.
  const failed = Array.from({ length: failing }, () => random.integer(2));
  const runs = (arm: 0 | 1): { seed: number; value: SeedValue }[] =>
    Array.from({ length: n }, (_, seed) => {
      const value = paired && arm === 1 ? 0 : (shift[arm] ?? 0) + random.normal();
      return { seed: paired || arm === 0 ? seed : n + seed, value: failed[seed] === arm ? 'failed' : value };
    });
  const judgment = judge({
    ...{ baseline: 'b', level: 0.95, family: 'any', testOverTrain: ratio, failures: 'worst', looks: null, paired },
    arms: ([0, 1] as const).map((arm) => ({
      ...{ arm: arm === 0 ? 'a' : 'b', confirmed: true },
      values: { task: runs(arm) },
    })),
    measures: [{ task: 'task', higherIsBetter: true, margin: null, primary: true }],
    planning: false,
  });
  const delta = judgment.cells.find(({ arm }) => arm === 'a')?.delta;
  assert.ok(delta);
  return delta;
}

describe('failed runs where splits vary: the share of errors', () => {
  for (const [paired, failing] of [
    [true, 1],
    [true, 4],
    [false, 1],
    [false, 4],
  ] as const) {
    test(`${paired ? 'signed ranks' : 'rank sums'}, ${failing} of 10`, () => {
      const trials = 2000;
      const setting = { n: 10, ratio: 0.25, paired, failing };
      const deltas = Array.from({ length: trials }, (_, trial) => nullDelta(trial, setting));
      assert.ok(deltas.every(({ test: kind }) => kind === 'rank'));
      const share = (of: (delta: Delta) => number | null): number =>
        deltas.filter((delta) => (of(delta) ?? 1) <= 0.05).length / trials;
      // Three standard errors of 5 % in 2,000 trials are 1.5 points.
      assert.ok(share(({ adjustedP }) => adjustedP) <= 0.065, `${share(({ adjustedP }) => adjustedP)}`);
      if (failing === 1) assert.ok(share(({ p }) => p) > 0.12, `${share(({ p }) => p)}`);
      assert.ok(deltas.every(({ corrected, adjustedP }) => corrected === adjustedP));
      assert.match(deltas[0]?.reasons.map(({ en }) => en).join(' ') ?? '', /training sets overlap, its p is raised/);
    });
  }

  test('where the split is held nothing is raised, and nothing said', () => {
    const { p, adjustedP, reasons } = nullDelta(0, { n: 10, ratio: 0, paired: true, failing: 1 });
    assert.equal(adjustedP, p);
    assert.doesNotMatch(reasons.map(({ en }) => en).join(' '), /raised/);
  });
});
