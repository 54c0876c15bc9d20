// Constants, penalties, clipping and schedules up to their borders.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ScheduleSpec } from '../../../../src/spec/index.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import {
  clipByGlobalNorm,
  clipFactor,
  penalty,
  penaltyGradient,
  regularizedVariables,
} from '../../../../src/trainer/optimizers/gradients.ts';
import { freshPlateau, observePlateau, scheduleFactor } from '../../../../src/trainer/optimizers/schedules.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const near = (found: number, expected: number): void =>
  assert.ok(
    Math.abs(found - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
    `${String(found)} for ${String(expected)}`,
  );

test('the training’s penalty comes on top of the layer’s own, on kernels alone', () => {
  const variable = tf.variable(tf.tensor1d([2, -3]));
  const base = { path: 'w', variable, trainable: true, kernel: true, l1: 0.5, l2: 0 };
  const of = (more: object, training: { l1: number; l2: number }) =>
    regularizedVariables([{ ...base, ...more }], training).map(({ l1, l2 }) => [l1, l2]);
  assert.deepEqual(of({}, { l1: 0.25, l2: 1 }), [[0.75, 1]]);
  assert.deepEqual(of({ kernel: false }, { l1: 0.25, l2: 1 }), [[0.5, 0]]);
  assert.deepEqual(of({ l1: 0, kernel: false }, { l1: 0.25, l2: 1 }), []);
  assert.deepEqual(of({ l1: 0 }, { l1: 0, l2: 1 }), [[0, 1]]);
  assert.deepEqual(of({ trainable: false }, { l1: 1, l2: 1 }), []);
  tf.tidy(() => {
    const whole = { path: 'w', variable, l1: 0.5, l2: 2 };
    for (const [l1, l2] of [
      [0.5, 2],
      [0, 2],
      [0.5, 0],
      [0, 0],
    ] as const) {
      // prettier-ignore
      near(penalty([{ ...whole, l1, l2 }]).dataSync()[0] ?? NaN, l1 * 5 + l2 * 13);
      const gradient = penaltyGradient({ ...whole, l1, l2 }).dataSync();
      near(gradient[0] ?? NaN, l1 + 4 * l2);
      near(gradient[1] ?? NaN, -l1 - 6 * l2);
    }
    near(penalty([whole, { ...whole, l1: 0, l2: 1 }]).dataSync()[0] ?? NaN, 2.5 + 26 + 13);
    near(penalty([]).dataSync()[0] ?? NaN, 0);
  });
  variable.dispose();
});

test('a norm as large as the limit is not clipped, one that is no number neither; the factor as a tensor is the same', () => {
  tf.tidy(() => {
    const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[0, 4]])];
    const factor = (limit: number, of: tf.Tensor[] = gradients): number => clipFactor(of, limit).dataSync()[0] ?? NaN;
    for (const [limit, expected] of [
      [1, 0.2],
      [4, 0.8],
      [5, 1],
      [10, 1],
    ] as const) {
      // prettier-ignore
      near(factor(limit), expected);
      const map = new Map(gradients.map((gradient, i) => [String(i), tf.clone(gradient)]));
      const before = [...map.values()];
      const found = clipByGlobalNorm(map, limit);
      near(found.norm, 5);
      near(found.factor, expected);
      // Nothing is made anew where nothing is clipped.
      assert.equal([...map.values()].every((tensor, i) => tensor === before[i]), expected === 1); // prettier-ignore
    }
    const lost = [tf.tensor1d([NaN, 1])];
    assert.equal(factor(1, lost), 1);
    assert.deepEqual(clipByGlobalNorm(new Map([['a', lost[0] as tf.Tensor]]), 1), { norm: NaN, factor: 1 });
  });
});

