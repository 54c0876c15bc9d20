/** Which tasks take part in what, without an engine. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../../src/engine/tfjs.ts';
import type { Model } from '../../../../../src/trainer/model/build.ts';
import type { Batch, StepTask } from '../../../../../src/trainer/step/contract.ts';
import type { Recorder } from '../../../../../src/trainer/step/recorded/recording.ts';
import { causes, takingPart, tasksOf, under } from '../../../../../src/trainer/step/recorded/taking-part.ts';

before(async () => {
  await tf.setBackend('cpu');
});

/** A recorder whose ones are told by their names. */
function recorder(): { recorder: Recorder; ones: Map<string, tf.Scalar> } {
  const ones = new Map<string, tf.Scalar>();
  const one = (name: string): tf.Scalar => {
    const known = ones.get(name) ?? ({ name } as unknown as tf.Scalar);
    ones.set(name, known);
    return known;
  };
  return { recorder: { one } as Partial<Recorder> as Recorder, ones };
}

test('a factor for each condition under a name of its own, none where it always holds', () => {
  const made = recorder();
  const part = takingPart(made.recorder, 3);
  const [first, both, other] = [part.factor([0]), part.factor([0, 2]), part.factor([1])];
  assert.equal(part.factor([0, 1, 2]), null);
  assert.equal(part.factor([0]), first);
  assert.equal(new Set([first, both, other]).size, 3);
  assert.deepEqual([...part.gates.values()], [[0], [0, 2], [1]]);
  assert.deepEqual([...part.gates.keys()], [...made.ones.keys()]);
  const whole = takingPart(recorder().recorder, null);
  assert.equal(whole.factor([0]), null);
  assert.equal(whole.gates.size, 0);
});

test('a value under a factor is multiplied by it, without one it is the same tensor', () => {
  tf.tidy(() => {
    const value = tf.tensor1d([1, 2]);
    assert.equal(under(value, null), value);
    assert.deepEqual([...under(value, tf.scalar(3)).dataSync()], [3, 6]);
  });
});

test('tasks of a variable by their places among all', () => {
  const tasks = ['a', 'b', 'c'].map((name) => ({ name }) as StepTask);
  assert.deepEqual(tasksOf({ tasks }, { tasks: ['c', 'a'] }), [0, 2]);
  assert.deepEqual(tasksOf({ tasks }, { tasks: [] }), []);
});

test('what happens in the pass of a task is caused by it', () => {
  const passes = [['x'], ['x', 'y'], [], ['z', 'x']];
  let next = 0;
  const found = causes({} as Model, {} as Batch, [0, 2, 3, 5], () => passes[next++] ?? []);
  assert.deepEqual(
    [...found],
    [
      ['x', [0, 2, 5]],
      ['y', [2]],
      ['z', [5]],
    ],
  );
});
