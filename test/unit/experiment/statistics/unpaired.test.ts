// Arms that are not paired: Welch's t, rank sums and their power against scipy 1.17 and statsmodels 0.15.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Delta, JudgeInput, SeedValue } from '../../../../src/experiment/statistics/contract.ts';
import { judge } from '../../../../src/experiment/statistics/judge.ts';
import { equivalenceOf, nonInferiorityOf } from '../../../../src/experiment/statistics/margins.ts';
import {
  pairedTPower,
  unpairedTPower,
  unpairedTSampleSize,
  upperLimitOfSd,
} from '../../../../src/experiment/statistics/power.ts';
import { rankSum, sidesOf, welch } from '../../../../src/experiment/statistics/unpaired.ts';

const close = (actual: number | null | undefined, expected: number, tolerance = 1e-10): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${actual} ${expected}`);
};

/** scipy.stats.ttest_ind(equal_var=False), its confidence_interval at .95 and .9, and one-sided with a shift. */
const cases = [
  { a: [0.81, 0.84, 0.79, 0.9], b: [0.7, 0.75, 0.72], t: 3.98273659846102, df: 4.6642012695824375, p: 0.012073279250708155, at95: [0.03800451132801538, 0.185328822005318], at90: [0.05425836680224614, 0.1690749665310872], error: 0.02803767306876787, shift: 0.05, greater: 0.0013832727099509059, less: 0.9584738463372976 },
  { a: [1, 2, 3, 4, 5], b: [2.5, 2.5, 3.5, 9], t: -0.8029696215572991, df: 4.226234550068667, p: 0.46472750025238224, at95: [-6.030657137892999, 3.280657137892999], at90: [-4.970130210361933, 2.2201302103619316], error: 1.7123935490028763, shift: 1, greater: 0.5815852770537875, less: 0.11706620176539785 },
  { a: [10, 12, 11, 15, 9, 14, 13, 10.5], b: [8, 9, 10, 8.5, 9.5, 7, 11, 8.2], t: 3.402638445360979, df: 11.547369469867961, p: 0.005522793022780942, at95: [1.0393976440582544, 4.785602355941744], at90: [1.38194705197611, 4.4430529480238885], error: 0.8559534157884996, shift: 1, greater: 0.0003542558097153608, less: 0.9769614183566276 },
] as const; // prettier-ignore

describe('Welch', () => {
  test('statistic, degrees of freedom, p and intervals', () => {
    for (const { a, b, t, df, p, at95, at90, error } of cases) {
      const found = welch(a, b);
      for (const [value, expected] of [
        [found.t, t],
        [found.df, df],
        [found.p, p],
        [found.error, error],
      ] as const)
        // prettier-ignore
        close(value, expected);
      assert.equal(found.reason, null);
      assert.equal(found.n, Math.min(a.length, b.length));
      for (const [interval, expected] of [
        [found.interval, at95],
        [welch(a, b, 0, 0.9).interval, at90],
      ] as const)
        // prettier-ignore
        for (const end of [0, 1] as const) close(interval?.[end], expected[end]);
    }
  });

  test('margins: one-sided tests against it', () => {
    for (const { a, b, shift, greater, less } of cases) {
      const found = welch(a, b);
      close(nonInferiorityOf(found, shift, true, 0.95).p, greater);
      close(nonInferiorityOf(found, shift, false, 0.95).p, less);
      close(equivalenceOf(found, shift, 0.95).p, Math.max(greater, less));
    }
  });

  test('overlapping training sets widen the variance of both means', () => {
    const [{ a, b, error }] = cases;
    // s² = v·n of each: (1/n + ρ)·s²
    const variance = (values: readonly number[]): number => {
      const mean = values.reduce((x, y) => x + y) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    };
    const [va, vb] = [variance(a) * (1 / 4 + 0.2), variance(b) * (1 / 3 + 0.2)];
    const found = welch(a, b, 0.2);
    close(found.error, Math.sqrt(va + vb));
    close(found.df, (va + vb) ** 2 / (va ** 2 / 3 + vb ** 2 / 2));
    assert.ok((found.error ?? 0) > error);
  });

  test('what is missing', () => {
    const none = { error: null, interval: null, t: null, df: null };
    assert.deepEqual(welch([], [1, 2]), { ...none, n: 0, mean: null, p: null, reason: 'no-values' });
    assert.deepEqual(welch([1, 2], []), { ...none, n: 0, mean: null, p: null, reason: 'no-values' });
    assert.deepEqual(welch([3], [1, 2]), { ...none, n: 1, mean: 1.5, p: null, reason: 'one-value' });
    assert.deepEqual(welch([1, 2], [3]), { ...none, n: 1, mean: -1.5, p: null, reason: 'one-value' });
    assert.equal(welch([1, NaN], [3, 4]).reason, 'not-finite');
    assert.equal(welch([1, 2], [3, Infinity]).reason, 'not-finite');
    assert.deepEqual(welch([2, 2], [1, 1]), { ...none, n: 2, mean: 1, p: null, reason: 'no-spread' });
    assert.deepEqual(welch([2, 2], [2, 2]), { ...none, n: 2, mean: 0, p: 1, reason: 'no-spread' });
    // One arm without spread: the other one's counts.
    close(welch([2, 2, 2], [1, 2, 3]).df, 2);
    assert.throws(() => welch([1, 2], [1, 3], -1), RangeError);
    assert.throws(() => welch([1, 2], [1, 3], 0, 1), RangeError);
  });

  test('turned round, the sign alone changes', () => {
    const values = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [one, other] = [welch(a, b), welch(b, a)];
        assert.equal(one.reason, other.reason);
        if (one.p !== null) close(one.p, other.p ?? NaN, 1e-9);
        if (one.mean !== null) close(one.mean, -(other.mean ?? NaN), 1e-12);
      }),
    );
  });
});

describe('rank sums', () => {
  test('exact: mannwhitneyu, and all choices counted where there are ties', () => {
    close(rankSum([3, 5, 7, 9], [1, 2, 4]).p, 0.11428571428571428);
    close(rankSum([1, 2, 3, 4, 5], [6, 7, 8, 9]).p, 0.015873015873015872);
    close(rankSum([2.1, 3.3, 4.8, 0.1, 9.9], [1.2, 2.2, 5.5, 7.7, 6.1]).p, 0.6904761904761905);
    close(rankSum([1, 2, 2, 3], [2, 4, 5, 5]).p, 0.11428571428571428);
    close(rankSum([-Infinity, -Infinity, 3, 4, 5], [1, 2, 6, 7]).p, 0.373015873015873);
    close(rankSum([1, 1, 1], [1, 1]).p, 1);
    assert.deepEqual([rankSum([3, 4], [1, 2]).balance, rankSum([1, 2], [3, 4]).balance], [2, -2]);
  });

  test('what is missing', () => {
    assert.equal(rankSum([], [1]).reason, 'no-values');
    assert.equal(rankSum([1], []).reason, 'no-values');
    assert.equal(rankSum([NaN], [1]).reason, 'not-finite');
    const many = (n: number): number[] => Array.from({ length: n }, (_, index) => index);
    assert.equal(rankSum(many(200), many(51)).reason, 'too-many');
    assert.equal(rankSum(many(200), many(50)).reason, null);
  });

  test('failed runs are the worst of the metric', () => {
    const records = (values: readonly SeedValue[]) => values.map((value, seed) => ({ seed, value }));
    const sides = sidesOf(records([1, 'failed', null]), records([2, null, 'failed', 'failed']), true);
    assert.deepEqual([sides.arm, sides.baseline], [[1], [2]]);
    assert.deepEqual(sides.ranked, [[1, -Infinity], [2, -Infinity, -Infinity]]); // prettier-ignore
    const { armFailures, baselineFailures, failedPairs, undefinedPairs, unpaired } = sides.counts;
    assert.deepEqual([armFailures, baselineFailures, failedPairs, undefinedPairs, unpaired], [1, 2, 3, 2, 0]);
    assert.deepEqual(sidesOf(records(['failed']), [], false).ranked[0], [Infinity]);
  });
});

describe('power', () => {
  test('statsmodels: TTestIndPower', () => {
    for (const [n, effect, alpha, expected] of [
      [8, 1, 0.05, 0.46123884950384564],
      [8, 1, 0.0125, 0.2372878845761925],
      [5, 1.6, 0.01, 0.2914733476868521],
      [20, 0.8, 0.05, 0.6934041966153818],
    ] as const)
      // prettier-ignore
      close(unpairedTPower(n, effect, alpha), expected, 1e-7);
    for (const [effect, power, alpha, expected] of [
      [1, 0.8, 0.05, 17],
      [1, 0.8, 0.0125, 24],
      [0.5, 0.9, 0.05, 86],
      [2.5, 0.8, 0.05, 4],
    ] as const)
      // prettier-ignore
      assert.equal(unpairedTSampleSize(effect, power, alpha), expected);
  });

  test('what is none, and splits that overlap too much', () => {
    assert.equal(unpairedTPower(1, 1, 0.05), null);
    assert.throws(() => unpairedTPower(2.5, 1, 0.05), /integer/);
    assert.throws(() => unpairedTSampleSize(1, 1, 0.05), /Power/);
    assert.ok((unpairedTPower(8, 1, 0.05, 0.1) ?? 1) < (unpairedTPower(8, 1, 0.05) ?? 0));
    assert.ok((unpairedTPower(8, 1, 0.05) ?? 1) < (pairedTPower(8, 1, 0.05) ?? 0));
    assert.equal(unpairedTSampleSize(0.5, 0.8, 0.05, 0.25), null);
    // Without end: a normal with mean 1/√(2ρ); at ρ = 0.06 it is 2.887, and P(Z > 1.96 − 2.887) = 0.823.
    assert.notEqual(unpairedTSampleSize(1, 0.8, 0.05, 0.06), null);
    assert.equal(unpairedTSampleSize(1, 0.83, 0.05, 0.06), null);
  });
});

describe('the judgment', () => {
  const records = (values: readonly SeedValue[], from: number) =>
    values.map((value, place) => ({ seed: from + place, value }));
  const judged = (a: readonly SeedValue[], b: readonly SeedValue[], part: Partial<JudgeInput> = {}, margin: number | null = null): Delta => {
    const { cells } = judge({
      ...{ baseline: 'b', level: 0.95, family: 'any', testOverTrain: 0, failures: 'worst', looks: null, paired: false },
      arms: [
        { arm: 'b', confirmed: true, values: { k: records(b, 100) } },
        { arm: 'a', confirmed: true, values: { k: records(a, 0) } },
      ],
      measures: [{ task: 'k', higherIsBetter: true, margin, primary: true }],
      ...part,
    });
    const delta = cells.find(({ arm }) => arm === 'a')?.delta;
    assert.ok(delta);
    return delta;
  }; // prettier-ignore
  const said = ({ reasons }: Delta): string => reasons.map(({ en }) => en).join(' ');

  test('by Welch, and it says that nothing is paired', () => {
    const [first, second, third] = cases;
    const better = judged(first.a, first.b);
    assert.deepEqual([better.verdict, better.pairs, better.test, better.signFlipP], ['helps', 3, 't', null]);
    close(better.p, first.p);
    close(better.mean, 0.835 - 2.17 / 3);
    for (const end of [0, 1] as const) close(better.familyInterval?.[end], first.at95[end]);
    assert.match(said(better), /^Unpaired: .*Welch/);
    assert.equal(judged(first.b, first.a).verdict, 'hurts');
    const open = judged(second.a, second.b);
    assert.deepEqual([open.verdict, open.moreSeeds, open.unpaired], ['undecided', null, 0]);
    assert.equal(judged(second.a, second.b, {}, 9).verdict, 'equivalent');
    assert.equal(judged(second.b, second.a, {}, 3.5).verdict, 'non-inferior');
    assert.equal(judged(third.a, third.b, { testOverTrain: 0.5 }).verdict, 'undecided');
    // Paired, the same seeds would be asked for.
    assert.equal(judged(first.a, first.b, { paired: true }).pairs, 0);
  });

  test('more seeds of each arm, for the power that is wanted', () => {
    const { a, b } = cases[1];
    // Pooled: s² = (4·2.5 + 3·(2.5: 2.5, 2.5, 3.5, 9 → 9.729167))/7 with 7 degrees of freedom.
    const sd = Math.sqrt((4 * 2.5 + 3 * 9.729166666666666) / 7);
    const limit = upperLimitOfSd(sd, 8) ?? NaN;
    for (const power of [0.8, 0.95]) {
      const needed = unpairedTSampleSize(1 / limit, power, 0.05) ?? NaN;
      const open = judged(a, b, { power }, 1);
      assert.equal(open.moreSeeds, needed - 4);
      assert.match(
        said(open),
        new RegExp(`About ${needed - 4} more seeds of each arm would decide \\(${power * 100} % power`),
      );
    }
    assert.equal(judged(a, b, {}, 1).moreSeeds, judged(a, b, { power: 0.8 }, 1).moreSeeds);
  });

  test('failed and undefined runs', () => {
    const good = [0.9, 0.91, 0.92, 0.93, 0.94];
    const bad = [0.1, 0.11, 0.12, 0.13, 0.14];
    const failing = judged([...bad, 'failed'], good);
    assert.deepEqual(
      [failing.test, failing.verdict, failing.failedPairs, failing.interval],
      ['rank', 'hurts', 1, null],
    );
    close(failing.p, rankSum([...bad, -1], good).p ?? NaN);
    assert.match(said(failing), /worst rank \(rank-sum test\)/);
    assert.equal(judged([...good, 'failed'], bad).verdict, 'undecided', 'never better');
    const left = judged([...bad, 'failed'], good, { failures: 'exclude' });
    assert.deepEqual([left.test, left.verdict], ['t', 'hurts']);
    assert.match(said(left), /They are left out/);
    const open = judged([...good, null], bad);
    assert.deepEqual([open.verdict, open.undefinedPairs, open.adjustedP], ['undecided', 1, null]);
    assert.match(said(open), /undefined in 1 run:/);
    assert.match(said(judged([0.9], good)), /An arm has one value/);
    assert.match(said(judged([], good)), /One of the arms has no value yet/);
    assert.match(said(judged([1, 1], [0, 0])), /All values of either arm are equal/);
  });
});
