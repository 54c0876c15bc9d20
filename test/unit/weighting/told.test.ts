// Where a strategy's equation has no answer: what it takes instead, and that it says so – up to the border, and not before.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { report } from '../../../src/weighting/state.ts';
import { gramOf } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy } from '../../golden/runner/strategies.ts';
import type { Json, StepStatistics, Weighting } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';
import { said } from './said.ts';

type Rows = readonly (readonly number[])[];

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${String(index)}`);

function statisticsOf(rows: Rows, more: Partial<StepStatistics> = {}): StepStatistics {
  const gram = gramOf(rows);
  return {
    ...{ step: 0, epoch: 0, tasks: namesOf(rows.length), losses: rows.map(() => 1), weights: rows.map(() => 1) },
    ...{ gram, norms: gram.map((row, i) => Math.sqrt(row[i] ?? 0)), ...more },
  };
}

function weigh(
  name: string,
  rows: Rows,
  {
    state = null,
    more = {},
    ...parameters
  }: { state?: Json; more?: Partial<StepStatistics>; [key: string]: unknown } = {},
): Weighting {
  const statistics = statisticsOf(rows, more);
  const tasks = namesOf(Math.max(rows.length, 3));
  return createStrategy(name, { parameters, tasks }).weigh(statistics, state);
}

const near = (actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void => {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? NaN)) <= tolerance, actual.join()));
};

test('a solver that stopped early says so with its name; one that converged says nothing', () => {
  assert.deepEqual(report('x', { x: [], converged: true, residual: 1, iterations: 3 }), []);
  assert.deepEqual(report('x', { x: [], converged: false, residual: 0.0123, iterations: 3 }), [
    {
      en: 'x: the solver stopped after 3 iterations with a relative residual of 1.2e-2.',
      zh: 'x：求解器在 3 次迭代后停止，相对残差为 1.2e-2。',
    },
  ]);
});

describe('krum', () => {
  // Two near each other, two far away on both sides.
  const rows = [[1, 0], [1.1, 0], [9, 0], [-9, 1]]; // prettier-ignore

  test('takes the mean below byzantine + 3 tasks, and says how many are needed', () => {
    const few = weigh('krum', rows.slice(0, 3), { byzantine: 1, selected: 1 });
    assert.deepEqual(few.weights, [1 / 3, 1 / 3, 1 / 3]);
    assert.deepEqual(said(few), ['krum: 3 of the 4 tasks that are needed are present; their mean is taken.']);
    const enough = weigh('krum', rows, { byzantine: 1, selected: 1 });
    assert.deepEqual([enough.weights, said(enough)], [[1, 0, 0, 0], []]);
  });

  test('takes the mean with fewer tasks than are to be selected', () => {
    const few = weigh('krum', rows.slice(0, 3), { byzantine: 0, selected: 4 });
    assert.deepEqual(few.weights, [1 / 3, 1 / 3, 1 / 3]);
    assert.deepEqual(said(few), ['krum: 3 of the 4 tasks that are needed are present; their mean is taken.']);
    assert.deepEqual(weigh('krum', rows, { byzantine: 0, selected: 4 }).weights, [0.25, 0.25, 0.25, 0.25]);
    assert.deepEqual(weigh('krum', rows, { byzantine: 1, selected: 2 }).weights, [0.5, 0.5, 0, 0]);
  });

  test('of equal scores the earlier task is taken', () => {
    assert.deepEqual(weigh('krum', [[1, 0], [0, 1], [-1, 0], [0, -1]], { byzantine: 0, selected: 1 }).weights, [1, 0, 0, 0]); // prettier-ignore
  });
});

describe('trimmed mean', () => {
  const of = (count: number, trim: number) =>
    createEntryStrategy('trimmed-mean', { parameters: { trim }, tasks: namesOf(count) }).combine(
      {
        ...statisticsOf(Array.from({ length: count }, () => [1])),
        ...{ space: doubleVectors, memory: {} },
        rows: Array.from({ length: count }, (_, i) => Float64Array.of((i + 1) ** 2, -i)),
      },
      null,
    );

  test('needs 2 · trim + 1 tasks; with fewer their mean is taken and told', () => {
    const enough = of(5, 2);
    assert.deepEqual([[...enough.direction], said(enough)], [[9, -2], []]);
    const few = of(4, 2);
    assert.deepEqual([...few.direction], [30 / 4, -6 / 4]);
    assert.deepEqual(said(few), ['trimmed-mean: 4 of the 5 tasks that are needed are present; their mean is taken.']);
    assert.deepEqual([...of(4, 1).direction], [13 / 2, -3 / 2]);
    assert.deepEqual([...of(3, 0).direction], [14 / 3, -1]);
  });
});

describe('pcd', () => {
  test('without a label of the primary task nothing is learned, and that is said', () => {
    const found = weigh('pcd', [[1, 0], [0, 1]], { primary: 't2' }); // prettier-ignore
    assert.deepEqual(found.weights, [0, 0]);
    assert.match(said(found).join(), /^pcd: the primary task "t2" has no label in this batch/u);
  });

  test('contradictions leave the primary gradient alone', () => {
    // Two others that pull against each other cannot both fall.
    const found = weigh('pcd', [[1, 0], [0, 1], [0, -1]], { primary: 't0', beta: 0 }); // prettier-ignore
    near(found.weights, [1, 0, 0]);
    assert.match(said(found).join(), /^pcd: the tasks contradict each other; the primary gradient/u);
    const fine = weigh('pcd', [[1, 0], [0, 1], [0, 2]], { primary: 't0', beta: 0 }); // prettier-ignore
    assert.deepEqual(said(fine), []);
  });

  test('a primary gradient of 0 gives no step', () => {
    assert.deepEqual(weigh('pcd', [[0, 0], [0, 1]], { primary: 't0' }).weights, [0, 0]); // prettier-ignore
  });
});

describe('nash-mtl', () => {
  const state = { alpha: { t0: 0.5, t1: 0.25 } };

  test('a zero gradient or preference: the last weights stay', () => {
    const zero = weigh('nash-mtl', [[1, 0], [0, 0]], { state }); // prettier-ignore
    assert.deepEqual([zero.weights, zero.state], [[0.5, 0.25], state]);
    assert.match(said(zero).join(), /^nash-mtl: a gradient is zero.*the last weights stay\.$/u);
    const first = weigh('nash-mtl', [[0.1, 0], [0, 0]]); // prettier-ignore
    assert.deepEqual(first.weights, [1, 1], 'ones at the start');
    const idle = weigh('nash-mtl', [[1, 0], [0, 1]], { state, more: { weights: [1, 0] } }); // prettier-ignore
    assert.deepEqual(idle.weights, [0.5, 0.25]);
    assert.match(said(idle).join(), /^nash-mtl: a preference is 0/u);
  });

  test('gradients that cancel: the weights with which they do, of the size of the last ones', () => {
    // a₀ g₀ + a₁ g₁ = 0 with a₀ : a₁ = 2 : 1, and Σ aᵢ ‖gᵢ‖ = .5 · 1 + .25 · 2.
    const found = weigh('nash-mtl', [[1, 0], [-2, 0]], { state }); // prettier-ignore
    near(found.weights, [0.5, 0.25], 1e-6);
    assert.match(said(found).join(), /^nash-mtl: the gradients cancel/u);
  });

  test('between its updates it keeps the solution, a new task apart, and clips in each step', () => {
    const rows = [[0.3, 0], [0, 0.1]]; // prettier-ignore
    const kept = weigh('nash-mtl', rows, { state, updateEvery: 2, more: { step: 3 } });
    assert.deepEqual([kept.weights, kept.state, said(kept)], [[0.5, 0.25], state, []]);
    // G a = 1/a of orthogonal gradients: aᵢ = 1/‖gᵢ‖, of norm √2.
    const solved = weigh('nash-mtl', rows, { state, updateEvery: 2, more: { step: 4 } });
    near(solved.weights, [10 / 3 / Math.SQRT2, 10 / Math.SQRT2], 1e-6);
    const free = weigh('nash-mtl', rows, { state, updateEvery: 2, maxNorm: 0, more: { step: 4 } });
    near(free.weights, [10 / 3, 10], 1e-6);
    const early = weigh('nash-mtl', rows, {
      state: { alpha: { t0: 1 } },
      updateEvery: 2,
      maxNorm: 0,
      more: { step: 3 },
    });
    near(early.weights, [10 / 3, 10], 1e-6);
  });
});

describe('imtl-g', () => {
  test('opposite gradients cancel: equal projections of 0, which is said', () => {
    const found = weigh('imtl-g', [[1, 0], [-2, 0]]); // prettier-ignore
    near(found.weights, [2 / 3, 1 / 3], 1e-9);
    assert.deepEqual(said(found), ['imtl-g: the gradients cancel (a Pareto stationary point); all projections are 0.']);
  });

  test('gradients of 0 have weight 0; others are weighed as if alone, and nothing is said', () => {
    const found = weigh('imtl-g', [[2, 0], [0, 0], [0, 1]]); // prettier-ignore
    near(found.weights, [1 / 3, 0, 2 / 3]);
    assert.deepEqual(said(found), []);
    const none = weigh('imtl-g', [[0], [0]]); // prettier-ignore
    assert.deepEqual([none.weights, said(none)], [[0, 0], []]);
  });
});

test('performance: a task that was not measured keeps its mean, those behind it go on', () => {
  const found = weigh('performance', [[1], [1], [1]], {
    state: { mean: { t0: 0.5, t2: 0.6 } },
    more: { performance: [null, 0.4, 0.8] },
    ...{ alpha: 0.25, gamma: 2 },
  });
  const means = [0.5, 0.4, 0.25 * 0.8 + 0.75 * 0.6];
  near(found.weights, means.map((mean) => -((1 - mean) ** 2) * Math.log(mean))); // prettier-ignore
  assert.deepEqual(Object.keys((found.state as { mean: object }).mean), ['t0', 't2', 't1']);
  const clipped = weigh('performance', [[1], [1]], { more: { performance: [0, 1] }, inverse: true });
  near(clipped.weights, [0.01, 0.99].map((mean) => -1 / ((1 - mean) * Math.log(mean)))); // prettier-ignore
});

test('a solver that did not reach its answer is told by the strategy that asked it', () => {
  // A row behind another: Frank and Wolfe stay on the vertex with a step of 1.
  const early = weigh('mgda', [[1, 0], [2, Math.sqrt(5)]], { solver: 'frank-wolfe', maxIterations: 7 }); // prettier-ignore
  assert.deepEqual(said(early), ['mgda: the solver stopped after 7 iterations with a relative residual of 1.0e+0.']);
  assert.deepEqual(said(weigh('mgda', [[1, 0], [2, 1]])), []); // prettier-ignore
  const cancels = [[1, 0], [-1, 1], [0, -1]]; // prettier-ignore
  assert.match(said(weigh('fairgrad', cancels)).join(), /^fairgrad: the solver stopped after \d+ iterations/u);
  assert.deepEqual(said(weigh('fairgrad', [[1, 0], [0, 2]])), []); // prettier-ignore
  for (const name of ['upgrad', 'dualproj', 'cagrad', 'nash-mtl']) {
    assert.deepEqual(said(weigh(name, [[1, 0], [0, 2]])), [], name); // prettier-ignore
  }
});

describe('gradients too small to be told from 0', () => {
  const right = [[1, 0], [0, 1]]; // prettier-ignore

  test('cagrad: the shortest combination relative to all, and the sum of squares, up to their borders', () => {
    // w = (½, ½): ‖g_w‖² = ½, of a trace of 2.
    const usual = weigh('cagrad', right).weights;
    assert.ok(usual.every((weight) => weight > 0));
    assert.deepEqual(weigh('cagrad', right, { normEps: 0.4999 }).weights, usual);
    assert.deepEqual(weigh('cagrad', right, { normEps: 0.5001 }).weights, [0, 0]);
    assert.deepEqual(weigh('cagrad', right, { traceEps: 2 }).weights, usual);
    assert.deepEqual(weigh('cagrad', right, { traceEps: 2.0001 }).weights, [0, 0]);
    assert.deepEqual(weigh('cagrad', [[0, 0], [0, 0]]).weights, [0, 0]); // prettier-ignore
  });

  test('cagrad: where nothing is said the border lies at 1e-7 of the root of the trace', () => {
    // The shortest combination of (1, e) and (−1, e) is (0, e), their mean; the root of the trace is √2 but for rounding.
    const [above, below] = [1.1e-7, 0.9e-7].map((share) => {
      const e = share * Math.SQRT2;
      return weigh('cagrad', [[1, e], [-1, e]]).weights; // prettier-ignore
    });
    // d = g₀ + 0.4 g₀, divided by 1 + 0.4².
    near(above ?? [], [(1.4 / 1.16) * 0.5, (1.4 / 1.16) * 0.5], 1e-2);
    assert.deepEqual(below, [0, 0]);
  });

  test('upgrad and dualproj: below the border the preferences stand as they are', () => {
    const conflict = [[1, 0], [-1, 1]]; // prettier-ignore
    const more = { weights: [3, 1] };
    for (const name of ['upgrad', 'dualproj']) {
      const usual = weigh(name, conflict, { more }).weights;
      assert.notDeepEqual(usual, [0.75, 0.25]);
      assert.deepEqual(weigh(name, conflict, { normEps: 3, more }).weights, usual, 'a trace of 3 is not below 3');
      near(weigh(name, conflict, { normEps: 3.001, more }).weights, [0.75, 0.25]);
      near(weigh(name, [[0], [0]], { normEps: 0, more }).weights, [0.75, 0.25]); // prettier-ignore
    }
    // ¾ g₀ + ¼ g₁ goes by −¼ along g₁, which ⅛ g₁ makes good; alone ¾ g₀ needs ⅜ g₁, and ¼ g₁ needs ¼ g₀.
    near(weigh('dualproj', conflict, { regEps: 1e-12, more }).weights, [0.75, 0.375], 1e-6);
    near(weigh('upgrad', conflict, { regEps: 1e-12, more }).weights, [0.75 + 0.25, 0.375 + 0.25], 1e-6);
  });

  test('fairgrad: a zero gradient has the largest weight of the others, a preference of 0 has none', () => {
    near(weigh('fairgrad', [[2, 0], [0, 0], [0, 1]]).weights, [0.5, 1, 1]); // prettier-ignore
    near(weigh('fairgrad', [[2, 0], [0, 1]], { more: { weights: [0, 3] } }).weights, [0, Math.SQRT2], 1e-9); // prettier-ignore
    near(weigh('fairgrad', [[0], [0]]).weights, [0.5, 0.5]); // prettier-ignore
    near(weigh('fairgrad', [[2, 0], [0, 1]], { alpha: 0, more: { weights: [1, 3] } }).weights, [0.25, 0.75]); // prettier-ignore
  });

  test('aligned-mtl and config without any gradient', () => {
    assert.deepEqual(weigh('aligned-mtl', [[0], [0]], { more: { weights: [1, 3] } }).weights, [0.25, 0.75]); // prettier-ignore
    assert.deepEqual(weigh('aligned-mtl', [[0], [0]], { convention: 'sum' }).weights, [1, 1]); // prettier-ignore
    assert.deepEqual(weigh('config', [[0], [0]]).weights, [0, 0]); // prettier-ignore
    near(weigh('config', [[2, 0], [0, 0], [0, 1]]).weights, [0.5 * 1.5, 0, 1.5]); // prettier-ignore
  });
});

test('aligned-mtl: the level is the smallest, the lower median or the mean of the singular values', () => {
  // At right angles the eigenvalues are the squares: 16, 4, 1 and weights σ/‖gᵢ‖ · ⅓.
  const rows = [[4, 0, 0], [0, 2, 0], [0, 0, 1]]; // prettier-ignore
  const of = (scaleMode?: string) => weigh('aligned-mtl', rows, scaleMode === undefined ? {} : { scaleMode }).weights;
  const expected = (level: number): number[] => [4, 2, 1].map((norm) => level / norm / 3);
  near(of(), expected(1));
  near(of('min'), expected(1));
  near(of('median'), expected(2));
  near(of('rmse'), expected(Math.sqrt(7)));
  near(weigh('aligned-mtl', rows.slice(0, 2), { scaleMode: 'median' }).weights, [2 / 4 / 2, 2 / 2 / 2]);
});

test('mgda: each way of normalizing, applied to the normalized gradients or to the raw ones', () => {
  // Norms 2 and 3, at right angles; losses .5 and 4.
  const rows = [[2, 0], [0, 3]]; // prettier-ignore
  const more = { losses: [0.5, 4] };
  for (const [kind, nu] of [
    ['none', [1, 1]],
    ['l2', [2, 3]],
    ['loss', [0.5, 4]],
    ['loss+', [1, 12]],
  ] as const) {
    // prettier-ignore
    const [a, b] = [(2 / nu[0]) ** -2, (3 / nu[1]) ** -2];
    const shares = [a / (a + b), b / (a + b)];
    near(
      weigh('mgda', rows, { gradientNormalization: kind, ...(kind !== 'none' && { apply: 'raw' }), more }).weights,
      shares,
    );
    near(weigh('mgda', rows, { gradientNormalization: kind, more }).weights, [shares[0] ?? NaN, shares[1] ?? NaN].map((share, i) => share / (nu[i] ?? NaN))); // prettier-ignore
  }
  // What is nothing to divide by stays.
  near(weigh('mgda', [[0, 0], [0, 3]], { gradientNormalization: 'l2' }).weights, [1, 0]); // prettier-ignore
  near(weigh('mgda', rows, { gradientNormalization: 'loss', more: { losses: [0, Infinity] } }).weights, [
    9 / 13,
    4 / 13,
  ]);
});
