/** PCGrad: each gradient loses what conflicts with the others, one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dot, plus, scaled } from '../../../../src/numbers/linear.ts';
import { near, stepOn, made } from '../worked.ts';

const weights = (rows: number[][], orders: number[][], parameters: object = {}): readonly number[] =>
  made('pcgrad', parameters, { tasks: ['a', 'b', 'c'] }).weigh(stepOn(rows, { draws: { orders } }), null).weights;

test('pcgrad: two gradients, by hand; those that agree stay', () => {
  // g₀·g₁ = −2: g₀ + (2/2) g₁, g₁ + (2/4) g₀.
  near(weights([[2, 0], [-1, 1]], [[0, 1], [1, 0]]), [1.5, 2]); // prettier-ignore
  near(weights([[2, 0], [1, 1]], [[1], [0]]), [1, 1]); // prettier-ignore
  near(weights([[2, 0], [0, 1]], [[1], [0]]), [1, 1]); // prettier-ignore
});

test('pcgrad: three gradients in the orders drawn, which matter', () => {
  const rows = [[2, 0], [-1, 1], [0, -3]]; // prettier-ignore
  // g₀ + g₁ = (1, 1), + ⅓ g₂; g₁ + ⅓ g₂ = (−1, 0), + ½ g₀; g₂ against g₁ alone: + 3/2 g₁.
  near(weights(rows, [[1, 2], [2, 0], [0, 1]]), [1.5, 3.5, 5 / 3]); // prettier-ignore
  // g₂ first: at a right angle to g₀.
  near(weights(rows, [[2, 1], [2, 0], [0, 1]]), [1.5, 3.5, 4 / 3]); // prettier-ignore
  assert.throws(() => made('pcgrad').weigh(stepOn([[1], [1]]), null), /visiting orders/); // prettier-ignore
});

test('pcgrad as LibMTL has it visits the own gradient too, and guards its divisor', () => {
  // g₀ + ½ g₁ = (½, ½), + .3 g₂ = (−.1, .2): against g₀ itself, + .1 g₀.
  const rows = [[1, 0], [-1, 1], [-2, -1]]; // prettier-ignore
  const orders = [[1, 2, 0], [], []];
  near(weights(rows, orders), [1, 1.5, 1.3]);
  near(weights(rows, orders, { convention: 'libmtl' }), [1.1, 1.5, 1.3], 1e-7);
  const tiny = [[1e-4, 0], [-1e-4, 0]]; // prettier-ignore
  near(weights(tiny, [[1], [0]]), [2, 2]);
  near(weights(tiny, [[1], [0]], { convention: 'libmtl' }), [1.5, 1.5]);
});

test('pcgrad of two conflicting gradients leaves none of the conflict', () => {
  const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(vector, vector, (a, other) => {
      fc.pre(Math.abs(dot(a, other)) > 0.1);
      const b = dot(a, other) < 0 ? other : scaled(other, -1);
      const inner = dot(a, b);
      const [first = NaN, second = NaN] = weights([a, b], [[1], [0]]);
      // What g₁ leaves of g₀ has no part along g₁, and the other way round.
      const found = plus(scaled(a, first), b, second);
      near(found, plus(plus(a, b, -inner / dot(b, b)), plus(b, a, -inner / dot(a, a))), 1e-9);
    }),
  );
});
