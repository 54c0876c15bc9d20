/** Linear models against scikit-learn's (test/reference/linear.py), and what stands around them by hand. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldsOf, logisticLoss, penalties, ridgeLoss } from '../../../../src/trainer/baselines/cross-validation.ts';
import { cholesky, solveFactored } from '../../../../src/numbers/dense.ts';
import { narrowed } from '../../../../src/trainer/baselines/features.ts';
import { standardized, type Features } from '../../../../src/trainer/baselines/features.ts';
import { minimize } from '../../../../src/numbers/lbfgs.ts';
import { logisticOf } from '../../../../src/trainer/baselines/logistic.ts';
import { predictRow, ridgeOf } from '../../../../src/trainer/baselines/ridge.ts';
import { logSoftmaxOf } from '../../../../src/trainer/tasks/losses/sums.ts';
import { lossNamed } from '../resolved.ts';

interface Case {
  readonly name: string;
  readonly kind: 'ridge' | 'logistic';
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  readonly classes: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly folds: readonly number[];
  readonly models: readonly { readonly kernel: readonly number[]; readonly bias: readonly number[] }[];
  readonly probabilities: readonly (readonly number[])[];
  readonly losses: readonly number[];
}

const reference = JSON.parse(fs.readFileSync(new URL('../../../reference/linear.json', import.meta.url), 'utf8')) as {
  readonly penalties: readonly number[];
  readonly cases: readonly Case[];
};

const featuresOf = ({ rows, columns, x }: Case): Features => ({ rows, columns, data: Float64Array.from(x) });
const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${what}: ${actual} for ${expected}`);

test('the penalties are those of the reference', () => {
  assert.deepEqual(penalties, reference.penalties);
});

for (const known of reference.cases) {
  test(`${known.kind}, ${known.name}: models and cross-validated losses are scikit-learn's`, () => {
    const features = featuresOf(known);
    const weights = Float64Array.from(known.weights);
    const folds = Int32Array.from(known.folds);
    const targets = Float64Array.from(known.y);
    const every = [...folds.keys()];
    const best = Math.min(...known.losses);
    if (known.kind === 'ridge') {
      const model = ridgeOf(features, { targets, outputs: known.outputs, weights }, every);
      for (const [index, expected] of known.models.entries()) {
        const { kernel, bias } = model(penalties[index] ?? NaN);
        expected.kernel.forEach((value, at) => near(kernel[at] ?? NaN, value, 1e-9, 'kernel'));
        expected.bias.forEach((value, at) => near(bias[at] ?? NaN, value, 1e-9, 'bias'));
      }
      const loss = lossNamed('regression', 'mse', {}, { width: known.outputs });
      const problem = { features, targets, targetWidth: known.outputs, weights, folds, loss };
      const found = ridgeLoss(problem, targets);
      near(found.loss, best, 1e-7, 'loss');
      assert.equal(found.penalty, penalties[known.losses.indexOf(best)]);
      return;
    }
    const labels = Int32Array.from(known.y);
    const model = logisticOf(features, { labels, classes: known.classes, weights }, every, 1e-9);
    for (const [index, expected] of known.probabilities.entries()) {
      const fitted = model(penalties[index] ?? NaN);
      const rows = [0, 1, 2, 3, 4].flatMap((row) => [...logSoftmaxOf(predictRow(fitted, features, row))]);
      expected.forEach((value, at) => near(Math.exp(rows[at] ?? NaN), value, 1e-5, `probability at ${index}`));
    }
    const loss = lossNamed('classification', 'cross-entropy', {}, { width: known.classes });
    const problem = { features, targets, targetWidth: 1, weights, folds, loss };
    const found = logisticLoss(problem, known.classes);
    near(found.loss, best, 1e-4, 'loss');
    assert.equal(found.penalty, penalties[known.losses.indexOf(best)]);
    assert.equal(found.converged, true);
  });
}

test('a class without a row in the fit gets half a row’s share', () => {
  const features = { rows: 4, columns: 1, data: Float64Array.of(-1, 1, -1, 1) };
  const classes = { labels: Int32Array.of(0, 1, 0, 1), classes: 3, weights: new Float64Array(4).fill(1) };
  const model = logisticOf(features, classes, [0, 1, 2, 3])(10);
  const probabilities = logSoftmaxOf([...model.bias]).map(Math.exp);
  near(probabilities[2] ?? NaN, 0.125 / 1.125, 1e-3, 'the missing class');
});

test('a wide matrix and its narrow stand-in have the same inner products', () => {
  const random = fc.sample(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 60, maxLength: 60 }), {
    numRuns: 5,
    seed: 3,
  });
  // What is not wider than long stays as it is.
  const square = { rows: 2, columns: 2, data: Float64Array.of(1, 2, 3, 5) };
  assert.equal(narrowed(square), square);
  for (const data of random) {
    const wide = standardized({ rows: 4, columns: 15, data: Float64Array.from(data) });
    const narrow = narrowed(wide);
    assert.ok(narrow.columns <= 4);
    const inner = ({ columns, data: values }: Features, i: number, j: number): number =>
      Array.from({ length: columns }, (_, c) => (values[i * columns + c] ?? 0) * (values[j * columns + c] ?? 0)).reduce(
        (total, value) => total + value,
        0,
      );
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) near(inner(narrow, i, j), inner(wide, i, j), 1e-6, 'product');
  }
});

test('a factored system is solved', () => {
  const matrix = Float64Array.of(4, 2, 2, 5);
  const factor = cholesky(matrix, 2);
  assert.deepEqual([...(factor ?? [])], [2, 0, 1, 2]);
  const b = Float64Array.of(8, 12);
  solveFactored(factor ?? new Float64Array(4), 2, b, 1);
  assert.deepEqual([...b], [1, 2]);
  assert.equal(cholesky(Float64Array.of(1, 2, 2, 1), 2), null);
});

test('L-BFGS finds the minimum of a quadratic and says when it has not', () => {
  // f = Σ cᵢ (xᵢ − i)², c from 1 to 1e4
  const scales = Float64Array.from({ length: 8 }, (_, index) => 10 ** ((4 * index) / 7));
  const evaluate = (x: Float64Array) => ({
    value: x.reduce((sum, value, index) => sum + (scales[index] ?? 0) * (value - index) ** 2, 0),
    gradient: x.map((value, index) => 2 * (scales[index] ?? 0) * (value - index)),
  });
  const found = minimize(evaluate, new Float64Array(8), { tolerance: 1e-8 });
  assert.equal(found.converged, true);
  found.x.forEach((value, index) => near(value, index, 1e-8, 'x'));
  assert.equal(minimize(evaluate, new Float64Array(8), { tolerance: 1e-8, iterations: 2 }).converged, false);
});

test('folds are even, stratified, the same for a seed and others for another', () => {
  const strata = Float64Array.from({ length: 53 }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const folds = foldsOf(strata, 5, { seed: 1, task: 'a' });
  const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((value) => value === fold).length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  const rare = [0, 1, 2, 3, 4].map((fold) => folds.filter((value, row) => value === fold && strata[row] === 1).length);
  assert.ok(Math.max(...rare) - Math.min(...rare) <= 1);
  assert.deepEqual(foldsOf(strata, 5, { seed: 1, task: 'a' }), folds);
  assert.notDeepEqual(foldsOf(strata, 5, { seed: 2, task: 'a' }), folds);
});

test('standardized columns have mean 0 and sd 1; constant ones are left out', () => {
  const features = standardized({ rows: 3, columns: 3, data: Float64Array.of(1, 7, 10, 2, 7, 20, 3, 7, 30) });
  assert.equal(features.columns, 2);
  const sd = Math.sqrt(1.5);
  [-sd, -sd, 0, 0, sd, sd].forEach((value, index) => near(features.data[index] ?? NaN, value, 1e-12, 'value'));
});

test('a row with zeros is predicted by its other numbers', () => {
  const model = { kernel: Float64Array.of(1, 10, 2, 20, 4, 40), bias: Float64Array.of(0.5, -0.5) };
  const features = { rows: 2, columns: 3, data: Float64Array.of(0, 3, 5, 7, 0, 0) };
  assert.deepEqual([...predictRow(model, features, 0)], [0.5 + 6 + 20, -0.5 + 60 + 200]);
  assert.deepEqual([...predictRow(model, features, 1)], [7.5, 69.5]);
});

test('a logistic model is the same whatever the order of its columns, also where rows hold zeros', () => {
  const columns = [
    [0, 0, 1, -1, 0, 2, 0, -2],
    [1, -1, 0, 0, 2, 0.5, -2, 0],
  ];
  const labels = Int32Array.of(1, 0, 1, 0, 0, 1, 1, 0);
  const fit = (order: readonly number[]) => {
    const data = Float64Array.from([...labels.keys()].flatMap((row) => order.map((at) => columns[at]?.[row] ?? NaN)));
    const x = { rows: 8, columns: 2, data };
    return logisticOf(x, { labels, classes: 2, weights: new Float64Array(8).fill(1) }, [...labels.keys()], 1e-9)(0.1);
  };
  const [one, two] = [fit([0, 1]), fit([1, 0])];
  for (const label of [0, 1]) {
    near(one.kernel[label] ?? NaN, two.kernel[2 + label] ?? NaN, 1e-6, 'first column');
    near(one.kernel[2 + label] ?? NaN, two.kernel[label] ?? NaN, 1e-6, 'second column');
    near(one.bias[label] ?? NaN, two.bias[label] ?? NaN, 1e-6, 'intercept');
  }
  assert.ok(Math.abs(one.kernel[1] ?? 0) > 0.1);
});

test('a column of zeros takes nothing from those after it, in a logistic model', () => {
  const x = [-2, -1, 0, 1, 2, 3];
  const labels = Int32Array.of(0, 0, 1, 0, 1, 1);
  const all = { labels, classes: 2, weights: new Float64Array(6).fill(1) };
  const rows = [...x.keys()];
  const alone = logisticOf({ rows: 6, columns: 1, data: Float64Array.from(x) }, all, rows, 1e-9)(0.01);
  const beside = logisticOf(
    { rows: 6, columns: 2, data: Float64Array.from(x.flatMap((value) => [0, value])) },
    all,
    rows,
    1e-9,
  )(0.01);
  for (const output of [0, 1]) {
    near(beside.kernel[output] ?? NaN, 0, 1e-9, 'of the zeros');
    near(beside.kernel[2 + output] ?? NaN, alone.kernel[output] ?? NaN, 1e-6, 'kernel');
    near(beside.bias[output] ?? NaN, alone.bias[output] ?? NaN, 1e-6, 'bias');
  }
  assert.ok(Math.abs(alone.kernel[1] ?? 0) > 0.3);
});