test('schedules by epochs and by shares of the training', () => {
  const at = (schedule: ScheduleSpec, step: number, more: object = {}): number =>
    scheduleFactor(schedule, { step, totalSteps: 10, stepsPerEpoch: 3, ...more });
  const stepped = { name: 'step', every: 2, factor: 0.5 } as ScheduleSpec;
  assert.deepEqual([0, 5, 6, 11, 12].map((step) => at(stepped, step)), [1, 1, 0.5, 0.5, 0.25]); // prettier-ignore
  const exponential = { name: 'exponential', factor: 0.5 } as ScheduleSpec;
  assert.deepEqual([0, 2, 3, 5, 6].map((step) => at(exponential, step)), [1, 1, 0.5, 0.5, 0.25]); // prettier-ignore
  // An epoch has at least one step.
  assert.equal(at(exponential, 2, { stepsPerEpoch: 0 }), 0.25);
  assert.equal(at({ name: 'constant' }, 7), 1);
  const cosine = { name: 'cosine', minimum: 0.2 } as ScheduleSpec;
  for (const [step, expected] of [[0, 1], [5, 0.6], [10, 0.2], [15, 0.2]] as const) near(at(cosine, step), expected); // prettier-ignore
  near(at(cosine, 1, { totalSteps: 0 }), 0.2);
  const polynomial = { name: 'polynomial', power: 2, minimum: 0.1 } as ScheduleSpec;
  for (const [step, expected] of [[0, 1], [5, 0.1 + 0.9 / 4], [10, 0.1], [12, 0.1]] as const) near(at(polynomial, step), expected); // prettier-ignore
  const only = { name: 'warmup-cosine', warmup: 1, minimum: 0 } as ScheduleSpec;
  for (const [step, expected] of [[0, 0], [5, 0.5], [10, 1]] as const) near(at(only, step), expected); // prettier-ignore
  near(at({ name: 'warmup-cosine', warmup: 0, minimum: 0 }, 0), 1);
  const cycle = { name: 'one-cycle', warmup: 0.3, startDivisor: 4, endDivisor: 10 } as ScheduleSpec;
  // From ¼ to 1 at update 2 and down to 1/40 at update 9.
  const down = (share: number): number => 0.025 + (0.975 * (1 + Math.cos(Math.PI * share))) / 2;
  for (const [step, expected] of [[0, 0.25], [1, 0.625], [2, 1], [3, down(1 / 7)], [9, 0.025], [12, 0.025]] as const) near(at(cycle, step), expected); // prettier-ignore
  const falling = { ...cycle, warmup: 0 } as ScheduleSpec;
  near(at(falling, 0), 1);
  near(at(falling, 9), 0.025);
  near(at(cycle, 0, { totalSteps: 1 }), 1);
});

test('plateau: what counts as better, how long it waits, and how far it falls', () => {
  const schedule = { name: 'plateau', patience: 1, factor: 0.5, minDelta: 0.25, minimum: 0.2 } as Extract<ScheduleSpec, { name: 'plateau' }>; // prettier-ignore
  const through = (values: readonly number[], higher = false) =>
    values.reduce((state, value) => observePlateau(schedule, state, value, higher), freshPlateau);
  assert.deepEqual(freshPlateau, { best: null, bad: 0, factor: 1 });
  assert.deepEqual(through([3]), { best: 3, bad: 0, factor: 1 });
  // Better by as much as the least is not better.
  assert.deepEqual(through([3, 2.75]), { best: 3, bad: 1, factor: 1 });
  assert.deepEqual(through([3, 2.7]), { best: 2.7, bad: 0, factor: 1 });
  assert.deepEqual(through([3, 3.3], true), { best: 3.3, bad: 0, factor: 1 });
  assert.deepEqual(through([3, 2], true), { best: 3, bad: 1, factor: 1 });
  assert.deepEqual(through([3, 3, 3]), { best: 3, bad: 0, factor: 0.5 });
  assert.deepEqual(through([3, 3, 3, 3, 3]), { best: 3, bad: 0, factor: 0.25 });
  assert.deepEqual(through([3, 3, 3, 3, 3, 3, 3]), { best: 3, bad: 0, factor: 0.2 });
  assert.deepEqual(through([3, NaN]), { best: 3, bad: 1, factor: 1 });
  assert.equal(scheduleFactor(schedule, { step: 5, totalSteps: 9, stepsPerEpoch: 1 }), 1);
  assert.equal(
    scheduleFactor(schedule, { step: 5, totalSteps: 9, stepsPerEpoch: 1 }, { ...freshPlateau, factor: 0.3 }),
    0.3,
  );
});
