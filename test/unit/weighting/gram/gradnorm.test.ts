/** GradNorm: weights with which the gradients’ norms follow how far each task has come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import type { Json } from '../../../../src/weighting/contract.ts';
import { made, near, stepOf } from '../worked.ts';

const tasks = ['a', 'b'];

test('gradnorm: slopes sign(G − Ḡ r^α)‖g‖, one Adam step, weights brought to sum T and kept above 0', () => {
  const first = (parameters: object, norms: readonly number[], state: Json, losses = [1, 1]) =>
    made('gradnorm', parameters).weigh(stepOf(losses, { norms, weights: [1, 2] }), state);
  // G = 3, 1: Ḡ = 2. The first loss stands where it began, r = 1: the larger falls, the smaller rises.
  const start = { initial: { a: 1, b: 1 } };
  const found = first({ learningRate: 0.1 }, [3, 1], start);
  assert.deepEqual(found.weights, [1, 2]);
  const { weights } = found.state as { weights: Record<string, number> };
  near([weights['a'] ?? NaN, weights['b'] ?? NaN], [0.9, 1.1], 1e-7);
  // r = (.2/1)/(.6) and (1)/(.6): r^2 = 1/9, 25/9; Ḡ r^α = 2/9, 50/9: both slopes turn.
  const turned = first({ learningRate: 0.1, alpha: 2 }, [1, 3], start, [0.2, 1]);
  const next = (turned.state as { weights: Record<string, number> }).weights;
  near([next['a'] ?? NaN, next['b'] ?? NaN], [0.9, 1.1], 1e-7);
  const pushed = first({ learningRate: 5 }, [3, 1], start).state as { weights: Record<string, number> };
  near([pushed.weights['a'] ?? NaN, pushed.weights['b'] ?? NaN], [(2e-6) / (6 + 1e-6), 12 / (6 + 1e-6)], 1e-6); // prettier-ignore
  // Without a first loss the step's own is that; by epochs nothing moves until one is over.
  assert.deepEqual((first({}, [3, 1], null, [4, 7]).state as { initial: object }).initial, { a: 4, b: 7 });
  const epochs = made('gradnorm', { initial: 'epoch-mean' });
  assert.deepEqual(epochs.weigh(stepOf([4, 7], { norms: [3, 1] }), null), { weights: [1, 1], state: null });
  assert.deepEqual(epochs.afterEpoch?.(['b'], [5], { initial: { a: 1 } }), { initial: { a: 1, b: 5 } });
  assert.deepEqual(epochs.afterEpoch(tasks, [2, 5], { initial: { a: 1 } }), { initial: { a: 1, b: 5 } });
  assert.equal(made('gradnorm').afterEpoch?.(tasks, [2, 5], null), null);
});

test('gradnorm as LibMTL has it: T softmax(v), and the slopes through the softmax', () => {
  const strategy = made('gradnorm', { convention: 'libmtl', alpha: 1 });
  assert.deepEqual(strategy.weigh(stepOf([1, 1], { norms: [1, 1] }), null), { weights: [1, 1], state: null });
  const state = { initial: { a: 1, b: 2 }, scale: { a: 0, b: Math.log(3) } };
  const { weights, gradient } = strategy.weigh(stepOf([1, 1], { norms: [4, 1] }), state);
  near(weights, [0.5, 1.5]);
  // G = 2, 1.5; Ḡ = 1.75; L/L(0) = 1, .5, relative to .75: targets 7/3, 7/6. Slopes −4, 1.
  const [p, slopes] = [[0.25, 0.75], [-4, 1]]; // prettier-ignore
  const mean = at(p, 0) * at(slopes, 0) + at(p, 1) * at(slopes, 1);
  near(gradient, p.map((share, i) => 2 * share * (at(slopes, i) - mean))); // prettier-ignore
  const { learned } = strategy;
  assert.deepEqual(learned?.values(null, tasks), [1, 1]);
  assert.deepEqual(learned.replace({ scale: { a: 5 } }, ['b'], [7]), { scale: { a: 5, b: 7 } });
  assert.deepEqual(strategy.afterEpoch?.(tasks, [2, 5], null), { initial: { a: 2, b: 5 } });
});

test('GradNorm with α = 0 settles where all w‖g‖ are equal', () => {
  const tasks = ['a', 'b', 'c'];
  const norms = [1, 4, 0.5];
  const strategy = made('gradnorm', { alpha: 0, learningRate: 1e-3 }, { tasks });
  let state: Json = null;
  let weights: readonly number[] = [];
  for (let step = 0; step < 6000; step += 1) {
    ({ weights, state } = strategy.weigh({ step, tasks, losses: [1, 1, 1], weights: [1, 1, 1], norms }, state));
  }
  const products = weights.map((weight, i) => weight * at(norms, i));
  assert.ok(Math.max(...products) / Math.min(...products) < 1.05, products.join(' '));
  assert.ok(Math.abs(weights.reduce((a, b) => a + b, 0) - 3) < 1e-9);
});

test('gradnorm: norms of the last shared layer, of a block’s, or of all shared parameters', () => {
  assert.deepEqual(made('gradnorm', { measured: 'layer', layer: 'trunk' }).normsOf, { block: 'trunk' });
  assert.deepEqual(made('gradnorm', { measured: 'layer', convention: 'libmtl' }).normsOf, { block: undefined });
  assert.equal(made('gradnorm', { measured: 'shared' }).normsOf, undefined);
  assert.throws(() => made('gradnorm').weigh(stepOf([1, 2]), null), /gradient norms/);
});
