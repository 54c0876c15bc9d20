/** Gradient vaccine: gradients are turned towards each other until their cosines reach running targets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gramOf } from '../../../../src/numbers/linear.ts';
import { createStrategy } from '../../../golden/runner/strategies.ts';
import type { Json } from '../../../../src/weighting/contract.ts';
import { made, near, stepOn } from '../worked.ts';

test('gradvac: a zero gradient is passed over, and its targets stay', () => {
  const tasks = ['a', 'b'];
  const of = (rows: number[][], state: object | null, parameters: object = {}) =>
    createStrategy('gradvac', { parameters: { epsilon: 0, ...parameters }, tasks }).weigh(
      { step: 0, tasks, losses: [1, 1], weights: [1, 1], gram: gramOf(rows), draws: { orders: [[0, 1], [1, 0]] } }, // prettier-ignore
      state as null,
    );
  const zero = of([[1, 0], [0, 0]], null); // prettier-ignore
  assert.deepEqual(zero.weights, [1, 1]);
  assert.deepEqual(zero.state, { targets: { a: { a: 0, b: 0 }, b: { a: 0, b: 0 } } });
  // Cosine −.6 below the target 0: turned to a right angle, g ← g + (.6/1) other; the targets move half the way.
  const turned = of([[1, 0], [-0.6, 0.8]], null); // prettier-ignore
  turned.weights.forEach((weight) => assert.ok(Math.abs(weight - 1.6) < 1e-12, turned.weights.join()));
  const targets = { a: { a: 0, b: -0.3 }, b: { a: -0.3, b: 0 } };
  assert.deepEqual(JSON.parse(JSON.stringify(turned.state, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(12)) : value))), { targets }); // prettier-ignore
  // At the target or above it nothing is turned.
  assert.deepEqual(of([[1, 0], [0, 1]], null).weights, [1, 1]); // prettier-ignore
  assert.deepEqual(of([[1, 0], [-0.6, 0.8]], { targets: { a: { b: -0.9 }, b: { a: -0.9 } } }).weights, [1, 1]); // prettier-ignore
});

test('gradvac: behind a zero gradient the others are visited all the same', () => {
  const tasks = ['a', 'z', 'b'];
  const orders = [[1, 2], [0, 2], [1, 0]]; // prettier-ignore
  const { weights } = createStrategy('gradvac', { parameters: { epsilon: 0 }, tasks }).weigh(
    { step: 0, tasks, losses: [1, 1, 1], weights: [1, 1, 1], gram: gramOf([[1, 0], [0, 0], [-0.6, 0.8]]), draws: { orders } }, // prettier-ignore
    null,
  );
  near(weights, [1.6, 1, 1.6]);
});

const turned = (parameters: object, state: Json) =>
  made('gradvac', parameters).weigh(stepOn([[2, 0], [-0.6, 0.8]], { draws: { orders: [[1], [0]] } }), state); // prettier-ignore

test('gradvac: turned up to a target that is not 0, each task by its own', () => {
  // Cosine −.6. a: ‖a‖ (.28 · .8 + .6 · .96)/(1 · .96) = 5/3 of b; b: 1 · (.6 · .8 + .6 · .8)/(2 · .8) = .6 of a.
  const found = turned({ beta: 0.25, epsilon: 0 }, { targets: { a: { b: 0.28 }, b: { a: 0.6 } } });
  near(found.weights, [1 + 0.6, 1 + 5 / 3]);
  const { targets } = found.state as { targets: Record<string, Record<string, number>> };
  // ¾ φ̂ + ¼ φ.
  near([targets['a']?.['b'] ?? NaN, targets['b']?.['a'] ?? NaN], [0.06, 0.3]);
  // The next step goes on from there: b up to .3.
  const sine = Math.sqrt(1 - 0.3 ** 2);
  const next = turned({ beta: 0.25, epsilon: 0 }, found.state).weights;
  near([next[0] ?? NaN], [1 + (0.3 * 0.8 + 0.6 * sine) / (2 * sine)]);
});

test('gradvac: epsilon guards both divisors', () => {
  // Cosine −1.2/(2 + 1) = −.4; turned by 2 · .4/(1 + 1) and by 1 · .4/(2 + 1).
  const found = turned({ epsilon: 1 }, null);
  near(found.weights, [1 + 0.4 / 3, 1.4]);
});

test('gradvac: its own place in the order is passed over; visits follow on what earlier ones left', () => {
  const rows = [[1, 0], [-0.6, 0.8], [0, -1]]; // prettier-ignore
  const orders = [[0, 1, 2], [], []];
  const { weights } = made('gradvac', { epsilon: 0 }, { tasks: ['a', 'b', 'c'] }).weigh(stepOn(rows, { draws: { orders } }), null); // prettier-ignore
  // a + .6 b = (.64, .48), of norm .8 and cosine −.6 with c: + .48 c.
  near(weights, [1, 1.6, 1.48]);
  assert.throws(() => made('gradvac').weigh(stepOn(rows), null), /visiting orders/);
});

test('gradvac: gradients shorter than 1 are turned as far as longer ones', () => {
  // A quarter of the lengths above, and the same targets: the same shares of each other.
  const rows = [[0.5, 0], [-0.15, 0.2]]; // prettier-ignore
  const state = { targets: { a: { b: 0.28 }, b: { a: 0.6 } } };
  const { weights } = made('gradvac', { epsilon: 0 }).weigh(stepOn(rows, { draws: { orders: [[1], [0]] } }), state);
  near(weights, [1 + 0.6, 1 + 5 / 3]);
});

test('gradvac: up to a cosine of 1 nothing can be turned; the target moves on all the same', () => {
  const found = turned({ beta: 0.25, epsilon: 0 }, { targets: { a: { b: 1 }, b: { a: 1 } } });
  near(found.weights, [1, 1]);
  const { targets } = found.state as { targets: Record<string, Record<string, number>> };
  // ¾ · 1 − ¼ · .6.
  near([targets['a']?.['b'] ?? NaN, targets['b']?.['a'] ?? NaN], [0.6, 0.6]);
});

test('gradvac: the targets towards a task that is absent stay', () => {
  const { state } = turned({ beta: 0.25, epsilon: 0 }, { targets: { a: { b: 0.28, c: 0.4 }, b: { a: 0.6, c: 0.1 } } });
  const { targets } = state as { targets: Record<string, Record<string, number>> };
  assert.deepEqual([targets['a']?.['c'], targets['b']?.['c']], [0.4, 0.1]);
});
