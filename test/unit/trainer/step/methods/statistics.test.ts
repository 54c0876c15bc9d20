/** What strategies are told of a step, and what is kept between steps. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { keyed } from '../../../../../src/numbers/random.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { resolvedOptimizer } from '../../resolved.ts';
import { createOptimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { mainOptimizer, ownAdam } from '../../../../../src/trainer/step/methods/learned.ts';
import { stateOf, readState, stateJson } from '../../../../../src/trainer/step/methods/method.ts';
import {
  drawsOf,
  lossesOf,
  namesOf,
  statisticsOf,
  uniformOf,
  type StepPlace,
  type MethodContext,
} from '../../../../../src/trainer/step/methods/statistics.ts';
import type { Batch, Forward } from '../../../../../src/trainer/step/contract.ts';
import type { Json } from '../../../../../src/weighting/contract.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const forward: Forward = { losses: [{ sum: 6, weight: 2 }, null, { sum: 9, weight: 4 }], parts: [] };
const input = { batches: [{ size: 5 }, { size: 7 }] as Batch[], step: 3 };
const at: StepPlace = { step: 3, epoch: 2, learningRate: 0.1, measured: false };

function context(change: Partial<MethodContext> = {}): MethodContext {
  const tasks = [
    { name: 'a', weight: 1 },
    { name: 'b', weight: 2 },
    { name: 'c', weight: 0.5 },
  ];
  return { tasks, reduction: 'labelled-mean', seed: 7, ...change } as unknown as MethodContext;
}

test('losses are means over labels, or over all samples of the step', () => {
  assert.deepEqual(lossesOf(context(), input, forward, [0, 2]), [3, 2.25]);
  assert.deepEqual(lossesOf(context({ reduction: 'batch-mean' }), input, forward, [2, 0]), [0.75, 0.5]);
  assert.throws(() => lossesOf(context(), input, forward, [1]), RangeError, 'a loss that is missing is no number');
});

test('a strategy sees the tasks present, with their names, weights and losses', () => {
  const statistics = statisticsOf(context(), input, forward, [0, 2], at);
  assert.deepEqual(
    [statistics.step, statistics.epoch, statistics.tasks, statistics.losses, statistics.weights],
    [3, 2, ['a', 'c'], [3, 2.25], [1, 0.5]],
  );
  assert.equal('performance' in statistics, false);
  assert.equal(statistics.draws?.normal?.length, 2);
  assert.deepEqual(namesOf(context(), [2, 1]), ['c', 'b']);
  const seen: unknown[] = [];
  const performance = (...given: unknown[]): number[] => {
    seen.push(...given);
    return [0.25, 0.5, 0.75];
  };
  assert.deepEqual(statisticsOf(context({ performance }), input, forward, [0, 2], at).performance, [0.25, 0.75]);
  assert.deepEqual(seen, [forward, input.batches]);
});

test('random numbers are those of the key: the same when they are asked for again, others in another step', () => {
  const draws = drawsOf(7, 3, 4);
  const stream = keyed(7, 'strategy', 3);
  const normal = Array.from({ length: 4 }, () => stream.normal());
  assert.deepEqual(draws.normal, normal);
  assert.deepEqual(draws.normal, normal);
  assert.notDeepEqual(drawsOf(7, 4, 4).normal, normal);
  assert.notDeepEqual(drawsOf(8, 3, 4).normal, normal);
  const orders = draws.orders ?? [];
  assert.equal(orders.length, 4);
  for (const order of orders) assert.deepEqual(order.toSorted(), [0, 1, 2, 3]);
  assert.deepEqual(drawsOf(7, 3, 4).orders, orders);
});

test('uniform numbers are the upper 24 bits of the stream', () => {
  const stream = keyed(7, 'strategy', 3);
  const expected = Array.from({ length: 100 }, () => Math.floor((stream.bits() >>> 0) / 256) / 2 ** 24);
  const found = uniformOf(7, 3, 100);
  assert.deepEqual([...found], expected);
  assert.ok(found.every((value) => value >= 0 && value < 1));
  assert.ok(Math.max(...found) > 0.9 && Math.min(...found) < 0.1);
});

test('a state comes back from a checkpoint; what is missing or strange is as before the first step', () => {
  const memory = { first: { a: Float32Array.of(1) } };
  const state = { states: { '': [1, 2], trunk: null }, learned: { x: 1 }, memory };
  assert.deepEqual(readState(stateJson(state), memory), state);
  assert.deepEqual(stateJson(state), { own: state.states, learned: state.learned });
  const fresh = { states: {}, learned: null, memory };
  for (const json of [null, 5, 'text', [1], { own: null }, { own: 3 }, { own: [1] }] as Json[])
    assert.deepEqual(readState(json, memory), fresh, JSON.stringify(json));
  assert.deepEqual(readState({ learned: 4 }, memory), { ...fresh, learned: 4 });
  assert.deepEqual(stateOf(state, ''), [1, 2]);
  assert.equal(stateOf(state, 'other'), null);
  assert.equal(stateOf(state, 'constructor'), null, 'a block of this name has no state either');
});

test('learned numbers step by the main optimizer’s rule, each task by its own count', () => {
  const variable = tf.tidy(() => tf.variable(tf.tensor1d([0])));
  const target = { path: 'w', variable, trainable: true, decays: true, learningRate: 1 };
  const settings = { name: 'adamw', weightDecay: 0.5 };
  const { rule } = createOptimizer([target], {
    optimizer: resolvedOptimizer(settings, 'pytorch'),
    conventions: 'pytorch',
  });
  const learn = mainOptimizer(rule);
  // Adam's first step is the learning rate, against the sign of the gradient, and learned numbers do not decay.
  const first = learn(['a', 'b'], [1, 2], [3, -4], null, 0.1);
  const near = (found: readonly number[], expected: readonly number[]): void => {
    assert.equal(found.length, expected.length);
    found.forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? NaN)) < 1e-5, `${String(value)} for ${String(expected[i])}`)); // prettier-ignore
  };
  near(first.values, [0.9, 2.1]);
  // Task b is absent once; then b and c are at their second and first step, in another order.
  const second = learn(['a'], [0.9], [3], first.memory, 0.1);
  near(second.values, [0.8]);
  const third = learn(['c', 'b'], [5, 2.1], [2, -4], second.memory, 0.1);
  near(third.values, [4.9, 2.2]);
  const { counts } = third.memory as { counts: Record<string, number> };
  assert.deepEqual({ ...counts }, { a: 2, b: 2, c: 1 });
  // Against the rule by hand: m = 0.9·0.3 + 0.1·1, v = 0.999·0.009 + 0.001·1 for gradients 3, then 1.
  const fourth = learn(['a'], [0.9], [1], first.memory, 0.1);
  const [m, v] = [(0.9 * 0.3 + 0.1) / (1 - 0.81), (0.999 * 0.009 + 0.001) / (1 - 0.999 ** 2)];
  near(fourth.values, [0.9 - (0.1 * m) / Math.sqrt(v)]);
  variable.dispose();
});

test('or by an Adam of their own, whatever the rate of the training', () => {
  const learn = ownAdam(0.01);
  const first = learn(['a', 'b'], [1, 2], [3, -4], null, 99);
  assert.ok(Math.abs((first.values[0] ?? NaN) - 0.99) < 1e-8);
  assert.ok(Math.abs((first.values[1] ?? NaN) - 2.01) < 1e-8);
  const second = learn(['b'], [7], [-4], first.memory, 99);
  assert.ok(Math.abs((second.values[0] ?? NaN) - 7.01) < 1e-8);
});
