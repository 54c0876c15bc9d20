/** MGDA: the shortest vector of the hull of the gradients. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

test('mgda: the foot of the perpendicular on the line between two gradients', () => {
  // (g₁ − g₀)·g₁ / ‖g₁ − g₀‖² = 4/10: .4 g₀ + .6 g₁ = (.2, .6), at a right angle to (−3, 1).
  near(
    weigh('mgda', [
      [2, 0],
      [-1, 1],
    ]).weights,
    [0.4, 0.6],
  );
  // A longer gradient behind a shorter one has no share.
  near(
    weigh('mgda', [
      [1, 0],
      [2, 1],
    ]).weights,
    [1, 0],
  );
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

test('mgda: Frank and Wolfe stop at a step below epsilon, or say that they did not get there', () => {
  // A row behind another: they stay on the vertex with a step of 1.
  const early = weigh('mgda', [[1, 0], [2, Math.sqrt(5)]], { solver: 'frank-wolfe', maxIterations: 7 }); // prettier-ignore
  assert.deepEqual(said(early), ['mgda: the solver stopped after 7 iterations with a relative residual of 1.0e+0.']);
  assert.deepEqual(said(weigh('mgda', [[1, 0], [2, 1]])), []); // prettier-ignore
  // From (½, ½) the first step of right angles goes to the point itself: (b − a)/(b + c − 2a) of a = b.
  const square = weigh(
    'mgda',
    [
      [1, 0],
      [0, 1],
    ],
    { solver: 'frank-wolfe', epsilon: 0.5, maxIterations: 3 },
  );
  assert.deepEqual([square.weights, said(square)], [[0.5, 0.5], []]);
});
