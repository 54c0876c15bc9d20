// Δm with its rules, the crossed bootstrap, variance components and factorials.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { crossedBootstrap } from '../../../../src/experiment/statistics/bootstrap.ts';
import { varianceComponents } from '../../../../src/experiment/statistics/components.ts';
import { deltaM } from '../../../../src/experiment/statistics/delta-m.ts';
import { factorial } from '../../../../src/experiment/statistics/factorial.ts';
import { keyed } from '../../../../src/numbers/random.ts';

const close = (actual: number | null | undefined, expected: number, tolerance = 1e-12): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${actual} ${expected}`);
};

describe('Δm', () => {
  const baseline = { a: [0.5, 0.7], b: [2, 2.2] };
  const higherIsBetter = { a: true, b: false };

  test('by hand, both directions', () => {
    const spread = { a: [0.59, 0.61], b: [2, 2.2] };
    const { values, mean, refused } = deltaM({
      arm: { a: [0.66, 0.6], b: [2.1, 1.68] },
      baseline: spread,
      higherIsBetter,
    });
    close(values[0], (0.1 + 0) / 2);
    close(values[1], (0 + 0.2) / 2);
    close(mean, 0.075);
    assert.equal(refused, null);
  });

  test('skill points for metrics without a true zero, marked, and never refused for being near it', () => {
    const result = deltaM({
      arm: { k: [0.3, 0.2] },
      baseline: { k: [0.1, -0.1, 0] },
      higherIsBetter: { k: true },
      scales: { k: { chance: 0.5 } },
    });
    close(result.values[0], 0.6);
    close(result.values[1], 0.4);
    assert.deepEqual([result.skillPoints, result.refused], [['k'], null]);
    assert.throws(
      () =>
        deltaM({ arm: { k: [1] }, baseline: { k: [1] }, higherIsBetter: { k: true }, scales: { k: { chance: 1 } } }),
      /below 1/,
    );
  });

  test('a baseline that may be nothing is refused', () => {
    const refusedFor = (a: readonly (number | null)[], level = 0.95): unknown =>
      deltaM({ arm: { a: [1, 1] }, baseline: { a }, higherIsBetter, level }).refused?.reason;
    assert.equal(refusedFor([0.1, 1]), 'baseline-near-zero');
    assert.equal(refusedFor([0.1, 1], 0.3), undefined);
    assert.equal(refusedFor([1]), 'one-baseline');
    assert.equal(refusedFor([]), 'no-baseline');
    assert.equal(refusedFor([null]), 'no-baseline');
    assert.equal(refusedFor([-1, -1.1]), 'baseline-not-positive');
    assert.equal(refusedFor([0, 0]), 'baseline-not-positive');
    assert.equal(refusedFor([1, 1]), undefined);
    const { values, mean, interval, undefinedSeeds } = deltaM({ arm: { a: [1, 1] }, baseline, higherIsBetter });
    assert.deepEqual([values, mean, interval, undefinedSeeds], [[null, null], null, null, 0]);
  });

  test('an undefined metric leaves its seed out, counted', () => {
    const result = deltaM({
      arm: { a: [1, null, 1.2], b: [2, 2, NaN] },
      baseline: { a: [1, 1, null], b: [2, 2] },
      higherIsBetter,
    });
    assert.deepEqual(result.values, [0, null, null]);
    assert.deepEqual([result.undefinedSeeds, result.undefinedBaselines, result.test.reason], [2, 1, 'one-value']);
  });

  test('what is missing is said', () => {
    assert.throws(() => deltaM({ arm: {}, baseline, higherIsBetter }), /needs a task/);
    assert.throws(() => deltaM({ arm: { c: [1] }, baseline, higherIsBetter }), /"c" has no single-task baseline/);
    assert.throws(() => deltaM({ arm: { a: [1] }, baseline, higherIsBetter: {} }), /Is higher better in "a"/);
    assert.throws(() => deltaM({ arm: { a: [1], b: [1, 2] }, baseline, higherIsBetter }), /1, 2 seeds/);
  });
});

describe('the crossed bootstrap', () => {
  const random = keyed(5, 'bootstrap');
  const seedEffect = Array.from({ length: 24 }, () => random.normal());
  const rowEffect = Array.from({ length: 60 }, () => random.normal());
  const statistic = (seed: number, rows: Int32Array): number =>
    rows.reduce((total, row) => total + (rowEffect[row] ?? NaN), 0) / rows.length + (seedEffect[seed] ?? NaN);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

  test('has the width of both sources of variance together', () => {
    const { estimate, interval, reason, fewSeeds } = crossedBootstrap({ seeds: 24, rows: 60, statistic, draws: 4000 });
    close(estimate, mean(seedEffect) + mean(rowEffect));
    const sd = Math.sqrt(variance(seedEffect) / 24 + variance(rowEffect) / 60);
    const [low, high] = interval ?? [NaN, NaN];
    close((high - low) / (2 * 1.96 * sd), 1, 0.06);
    assert.deepEqual([reason, fewSeeds], [null, false]);
  });

  test('is repeatable, wider with the level, and says when seeds are few', () => {
    const small = { seeds: 5, rows: 60, statistic, draws: 300 };
    assert.deepEqual(crossedBootstrap(small), crossedBootstrap(small));
    assert.notDeepEqual(crossedBootstrap({ ...small, key: 2 }).interval, crossedBootstrap(small).interval);
    const [a, b] = [crossedBootstrap({ ...small, level: 0.5 }).interval, crossedBootstrap(small).interval];
    assert.ok(a && b && b[0] < a[0] && a[1] < b[1]);
    assert.equal(crossedBootstrap({ ...small, seeds: 19 }).fewSeeds, true);
    assert.equal(crossedBootstrap({ ...small, seeds: 20 }).fewSeeds, false);
    assert.equal(crossedBootstrap({ seeds: 3, rows: 3, statistic }).draws, 2000);
  });

  test('what is missing is said', () => {
    const reasonOf = (part: object): unknown => crossedBootstrap({ seeds: 5, rows: 4, statistic, ...part }).reason;
    assert.equal(reasonOf({ seeds: 0 }), 'no-seeds');
    assert.equal(reasonOf({ rows: 0 }), 'no-rows');
    assert.equal(reasonOf({ seeds: 1 }), 'one-seed');
    assert.equal(reasonOf({ statistic: () => null }), 'undefined');
    const some = crossedBootstrap({ seeds: 5, rows: 4, statistic: (_, rows) => (new Set(rows).size > 2 ? 1 : null) });
    assert.deepEqual([some.reason, some.interval, some.estimate], ['undefined', null, 1]);
    assert.ok(some.undefinedDraws > 0);
    assert.throws(() => reasonOf({ seeds: 1.5 }), /no number/);
    assert.throws(() => reasonOf({ draws: 0 }), /1 draw/);
    assert.throws(() => reasonOf({ level: 1 }), /level/);
  });
});

describe('variance components', () => {
  test('by hand: two arms, two splits, two seeds', () => {
    // Split means 1.5 and 5, arms 2.5 and 4; cells 1, 4 | 2, 6; within ±1.
    const { split, armBySplit, seed, reason } = varianceComponents([
      [
        [0, 2],
        [3, 5],
      ],
      [
        [1, 3],
        [5, 7],
      ],
    ]);
    // MS_within = 8·1/4 = 2; MS_crossed = 2·4·0.25² = 0.5; MS_split = 4·2·1.75² = 24.5.
    close(seed?.variance, 2);
    assert.deepEqual(armBySplit, { variance: 0, raw: -0.75 });
    close(split?.variance, 6);
    assert.equal(reason, null);
  });

  test('drawn data give their variances back', () => {
    const random = keyed(8, 'components');
    const splits = Array.from({ length: 150 }, () => random.normal(0, 2));
    const cells = [0, 1, 5].map((arm) =>
      splits.map((split) => {
        const crossed = random.normal();
        return Array.from({ length: 4 }, () => arm + split + crossed + random.normal(0, 3));
      }),
    );
    const { split, armBySplit, seed } = varianceComponents(cells);
    close(seed?.variance, 9, 0.7);
    close(armBySplit?.variance, 1, 0.6);
    close(split?.variance, 4, 1.1);
  });

  test('what cannot be told apart is not', () => {
    assert.equal(varianceComponents([]).reason, 'empty');
    assert.equal(varianceComponents([[]]).reason, 'empty');
    assert.equal(varianceComponents([[[]]]).reason, 'empty');
    assert.equal(varianceComponents([[[1], [1, 2]]]).reason, 'unbalanced');
    assert.equal(varianceComponents([[[1]], [[1], [2]]]).reason, 'unbalanced');
    assert.equal(varianceComponents([[[1], [NaN]]]).reason, 'not-finite');
    const oneSeed = varianceComponents([
      [[1], [4]],
      [[2], [6]],
    ]);
    assert.deepEqual([oneSeed.reason, oneSeed.seed, oneSeed.armBySplit], ['one-seed', null, null]);
    close(oneSeed.armBySplitAndSeed?.variance, 0.25);
    close(oneSeed.split?.variance, (2 * 2 * 1.75 ** 2 - 0.25) / 2);
    const oneArm = varianceComponents([
      [
        [0, 2],
        [3, 5],
      ],
    ]);
    assert.deepEqual([oneArm.reason, oneArm.armBySplit], ['one-arm', null]);
    close(oneArm.split?.variance, (2 * 2 * 1.5 ** 2 - 2) / 2);
    assert.deepEqual(varianceComponents([[[0], [3]]]).split, null);
    const oneSplit = varianceComponents([[[0, 2]], [[3, 5]]]);
    assert.deepEqual([oneSplit.reason, oneSplit.split, oneSplit.seed?.variance], ['one-split', null, 2]);
    assert.equal(varianceComponents([[[0]], [[3]]]).seed, null);
  });
});

describe('factorials', () => {
  const run = (a: number, b: number, value: number) => ({ levels: { a, b }, value });

  test('balanced: the classical table', () => {
    const runs = [run(0, 0, 1), run(0, 1, 3), run(1, 0, 5), run(1, 1, 11)];
    const { effects, levelMeans, totalSumOfSquares, residualSumOfSquares, residualDf } = factorial(runs);
    assert.deepEqual(
      effects.map(({ df }) => df),
      [1, 1],
    );
    close(effects[0]?.sumOfSquares, 36);
    close(effects[1]?.sumOfSquares, 16);
    close(totalSumOfSquares, 56);
    close(residualSumOfSquares, 4);
    assert.equal(residualDf, 1);
    close(effects[0]?.etaSquared, 36 / 56);
    close(effects[0]?.partialEtaSquared, 36 / 40);
    assert.deepEqual(levelMeans[1], { factor: 'a', level: 1, runs: 2, mean: 8 });
  });

  test('unbalanced: type II, each beyond the other', () => {
    // Plain least squares by hand: y = 1 + 2a exactly, b is confounded in part and explains nothing more.
    const runs = [run(0, 0, 1), run(0, 0, 1), run(0, 1, 1), run(1, 1, 3), run(1, 1, 3), run(1, 0, 3)];
    const [a, b] = factorial(runs).effects;
    close(b?.sumOfSquares, 0);
    close(b?.partialEtaSquared ?? 0, b?.partialEtaSquared ?? 0);
    // Beyond b: Σ over levels of b of 2·1/3·4.
    close(a?.sumOfSquares, 16 / 3);
    close(a?.etaSquared, 16 / 3 / 6);
  });

  test('interactions beyond the main effects, which do not give way to them', () => {
    const runs = [
      run(0, 0, 1),
      run(0, 1, 3),
      run(1, 0, 5),
      run(1, 1, 11),
      run(0, 0, 1),
      run(0, 1, 3),
      run(1, 0, 5),
      run(1, 1, 11),
    ];
    const { effects, residualSumOfSquares } = factorial(runs, true);
    assert.deepEqual(
      effects.map(({ factors }) => factors),
      [['a'], ['b'], ['a', 'b']],
    );
    for (const [i, expected] of [72, 32, 8].entries()) close(effects[i]?.sumOfSquares, expected);
    close(residualSumOfSquares, 0, 1e-12);
  });

  test('confounded factors have no degree of freedom left', () => {
    const { effects } = factorial([run(0, 0, 1), run(1, 1, 2), run(0, 0, 3), run(1, 1, 4)]);
    assert.deepEqual(
      effects.map(({ df, sumOfSquares }) => [df, sumOfSquares]),
      [
        [0, 0],
        [0, 0],
      ],
    );
  });

  test('what is missing is said', () => {
    const nothing = {
      effects: [],
      levelMeans: [],
      totalSumOfSquares: null,
      residualSumOfSquares: null,
      residualDf: null,
    };
    assert.deepEqual(factorial([]), { runs: 0, ...nothing, reason: 'no-runs' });
    assert.deepEqual(factorial([run(0, 0, NaN)]), { runs: 1, ...nothing, reason: 'not-finite' });
    assert.throws(
      () => factorial([run(0, 0, 1), { levels: { a: 1 }, value: 2 }]),
      /Run 1 has no level of the factor "b"/,
    );
    assert.equal(factorial([run(0, 0, 1), run(1, 0, 1)]).effects[0]?.etaSquared, null);
  });
});
