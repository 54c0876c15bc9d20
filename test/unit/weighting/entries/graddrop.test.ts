// GradDrop's choice entry by entry, and what gradient vaccine does with gradients that have no cosine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept, positivity } from '../../../../src/weighting/entries/graddrop.ts';
import { gramOf } from '../../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy } from '../../../golden/runner/strategies.ts';
import { doubleVectors } from '../../../../src/weighting/parts/vectors.ts';

test('how positive an entry is, and which of its values are kept', () => {
  assert.equal(positivity([1, -1]), 0.5);
  assert.equal(positivity([3, -1]), 0.75);
  assert.deepEqual([positivity([2, 1]), positivity([-2, -1])], [1, 0]);
  assert.equal(positivity([0, 0]), 0.5);
  assert.equal(positivity([3, -1], 4), 0.625);
  // Of the first entries alone.
  assert.equal(positivity([3, -1, 100], 0, 2), 0.75);
  assert.ok(kept(0.6, 0.5, 1) && kept(0.4, 0.5, -1));
  assert.ok(!kept(0.6, 0.5, -1) && !kept(0.4, 0.5, 1));
  // On the border nothing is kept, and 0 has no sign.
  for (const value of [1, -1]) assert.equal(kept(0.5, 0.5, value), false);
  for (const p of [0.4, 0.6]) assert.equal(kept(p, 0.5, 0), false);
});

test('what is dropped leaks by the share of its task; the smooth step moves the border', () => {
  const direction = (parameters: object, uniform: number[]): number[] => {
    const strategy = createEntryStrategy('graddrop', { parameters: { ...parameters }, tasks: ['a', 'b'] });
    const rows = [Float64Array.of(3, 3), Float64Array.of(-1, -1)];
    const step = { step: 0, tasks: ['a', 'b'], losses: [1, 1], weights: [1, 1] };
    const found = strategy.combine(
      { ...step, rows, space: doubleVectors, memory: {}, uniform: Float64Array.from(uniform) },
      null,
    );
    assert.equal(found.weights, null);
    return [...found.direction];
  };
  // P = .75: above .7, below .8.
  assert.deepEqual(direction({}, [0.7, 0.8]), [3, -1]);
  assert.deepEqual(direction({ leak: [0.5, 0.25] }, [0.7, 0.8]), [3 - 0.25, 1.5 - 1]);
  // p²(3 − 2p) = .84375.
  assert.deepEqual(direction({ keep: 'smoothstep' }, [0.84, 0.85]), [3, -1]);
});

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
