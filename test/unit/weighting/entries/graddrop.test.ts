/** GradDrop: entry by entry the values of one sign are kept, which sign is drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kept, positivity } from '../../../../src/weighting/entries/graddrop.ts';
import { createEntryStrategy } from '../../../golden/runner/strategies.ts';
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
