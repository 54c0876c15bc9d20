/** Cross-validation around linear models: gaps in columns, the least of the penalties. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  foldsOf,
  logisticLoss,
  penalties,
  ridgeLoss,
  type LinearProblem,
} from '../../../../src/trainer/baselines/cross-validation.ts';
import { standardized } from '../../../../src/trainer/baselines/features.ts';
import { predictRow, ridgeOf } from '../../../../src/trainer/baselines/ridge.ts';
import { lossNamed } from '../resolved.ts';

const up = (n: number): number[] => Array.from({ length: n }, (_, row) => row);
const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${String(actual)} for ${String(expected)}`);

function problemOf(targets: readonly number[], more: Partial<LinearProblem> = {}): LinearProblem {
  const rows = targets.length / (more.targetWidth ?? 1);
  return {
    features: standardized({ rows, columns: 1, data: Float64Array.from(up(rows)) }),
    targets: Float64Array.from(targets),
    targetWidth: 1,
    weights: new Float64Array(rows).fill(1),
    folds: foldsOf(new Float64Array(rows), 5, { seed: 0, task: 't' }),
    loss: lossNamed('regression', 'mse', {}, { width: more.targetWidth ?? 1 }),
    ...more,
  };
}

test('what a line explains is best under the weakest penalty, what nothing explains under the strongest', () => {
  const line = ridgeLoss(problemOf(up(30).map((x) => 3 * x + 1)), Float64Array.from(up(30).map((x) => 3 * x + 1)));
  assert.equal(line.penalty, penalties.at(-1));
  near(line.loss, 0, 1e-3);
  // Alternating signs have nothing to do with x.
  const noise = up(30).map((x) => (x % 2 === 0 ? 1 : -1));
  const found = ridgeLoss(problemOf(noise), Float64Array.from(noise));
  assert.equal(found.penalty, penalties[0]);
  assert.ok(found.loss > 0.9 && found.loss < 1.2);
  assert.equal(found.converged, true);
});

test('weaker penalties are tried until two in a row have made it worse, each once a fold', () => {
  /** Calls of the link: one for each fold and penalty that was tried. */
  const tried = (targets: readonly number[]): { readonly folds: readonly number[]; readonly penalty: number } => {
    const held: number[] = [];
    const problem = problemOf(targets);
    const { penalty } = ridgeLoss(problem, problem.targets, (value, rows) => {
      held.push(targets.length - rows.length);
      return value;
    });
    return { folds: held, penalty };
  };
  const line = tried(up(30).map((x) => 3 * x + 1));
  assert.equal(line.folds.length, 5 * penalties.length, 'every one was better');
  assert.ok(line.folds.every((count) => count === 6), 'fitted on the rows of the other folds'); // prettier-ignore
  const noise = tried(up(30).map((x) => (x % 2 === 0 ? 1 : -1)));
  assert.deepEqual([noise.penalty, noise.folds.length], [penalties[0], 5 * 3]);
  // Three rows fill three folds: an empty one is neither fitted nor judged.
  assert.equal(new Set(foldsOf([0, 0, 0], 5, { seed: 0, task: 't' })).size, 3);
  assert.equal(tried([1, 2, 4]).folds.length % 3, 0);
});

test('rows are dealt out over all folds, stratum by stratum, each as evenly as it can be', () => {
  const strata = up(23).map((row) => (row < 12 ? 2 : 0));
  const folds = foldsOf(strata, 5, { seed: 3, task: 't' });
  const count = (rows: readonly number[]): number[] =>
    up(5).map((fold) => rows.filter((row) => folds[row] === fold).length);
  // 11 rows of the stratum 0 go first, to the folds 0 … 4 and on; those of the stratum 2 follow where they ended.
  assert.deepEqual(count(up(23).filter((row) => row >= 12)), [3, 2, 2, 2, 2]);
  assert.deepEqual(count(up(12)), [2, 3, 3, 2, 2]);
  assert.deepEqual(foldsOf(strata, 5, { seed: 3, task: 't' }), folds);
  assert.notDeepEqual(foldsOf(strata, 5, { seed: 4, task: 't' }), folds);
  assert.notDeepEqual(foldsOf(strata, 5, { seed: 3, task: 'u' }), folds);
  assert.notDeepEqual([...folds.subarray(0, 10)], up(10).map((row) => (row + 1) % 5), 'shuffled'); // prettier-ignore
});

test('rows of no weight count neither for the fit nor for the loss', () => {
  const line = up(30).map((x) => (x < 20 ? x : 1000));
  const weights = Float64Array.from(line, (_, row) => (row < 20 ? 1 : 0));
  const problem = problemOf(line, { weights });
  near(ridgeLoss(problem, problem.targets).loss, 0, 0.01);
});

