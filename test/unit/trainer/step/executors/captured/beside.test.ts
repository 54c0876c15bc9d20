/** Which of a graph and an eager step is trusted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureError } from '../../../../../../src/engine/native/capture/errors.ts';
import { besideEager } from '../../../../../../src/trainer/step/executors/captured/beside.ts';
import type { Compared } from '../../../../../../src/trainer/step/executors/captured/check.ts';
import type { State } from '../../../../../../src/trainer/step/executors/captured/state.ts';

/** One weight, in the session and in the model. */
function held(session: number, host: number) {
  const now = { session, host };
  const state = {
    hostValues: () => [Float32Array.of(now.host)],
    values: () => [Float32Array.of(now.session)],
    sideBySide: ([before], [captured], [eager]): Compared[] => [
      { name: 'w', group: 'weights', before: before as Float32Array, captured: captured as Float32Array, eager: eager as Float32Array }, // prettier-ignore
    ],
  } as Partial<State> as State;
  return { now, state };
}

const refuse = (): void => {
  throw new CaptureError('its losses differ');
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
    (own, other) => order.push(`${String(own.mine)} ${other}`),
  );
  assert.deepEqual(found, { own: { mine: 1 }, other: 'its' });
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
  assert.deepEqual([other.own, other.other], [{ mine: 1 }, 'its']);
  assert.match(other.why ?? '', /^its step of w differs/);
  const same = held(2, 2).state;
  const results = besideEager(same, () => ({}), () => 0, refuse); // prettier-ignore
  assert.deepEqual(results, { own: {}, other: 0, why: 'its losses differ' });
});

test('a graph that fails when it runs has nothing of its own; the eager step is taken all the same', () => {
  const fail = (error: unknown) => (): never => {
    throw error;
  };
  const found = besideEager(held(1, 1).state, fail(new Error('no such kernel')), () => 'its', () => undefined); // prettier-ignore
  assert.deepEqual(found, { other: 'its', why: 'it does not run (no such kernel)' });
  assert.equal('own' in found, false);
});

test('a fault of the program itself is not hidden', () => {
  const fault = (): never => {
    throw new TypeError('x is not a function');
  };
  assert.throws(() => besideEager(held(1, 1).state, () => ({}), () => 0, fault), TypeError); // prettier-ignore
  assert.throws(() => besideEager(held(1, 1).state, () => ({}), fault, () => undefined), TypeError); // prettier-ignore
});
