/** From lines to raw outputs, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinearLabels } from '../../../../../src/trainer/tasks/losses/contract.ts';
import { logarithm, shifted } from '../../../../../src/trainer/tasks/losses/links.ts';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${String(actual)} for ${String(expected)}`);

function labelsOf(targets: readonly number[], { targetWidth = 1 } = {}): LinearLabels {
  const weights = new Float64Array(targets.length / targetWidth).fill(1);
  return { targets: Float64Array.from(targets), targetWidth, weights };
}

test('counts: the logarithm of the line, never below a hundredth of the mean of what was fitted', () => {
  const labels = labelsOf([2, 4, 6, 8]);
  const raw = logarithm(labels)((row) => Float64Array.of([5, -3, 0.01, 0.05][row] ?? NaN), [0, 1]);
  // The mean of the fitted rows is 3.
  near(raw(0)[0] ?? NaN, Math.log(5), 1e-12);
  for (const row of [1, 2]) near(raw(row)[0] ?? NaN, Math.log(0.03), 1e-12);
  near(raw(3)[0] ?? NaN, Math.log(0.05), 1e-12);
  const gaps = { ...labelsOf([2, 10, 4, 99, 6, 30], { targetWidth: 2 }), present: Float64Array.of(1, 1, 1, 0, 1, 1) };
  const two = logarithm(gaps)(() => Float64Array.of(0, 0), [0, 1]);
  near(two(0)[0] ?? NaN, Math.log(0.03), 1e-12);
  near(two(0)[1] ?? NaN, Math.log(0.1), 1e-12);
  const zeros = logarithm(labelsOf([0, 0]))(() => Float64Array.of(-1), [0, 1]);
  near(zeros(0)[0] ?? NaN, Math.log(1e-8), 1e-12);
});

test('quantiles: the line and the quantiles of what it leaves on the fitted rows, column by column', () => {
  const values = [10, 100, 11, 110, 14, 90, 15, 500];
  const labels = labelsOf(values, { targetWidth: 2 });
  // The line says 10 and 100 everywhere: residuals of rows 0 to 2 are 0, 1, 4 and 0, 10, −10.
  const raw = shifted(labels, [0.3, 0.5, 1])(() => Float64Array.of(10, 100), [0, 1, 2]);
  assert.deepEqual(Array.from(raw(3)), [10, 11, 14, 90, 100, 110]);
  const weighted = { ...labels, weights: Float64Array.of(1, 1, 8, 1) };
  assert.deepEqual(Array.from(shifted(weighted, [0.5])(() => Float64Array.of(10, 100), [0, 1, 2])(0)), [14, 90]);
  const present = Float64Array.of(1, 1, 1, 1, 1, 0, 1, 1);
  assert.deepEqual(
    Array.from(shifted({ ...labels, present }, [1])(() => Float64Array.of(10, 100), [0, 1, 2])(0)),
    [14, 110],
  );
});
