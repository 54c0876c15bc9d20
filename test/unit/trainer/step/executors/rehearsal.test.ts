/** Which of a graph and an eager step is trusted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../../../src/common/text.ts';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { besideEager } from '../../../../../src/trainer/step/executors/rehearsal.ts';
import type { Compared } from '../../../../../src/trainer/step/recorded/state.ts';
import type { RehearsedState } from '../../../../../src/trainer/step/executors/rehearsal.ts';

/** One weight, in the session and in the model. */
function held(session: number, host: number) {
  const now = { session, host };
  const state = {
    hostValues: () => [Float32Array.of(now.host)],
    values: () => [Float32Array.of(now.session)],
    sideBySide: ([before], [captured], [eager]): Compared[] => [
      { name: 'w', group: 'weights', before: before as Float32Array, captured: captured as Float32Array, eager: eager as Float32Array }, // prettier-ignore
    ],
  } as RehearsedState;
  return { now, state };
}

const refuse = (): void => {
  throw new CaptureError('its losses differ', '损失不同');
};

test('a graph whose state and results are those of the eager step is trusted', () => {
  const { now, state } = held(1, 1);
  const order: string[] = [];
  const found = besideEager(
    state,
    () => {
      order.push('graph');
      now.session = 2;
      return { mine: 1 };
    },
    () => {
      order.push('eager');
      now.host = 2;
      return 'its';
    },
    (taken, other) => order.push(`${String(taken.mine)} ${other}`),
  );
  assert.deepEqual(found, { taken: { mine: 1 }, other: 'its' });
  assert.deepEqual(order, ['graph', 'eager', '1 its']);
});

test('another state or other results say why not, and both are there', () => {
  const { now, state } = held(1, 1);
  const captured = () => {
    now.session = 3;
    return { mine: 1 };
  };
  const eagerly = () => {
    now.host = 2;
    return 'its';
  };
  const other = besideEager(state, captured, eagerly, () => undefined);
  assert.deepEqual([other.taken, other.other], [{ mine: 1 }, 'its']);
  assert.match(other.why?.en ?? '', /^its step of w differs/);
  const same = held(2, 2).state;
  const results = besideEager(same, () => ({}), () => 0, refuse); // prettier-ignore
  assert.deepEqual(results, { taken: {}, other: 0, why: text('its losses differ', '损失不同') });
});

test('a graph that fails when it runs has nothing of its own; the eager step is taken all the same', () => {
  const fail = (error: unknown) => (): never => {
    throw error;
  };
  const found = besideEager(held(1, 1).state, fail(new Error('no such kernel')), () => 'its', () => undefined); // prettier-ignore
  assert.deepEqual(found, {
    other: 'its',
    why: text('it does not run (no such kernel)', '无法运行（“no such kernel”）'),
  });
  assert.equal('taken' in found, false);
});

test('a fault of the program itself is not hidden', () => {
  const fault = (): never => {
    throw new TypeError('x is not a function');
  };
  assert.throws(() => besideEager(held(1, 1).state, () => ({}), () => 0, fault), TypeError); // prettier-ignore
  assert.throws(() => besideEager(held(1, 1).state, () => ({}), fault, () => undefined), TypeError); // prettier-ignore
});
