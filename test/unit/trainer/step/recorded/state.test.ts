/** What a run keeps, on its way between the model and the session. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../../src/engine/tfjs.ts';
import type { Model } from '../../../../../src/trainer/model/build.ts';
import type { Optimizer } from '../../../../../src/trainer/optimizers/optimizer.ts';
import { State } from '../../../../../src/trainer/step/recorded/state.ts';
import { interpreted } from '../executors/captured/interpreted.ts';

before(async () => {
  await tf.setBackend('cpu');
});

interface Restored {
  readonly counts: readonly number[];
  readonly slots: readonly ArrayLike<number>[];
}

/** Two weights that are trained around a mean that is not, each with two slots. */
function training(withOptimizer = true) {
  const kept = [
    { path: 'kernel', trainable: true, values: [1, 2] },
    { path: 'mean', trainable: false, values: [3] },
    { path: 'bias', trainable: true, values: [4] },
  ].map(({ values, ...rest }) => ({ ...rest, variable: tf.tidy(() => tf.variable(tf.tensor1d(values))) }));
  const slots = [[10, 11], [20, 21], [30], [40]].map((values) => ({ tensor: tf.tensor1d(values) })); // prettier-ignore
  const restored: Restored[] = [];
  const optimizer = {
    rule: { slots: [{ name: 'mean' }, { name: 'square' }] },
    slots: () => slots,
    counts: () => [5, 6],
    restore: (state: Restored) => void restored.push(state),
  } as unknown as Optimizer;
  const { programs, calls } = interpreted();
  const state = new State({ kept } as unknown as Model, withOptimizer ? optimizer : null, programs);
  return { state, programs, calls, kept, slots, restored };
}

const lists = (values: readonly ArrayLike<number>[]): number[][] => values.map((list) => Array.from(list));
const begin = [[1, 2], [3], [4], [10, 11], [20, 21], [30], [40]];

test('weights first, then the slots of those that are trained', () => {
  const { state, slots } = training();
  assert.deepEqual(state.weights.map(({ target }) => target.path), ['kernel', 'mean', 'bias']); // prettier-ignore
  assert.deepEqual(state.trained.map(({ target }) => target.path), ['kernel', 'bias']); // prettier-ignore
  assert.deepEqual(
    state.trained.map((entry) => entry.slots.map(({ tensor }) => slots.findIndex((slot) => slot.tensor === tensor))),
    [
      [0, 1],
      [2, 3],
    ],
  );
  assert.deepEqual(lists(state.hostValues()), begin);
  assert.deepEqual(lists(state.values()), begin);
  assert.equal(state.trained[1]?.variable, state.weights[2]?.variable);
});

test('without an optimizer nothing counts as trained', () => {
  const { state } = training(false);
  assert.deepEqual(state.trained, []);
  assert.deepEqual(lists(state.values()), begin.slice(0, 3));
  state.pull();
  state.push();
});

test('pushing brings counts, and values into a session that is there; one to come begins with them', () => {
  const { state, programs, kept, calls } = training();
  state.push();
  assert.deepEqual(state.trained.map(({ count }) => count), [5, 6]); // prettier-ignore
  assert.deepEqual(calls, [], 'no session for that');
  assert.deepEqual(lists(state.values()), begin);
  assert.equal(programs.loaded, true);
  tf.tidy(() => kept[2]?.variable.assign(tf.tensor1d([7])));
  assert.deepEqual(lists(state.values())[2], [4]);
  state.push();
  assert.deepEqual(lists(state.values())[2], [7]);
});

test('pulling brings weights into the model, counts and slots into the optimizer', () => {
  const { state, kept, restored } = training();
  const changed = begin.map((values) => values.map((value) => value + 0.5));
  state.restore(changed.map((values) => Float32Array.from(values)));
  const [first] = state.trained;
  assert.ok(first);
  first.count = 9;
  const held = tf.memory().numTensors;
  state.pull();
  assert.equal(tf.memory().numTensors, held);
  assert.deepEqual(kept.map(({ variable }) => [...variable.dataSync()]), changed.slice(0, 3)); // prettier-ignore
  assert.equal(restored.length, 1);
  assert.deepEqual(restored[0]?.counts, [9, 0]);
  assert.deepEqual(lists(restored[0].slots), changed.slice(3));
});

test('side by side: each part under its name, with what it is judged by', () => {
  const { state } = training();
  const of = (from: number): Float32Array[] => begin.map((_, place) => Float32Array.of(from + place));
  const parts = state.sideBySide(of(100), of(200), of(300));
  assert.deepEqual(
    parts.map(({ name, group }) => [name, group]),
    [
      ['kernel', 'weights'],
      ['mean', 'kept'],
      ['bias', 'weights'],
      ['an optimizer slot of kernel', 0],
      ['an optimizer slot of kernel', 1],
      ['an optimizer slot of bias', 0],
      ['an optimizer slot of bias', 1],
    ],
  );
  parts.forEach((part, place) => {
    assert.deepEqual([part.before[0], part.captured[0], part.eager[0]], [100 + place, 200 + place, 300 + place]);
  });
  assert.throws(() => state.sideBySide(of(100), of(200).slice(1), of(300)), RangeError);
});

test('displaced: moved by its place in the row while something runs, and put back also where that fails', () => {
  const { state } = training();
  // In another order than the model's.
  const layout = {
    variables: [
      { path: 'bias', offset: 0, size: 1, shape: [1] },
      { path: 'kernel', offset: 1, size: 2, shape: [2] },
    ],
    size: 3,
  };
  const by = Float32Array.of(0.5, -1, -2);
  const found = state.displaced(layout, by, () => lists(state.values()));
  assert.deepEqual(found, [[0, 0], [3], [4.5], ...begin.slice(3)]);
  assert.deepEqual(lists(state.values()), begin);
  const failing = (): void => {
    state.displaced(layout, by, () => {
      throw new Error('in the middle');
    });
  };
  assert.throws(failing, /in the middle/);
  assert.deepEqual(lists(state.values()), begin);
});

test('a weight that does not hold float32 numbers is refused by name', () => {
  const variable = tf.tidy(() => tf.variable(tf.tensor1d([1], 'int32')));
  const { programs } = interpreted();
  const model = { kept: [{ path: 'counter', trainable: false, variable }] } as unknown as Model;
  assert.throws(() => new State(model, null, programs), /^CaptureError: counter does not hold float32 numbers$/);
});
