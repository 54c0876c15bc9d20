// What the strategies' files share: parameters, preferences, and numbers that the state keeps by task.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adamStep } from '../../../src/weighting/parts/adam.ts';
import {
  gramFrom,
  knows,
  member,
  multiplied,
  numberIn,
  parameter,
  perTask,
  preferenceOf,
  report,
  required,
  taskNumbers,
  weightedSum,
  withMember,
  withTasks,
} from '../../../src/weighting/state.ts';
import { remembered, withVectors } from '../../../src/weighting/parts/memory.ts';
import { resolveStrategy } from '../../../src/spec/index.ts';
import { flowOf, observedBy } from '../../../src/weighting/flow.ts';
import { normalizeWeights } from '../../../src/weighting/parts/normalize.ts';
import type { EntryStatistics, Json, StepStatistics } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';
import { said } from './said.ts';

const step: StepStatistics = { step: 0, tasks: ['a', 'b'], losses: [1, 2], weights: [1, 3] };

test('a parameter beside a choice is there, or is said by its name; lists go by the task’s place', () => {
  assert.equal(parameter(0, 'k'), 0);
  assert.throws(() => parameter(undefined, 'k'), /needs "k", which/);
  const all = ['a', 'b', 'c'];
  assert.deepEqual(perTask([5, 6, 7], all, ['c', 'a'], 9), [7, 5]);
  assert.deepEqual(perTask(undefined, all, ['b', 'c'], 9), [9, 9]);
  assert.throws(() => perTask([5], all, ['b'], 9), RangeError);
});

test('preferences are shares of the weights, unless they are taken as given or are all 0', () => {
  assert.deepEqual(preferenceOf(step), [0.25, 0.75]);
  assert.deepEqual(preferenceOf(step, 'given'), [1, 3]);
  assert.deepEqual(preferenceOf(step, 'normalized'), [0.25, 0.75]);
  assert.deepEqual(preferenceOf({ ...step, weights: [0, 0] }), [0, 0]);
});

test('a statistic that is not there is said by its name', () => {
  assert.equal(required(0, 'x'), 0);
  assert.throws(() => required(undefined, 'x'), /needs x, which/);
  assert.throws(() => gramFrom(step), /needs the Gram matrix/);
  assert.deepEqual(gramFrom({ ...step, gram: [[1]] }), [[1]]);
});

test('a solver that stopped early says so with its name; one that converged says nothing', () => {
  assert.deepEqual(report('x', { x: [], converged: true, residual: 1, iterations: 3 }), []);
  const problems = report('x', { x: [], converged: false, residual: 0.0123, iterations: 3 });
  assert.deepEqual(said({ problems }), [
    'x: the solver stopped after 3 iterations with a relative residual of 1.2e-2.',
  ]);
  assert.equal(problems[0]?.zh, 'x：求解器在 3 次迭代后停止，相对残差为 1.2e-2。');
});

test('members of a state: what is no object has none, what is no number counts as absent', () => {
  for (const state of [null, 3, 'x', true, [1, 2]] as readonly Json[]) {
    assert.equal(member(state, '0'), null);
    assert.equal(numberIn(state, 'length', 5), 5);
  }
  const state: Json = { n: 1, zero: 0, text: 'x', by: { a: 2, b: 'y' } };
  assert.deepEqual([member(state, 'n'), member(state, 'none')], [1, null]);
  assert.deepEqual(['n', 'zero', 'text', 'none'].map((key) => numberIn(state, key, 9)), [1, 0, 9, 9]); // prettier-ignore
  assert.deepEqual(taskNumbers(state, 'by', ['b', 'a', 'c'], 8), [8, 2, 8]);
  assert.deepEqual(taskNumbers(state, 'by', ['b', 'a', 'c'], [4, 5, 6]), [4, 2, 6]);
  assert.deepEqual([knows(state, 'by', ['a']), knows(state, 'by', ['a', 'b']), knows(state, 'none', ['a'])], [true, false, false]); // prettier-ignore
  assert.deepEqual(withMember(null, 'k', 1), { k: 1 });
  assert.deepEqual(withMember({ k: 1, l: 2 }, 'k', 3), { k: 3, l: 2 });
  assert.deepEqual(withTasks({ k: { a: 1, c: 2 }, l: 0 }, 'k', ['c', 'b'], [5, 6]), { k: { a: 1, c: 5, b: 6 }, l: 0 });
  assert.deepEqual(withTasks(null, 'k', ['a', 'b'], [1]), { k: { a: 1, b: null } });
});

test('weights times the spec’s, and normalized: sum 1 or T, a sum of 0 as it is', () => {
  assert.deepEqual(multiplied([2, 5], step, { normalize: 'none' }), [2, 15]);
  assert.deepEqual(multiplied([3, 1], step, { normalize: 'sum-to-one' }), [0.5, 0.5]);
  assert.equal(weightedSum([2, 3], [5, 7]), 31);
  assert.deepEqual(normalizeWeights([1, 3], 'sum-to-one'), [0.25, 0.75]);
  assert.deepEqual(normalizeWeights([1, 3], 'sum-to-tasks'), [0.5, 1.5]);
  assert.deepEqual(normalizeWeights([0, 0], 'sum-to-one'), [0, 0]);
  assert.deepEqual(normalizeWeights([1, 3], 'none'), [1, 3]);
});

