/** DB-MTL: running means of the gradients of log losses, all of the largest norm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEntryStrategy } from '../../../golden/runner/strategies.ts';
import { course, near } from '../worked.ts';

test('db-mtl: running means of the gradients of log losses, all of the largest norm', () => {
  const [first, second] = course('db-mtl', { beta: 0.5, betaSigma: 1 }, [
    { rows: [[2, 0], [0, 3]], losses: [2, 1], weights: [1, 2] },
    { rows: [[0, 4], [0, 3]], losses: [1, 3], weights: [1, 2] },
  ]); // prettier-ignore
  // b = ½ g/L: (.5, 0) and (0, 1.5): both brought to 1.5, the second twice.
  near(first?.direction, [1.5, 3], 1e-6);
  // β/2 = ¼: (.125, 3) and (0, .375 + .75).
  const norm = Math.hypot(0.125, 3);
  near(second?.direction, [0.125, 3 + 2 * norm], 1e-6);
});

test('db-mtl asks for the gradients of ln(L + 1e-8)', () => {
  const strategy = createEntryStrategy('db-mtl', { tasks: ['a', 'b'] });
  near(strategy.factors?.([4, 0.5, 0]), [0.25, 2, 1e8], 1e-7);
  assert.deepEqual(strategy.factors?.([-1]), [1e8]);
});

test('db-mtl: without a running mean each step is its own; a gradient of 0 adds nothing', () => {
  const [, found] = course('db-mtl', { beta: 0 }, [
    { rows: [[9, 9], [9, 9]] },
    { rows: [[0, 0], [0, 3]], weights: [2, 0.5] },
  ]); // prettier-ignore
  near(found?.direction, [0, 1.5], 1e-7);
  assert.equal(found?.weights, null);
  assert.deepEqual(found.state, { step: 2 });
});
