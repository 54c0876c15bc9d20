// Where the newest weights are: a state that says what was asked of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Text } from '../../../../../../src/common/text.ts';
import { CaptureError } from '../../../../../../src/engine/capture-error.ts';
import type { Variable } from '../../../../../../src/engine/native/capture/variables.ts';
import { Residence } from '../../../../../../src/trainer/step/executors/captured/residence.ts';
import type { State } from '../../../../../../src/trainer/step/recorded/state.ts';

function residence(): { readonly at: Residence; readonly asked: string[] } {
  const asked: string[] = [];
  const values = [Float32Array.of(1)];
  const state = {
    pull: () => asked.push('pull'),
    push: () => asked.push('push'),
    values: () => values,
    hostValues: () => values,
    sideBySide: () => [],
    trained: [],
    restore: (given: unknown) => asked.push(given === values ? 'restore' : 'other values'),
  };
  const at = new Residence(state as unknown as State<Variable>, { add: ({ en }: Text) => asked.push(en) } as never);
  assert.deepEqual(asked.splice(0), ['push'], 'the session begins with the model’s values');
  return { at, asked };
}

test('values are brought over once after each change, not where nothing changed', () => {
  const { at, asked } = residence();
  at.pull();
  assert.deepEqual(asked, []);
  at.moved();
  at.pull();
  at.pull();
  assert.deepEqual(asked.splice(0), ['pull']);
  at.moved();
  at.push();
  at.pull();
  assert.deepEqual(asked, ['push'], 'what was pushed is not brought back');
});

test('who leaves the session takes its values along, and never goes back', () => {
  const { at, asked } = residence();
  at.moved();
  assert.equal(at.left, false);
  at.leave();
  assert.equal(at.left, true);
  assert.deepEqual(asked.splice(0), ['pull']);
  at.push();
  assert.equal(at.eagerly(() => 7), 7); // prettier-ignore
  assert.deepEqual(asked, []);
});

test('work of the eager executor has the newest values, and what it changed goes to the session though it fails', () => {
  const { at, asked } = residence();
  at.moved();
  assert.equal(at.eagerly(() => asked.push('work')), 2); // prettier-ignore
  assert.deepEqual(asked.splice(0), ['pull', 'work', 'push']);
  const fail = (): never => {
    throw new Error('no memory');
  };
  assert.throws(() => at.eagerly(fail), /no memory/);
  assert.deepEqual(asked, ['push']);
});

test('after a step for trial the session and the model have the values from before', () => {
  const { at, asked } = residence();
  at.onTrial(() => asked.push('step'));
  assert.deepEqual(asked, ['step', 'restore', 'pull']);
});

test('a first captured step counts where it equals the eager one; else the eager one does, and the session begins anew', () => {
  const { at, asked } = residence();
  const [captured, eager] = [{ loss: 1 }, { loss: 2 }];
  const work = { captured: () => captured, eagerly: () => eager, refuse: () => asked.push('refused') };
  assert.equal(at.checked({ ...work, compare: () => undefined }), captured);
  assert.deepEqual(asked, []);
  at.pull();
  assert.deepEqual(asked.splice(0), ['pull'], 'the captured step has moved the session’s values');
  const differ = (): never => {
    throw new CaptureError('the losses differ', '损失不同');
  };
  assert.equal(at.checked({ ...work, compare: differ }), eager);
  assert.deepEqual(asked.splice(0), ['refused', 'the losses differ', 'push']);
  at.pull();
  assert.deepEqual(asked, []);
});
