/** Weights by the initial loss: 1/L⁰, or the inverse mean loss of the first batches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, sum } from '../../../../src/numbers/linear.ts';
import type { Json } from '../../../../src/weighting/contract.ts';
import { made, near, stepOf } from '../worked.ts';

const tasks = ['a', 'b'];

test('initial-loss: by the loss of the best constant, turned round where asked, times the spec’s weights', () => {
  const facts = { a: { constantLoss: 2 }, b: { constantLoss: 5 } };
  const of = (parameters: object) => made('initial-loss', parameters, { facts });
  const step = stepOf([7, 11], { weights: [1, 2] });
  near(of({}).weigh(step, null).weights, [(2 * 5) / 7, (4 * 2) / 7]);
  near(of({ inverse: true }).weigh(step, null).weights, [(2 * 2) / 7, (4 * 5) / 7]);
  assert.deepEqual([of({}).readsLosses, 'readsLosses' in of({ batches: 1 })], [false, false]);
});

test('initial-loss: the mean loss of the first batches, each task by its own count', () => {
  const strategy = made('initial-loss', { batches: 2 });
  let state: Json = null;
  const step = (names: string[], losses: number[]): readonly number[] => {
    const found = strategy.weigh({ ...stepOf(losses), tasks: names, weights: names.map(() => 1) }, state);
    near([found.value ?? NaN], [sum(found.weights.map((weight, i) => weight * at(losses, i)))]);
    ({ state } = found);
    return found.weights;
  };
  const shared = (one: number, other: number): number[] => [(2 * other) / (one + other), (2 * one) / (one + other)];
  near(step(tasks, [1, 3]), shared(1, 3));
  near(step(['a'], [5]), [1]);
  near(step(tasks, [100, 7]), shared(3, 5));
  near(step(tasks, [100, 100]), shared(3, 5));
  near(made('initial-loss', { batches: 1, inverse: true }).weigh(stepOf([1, 3]), null).weights, [0.5, 1.5]);
  near(made('initial-loss', { batches: 1 }).weigh(stepOf([0, 3]), null).weights, [2, 0]);
});
