/** CAGrad: within a ball around the mean, the direction in which the worst task falls most. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, dot, plus, scaled } from '../../../../src/numbers/linear.ts';
import { jacobians } from '../jacobians.ts';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

type Rows = readonly (readonly number[])[];
const along = (rows: Rows, weights: readonly number[]): number[] =>
  rows.reduce<number[]>((total, row, i) => plus(total, row, at(weights, i)), scaled(rows[0] ?? [], 0));
const rows = [[2, 0.5], [-1, 1]]; // prettier-ignore

test('cagrad: where one task stays the worst, towards its gradient to the edge of the ball', () => {
  // g₀ = (.5, .75), ‖g₀‖² = .8125; the ball of radius .4 ‖g₀‖ does not reach where both fall alike.
  const { weights, problems } = weigh('cagrad', rows, { c: 0.4, rescale: 0 });
  near(weights, [0.5, 0.5 + 0.4 * Math.sqrt(0.8125 / 2)], 1e-9);
  assert.deepEqual(problems, []);
  near(weigh('cagrad', rows, { c: 0.4 }).weights, scaled(weights, 1 / 1.16));
  near(weigh('cagrad', rows, { c: 0.4, rescale: 2 }).weights, scaled(weights, 1 / 1.4));
});

test('cagrad: elsewhere both fall alike, at the edge of the ball around the preferences’ mean', () => {
  for (const [w, c] of [
    [[1, 1], 0.7],
    [[1, 3], 0.6],
    [[3, 1], 1.2],
  ] as const) {
    // prettier-ignore
    const { weights } = weigh('cagrad', rows, { c, rescale: 0, more: { weights: w } });
    const mean = along(rows, scaled(w, 1 / (w[0] + w[1])));
    const d = along(rows, weights);
    near([dot(rows[0] ?? [], d)], [dot(rows[1] ?? [], d)], 1e-8);
    const apart = plus(d, mean, -1);
    near([Math.sqrt(dot(apart, apart))], [c * Math.sqrt(dot(mean, mean))], 1e-8);
  }
});

const right = [[1, 0], [0, 1]]; // prettier-ignore

test('cagrad: the shortest combination relative to all, and the sum of squares, up to their borders', () => {
  // w = (½, ½): ‖g_w‖² = ½, of a trace of 2.
  const usual = weigh('cagrad', right).weights;
  assert.ok(usual.every((weight) => weight > 0));
  assert.deepEqual(weigh('cagrad', right, { normEps: 0.4999 }).weights, usual);
  assert.deepEqual(weigh('cagrad', right, { normEps: 0.5 }).weights, usual, 'a share of ½ is not below ½');
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

test('cagrad with c = 0 is the mean', () => {
  const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
  fc.assert(
    fc.property(jacobians(['gauss', 'conflict', 'dependent']), ({ rows }) => {
      const found = along(rows, weigh('cagrad', rows, { c: 0 }).weights);
      const mean = along(rows, rows.map(() => 1 / rows.length)); // prettier-ignore
      const size = Math.max(...rows.map(norm));
      // At a stationary point the method stops, whatever c is.
      if (norm(found) > 0) assert.ok(norm(plus(found, mean, -1)) < 1e-12 * size);
    }),
  );
});

test('cagrad says nothing where its solver converged', () => {
  assert.deepEqual(said(weigh('cagrad', [[1, 0], [0, 2]])), []); // prettier-ignore
});