test('columns with gaps are each fitted on the rows that have a number there', () => {
  // Two columns: x and −2x; where a number is missing something far off stands.
  const [targets, present]: [number[], number[]] = [[], []];
  for (const x of up(40)) {
    const there = [x % 3 !== 0, x % 3 !== 1];
    targets.push(there[0] ? x : 1e6, there[1] ? -2 * x : 1e6);
    present.push(Number(there[0]), Number(there[1]));
  }
  const problem = problemOf(targets, { targetWidth: 2, present: Float64Array.from(present) });
  near(ridgeLoss(problem, problem.targets).loss, 0, 0.01);
});

test('classes: inputs that say nothing give the loss of the best constant, also where that is none of frequencies', () => {
  const labels = up(60).map((row) => (row % 4 === 0 ? 1 : 0));
  const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
  const loss = lossNamed('classification', 'cross-entropy', {}, { width: 2 });
  const folds = foldsOf(labels, 5, { seed: 0, task: 't' });
  const noise = standardized({ rows: 60, columns: 1, data: Float64Array.from(up(60).map((row) => (row * 37) % 60)) });
  const plain = problemOf(labels, { loss, folds, features: noise });
  near(logisticLoss(plain, 2).loss, entropy, 0.02);
  // Any number added to all logits changes nothing.
  near(logisticLoss(plain, 2, [5 + Math.log(0.75), 5 + Math.log(0.25)]).loss, logisticLoss(plain, 2).loss, 1e-6);
  // A constant of even logits moves the fit from the frequencies to one half.
  near(logisticLoss(plain, 2, [0, 0]).loss, Math.LN2, 0.02);
});

test('a penalty means the same for every number of rows: twice the rows, the same line', () => {
  const once = { rows: 3, columns: 1, data: Float64Array.of(-1, 0, 1) };
  const twice = { rows: 6, columns: 1, data: Float64Array.of(-1, 0, 1, -1, 0, 1) };
  const fit = (x: typeof once, y: readonly number[]) =>
    ridgeOf(
      x,
      { targets: Float64Array.from(y), outputs: 1, weights: new Float64Array(x.rows).fill(1) },
      up(x.rows),
    )(0.5);
  const [one, two] = [fit(once, [0, 1, 5]), fit(twice, [0, 1, 5, 0, 1, 5])];
  near(one.kernel[0] ?? NaN, two.kernel[0] ?? NaN, 1e-12);
  // Σ x y = 5 over Σ x² + λ n = 2 + 1.5; the mean stays.
  near(one.kernel[0] ?? NaN, 5 / 3.5, 1e-12);
  near(one.bias[0] ?? NaN, 2, 1e-12);
  assert.ok(
    Number.isNaN(
      ridgeOf(once, { targets: Float64Array.of(1, 2, 3), outputs: 1, weights: new Float64Array(3) }, [])(1).bias[0],
    ),
  );
});

test('a column that is at its mean, or 0, takes nothing from the columns after it', () => {
  // y = 1 + 2 x₁ + 3 x₂; x₁ is at its mean in the second row.
  const x = { rows: 4, columns: 2, data: Float64Array.of(-1, 5, 0, -2, 1, 4, 0, 0) };
  const targets = Float64Array.of(14, -5, 15, 1);
  const model = ridgeOf(x, { targets, outputs: 1, weights: new Float64Array(4).fill(1) }, up(4))(1e-12);
  near(model.kernel[0] ?? NaN, 2, 1e-9);
  near(model.kernel[1] ?? NaN, 3, 1e-9);
  for (const row of up(4)) near(predictRow(model, x, row)[0] ?? NaN, targets[row] ?? NaN, 1e-9);
});

test('a column of zeros takes nothing from those after it, in ridge regression', () => {
  // Of x = −1, 0, 2, −1 and y = 1, 0, 3, 2 the means are 0 and 1.5: Σ x y = 3, Σ x² = 6; the line is not exact.
  const x = [-1, 0, 2, -1];
  const all = { targets: Float64Array.of(1, 0, 3, 2), outputs: 1, weights: new Float64Array(4).fill(1) };
  const beside = { rows: 4, columns: 2, data: Float64Array.from(x.flatMap((value) => [0, value])) };
  const { kernel, bias } = ridgeOf(beside, all, up(4))(0.25);
  near(kernel[0] ?? NaN, 0, 1e-12);
  near(kernel[1] ?? NaN, 3 / (6 + 0.25 * 4), 1e-12);
  near(bias[0] ?? NaN, 1.5, 1e-12);
});
