/** A captured step is judged by each kind of state on its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareStates, type Compared } from '../../../../../../src/trainer/step/executors/captured/check.ts';
import { CaptureError } from '../../../../../../src/engine/native/capture/errors.ts';

const part = (name: string, group: Compared['group'], before: number, captured: number, eager: number): Compared => ({
  ...{ name, group },
  before: Float32Array.of(before),
  captured: Float32Array.of(captured),
  eager: Float32Array.of(eager),
});

const slot = part('slot', 0, 0, 0.1, 0.1);
const count = part('count', 'kept', 4, 5, 5);

test('a count that moves by 1 excuses no weight', () => {
  const weights = (captured: number): Compared[] => [part('kernel', 'weights', 0, captured, 0.01), count, slot];
  assert.doesNotThrow(() => compareStates(weights(0.0101)));
  assert.throws(
    () => compareStates(weights(0.02)),
    (error) => error instanceof CaptureError && /step of kernel differs/.test(error.message),
  );
});

test('moving averages come of the forward pass alone: they may differ by rounding, not as weights may', () => {
  const averages = (captured: number): Compared[] => [part('mean', 'kept', 2, captured, 3), count, slot];
  assert.doesNotThrow(() => compareStates(averages(3.0005)));
  assert.throws(() => compareStates(averages(3.01)), /step of mean differs/);
  const wrong = [part('updates', 'kept', 4, 4, 5), slot];
  assert.throws(() => compareStates(wrong), /step of updates differs/);
});