test('Adam on one number a task: an absent task keeps its moments and its own count', () => {
  const first = adamStep(null, 'x', ['a', 'b'], 2, [0.5, -4], { learningRate: 0.1 });
  // A first step has the size of the learning rate.
  const x = taskNumbers(first, 'x', ['a', 'b'], NaN);
  [1.9, 2.1].forEach((expected, i) => assert.ok(Math.abs((x[i] ?? NaN) - expected) < 1e-7, x.join()));
  assert.deepEqual(member(first, 'x.steps'), { a: 1, b: 1 });
  const second = adamStep(first, 'x', ['b'], 2, [1], { learningRate: 0.2, weightDecay: 0.5 });
  assert.equal(numberIn(member(second, 'x'), 'a', NaN), x[0]);
  assert.deepEqual(member(second, 'x.steps'), { a: 1, b: 2 });
  // L2 decay is part of the gradient.
  const slope = 1 + 0.5 * (x[1] ?? NaN);
  const [m, v] = [0.9 * 0.1 * -4 + 0.1 * slope, 0.999 * 0.001 * 16 + 0.001 * slope ** 2];
  const moved = (0.2 * (m / (1 - 0.9 ** 2))) / (Math.sqrt(v / (1 - 0.999 ** 2)) + 1e-8);
  assert.ok(Math.abs(numberIn(member(second, 'x'), 'b', NaN) - ((x[1] ?? NaN) - moved)) < 1e-12);
  assert.ok(Math.abs(numberIn(member(second, 'x.first'), 'b', NaN) - m) < 1e-15);
  assert.ok(Math.abs(numberIn(member(second, 'x.second'), 'b', NaN) - v) < 1e-15);
  // ε stands beside the root: with a gradient of 1e-8 the step is half the learning rate.
  const tiny = adamStep(null, 'x', ['a'], 0, [1e-8], { learningRate: 1 });
  assert.ok(Math.abs(numberIn(member(tiny, 'x'), 'a', NaN) + 0.5) < 1e-9);
});

test('vectors that are remembered by task: zeros for a new one, others untouched', () => {
  const statistics: EntryStatistics<Float64Array> = {
    ...{ ...step, space: doubleVectors, rows: [Float64Array.of(1, 2), Float64Array.of(3, 4)] },
    memory: { kept: { b: Float64Array.of(7, 8) }, other: { a: Float64Array.of(1) } },
  };
  assert.deepEqual(remembered(statistics, 'kept'), [Float64Array.of(0, 0), Float64Array.of(7, 8)]);
  assert.deepEqual(remembered(statistics, 'none'), [Float64Array.of(0, 0), Float64Array.of(0, 0)]);
  assert.throws(() => remembered({ ...statistics, rows: [Float64Array.of(1, 2)] }, 'kept'), /task "b"/);
  const next = withVectors(statistics.memory, 'kept', ['a', 'c'], [Float64Array.of(9)]);
  assert.deepEqual(next, { ...statistics.memory, kept: { b: Float64Array.of(7, 8), a: Float64Array.of(9) } });
});

test('vectors of doubles', () => {
  const [v, w] = [Float64Array.of(3, 4), Float64Array.of(1, -2)];
  assert.deepEqual(doubleVectors.zeros(v), Float64Array.of(0, 0));
  assert.deepEqual(doubleVectors.combine([2, 3], [v, w]), Float64Array.of(9, 2));
  assert.deepEqual(doubleVectors.combine([], []), new Float64Array(0));
  assert.deepEqual([doubleVectors.norm(v), doubleVectors.dot(v, w), doubleVectors.sum(v)], [5, -5, 7]);
  assert.deepEqual(doubleVectors.map((a, b) => a - 2 * b, v, w), Float64Array.of(1, 8)); // prettier-ignore
  assert.deepEqual(doubleVectors.across((entries) => (entries[0] ?? 0) * 10 + (entries[1] ?? 0), [v, w]), Float64Array.of(31, 38)); // prettier-ignore
});

test('options that the training step carries out: their defaults, their other values, those of what is wrapped', () => {
  const shared = { over: 'shared', per: 'all', heads: 'own', inner: 'per-sample' };
  assert.deepEqual(flowOf(resolveStrategy('mgda')), shared);
  assert.deepEqual(flowOf(resolveStrategy('nash-mtl')), { ...shared, heads: 'weighted' });
  // On losses the heads are weighed with the rest.
  assert.deepEqual(flowOf(resolveStrategy('dwa')), { ...shared, heads: 'weighted' });
  const other = { over: 'representation', per: 'block', heads: 'weighted', inner: 'batch-sum' };
  assert.deepEqual(flowOf(resolveStrategy('mgda', other)), other);
  const wrapper = resolveStrategy('cr-mogm', { of: { name: 'mgda', ...other, observe: ['dwa', 'sum'] } });
  assert.deepEqual(flowOf(wrapper), other);
  assert.deepEqual(observedBy(wrapper), ['dwa', 'sum']);
  assert.deepEqual(observedBy(resolveStrategy('dwa', { observe: 'mgda' })), ['mgda']);
  assert.deepEqual(observedBy(resolveStrategy('dwa')), []);
});
