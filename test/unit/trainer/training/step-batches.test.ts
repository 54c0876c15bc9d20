/** Which samples a step works on, by how many batches its method and the spec put together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedSplit } from '../../../../src/samples/contract.ts';
import { epochOrder } from '../../../../src/samples/order.ts';
import type { Prepared } from '../../../../src/trainer/prepare/prepare.ts';
import type { Method } from '../../../../src/trainer/step/methods/method.ts';
import { StepBatches } from '../../../../src/trainer/training/step-batches.ts';

const seed = 3;
function stepsOf(
  n: number,
  batchSize: number,
  { accumulate = 1, batches = 1, halves = false, seeds = {} } = {},
): StepBatches {
  const train: PreparedSplit = { n, rows: new Int32Array(n), inputs: new Map(), targets: new Map() };
  const prepared = {
    spec: { training: { accumulate, batchSize, seed, seeds } },
    data: { splits: { train } },
    model: { inputs: [] },
    tasks: [],
  } as unknown as Prepared;
  return new StepBatches(prepared, { batches, halves } as unknown as Method);
}
/** Sizes of the batches of each step. */
const sizes = (steps: StepBatches, from = 0, epoch = 1): readonly (readonly number[])[] =>
  [...steps.of(epoch, from)].map((group) => group.map(({ length }) => length));
const all = (steps: StepBatches, epoch: number, from = 0): readonly number[] =>
  [...steps.of(epoch, from)].flat().flatMap((positions) => [...positions]);

test('a step takes one batch, the last is smaller', () => {
  const steps = stepsOf(10, 4);
  assert.equal(steps.stepsPerEpoch, 3);
  assert.deepEqual(sizes(steps), [[4], [4], [2]]);
  assert.deepEqual(all(steps, 2), [...epochOrder(seed, 2, 10)]);
  assert.deepEqual(sizes(steps, 2), [[2]]);
  assert.deepEqual(all(steps, 1, 1), [...epochOrder(seed, 1, 10)].slice(4));
  assert.deepEqual(sizes(steps, 3), []);
});

test('batches that accumulate are one step; what is left at the end is one step more', () => {
  const steps = stepsOf(22, 4, { accumulate: 2 });
  // Six batches: three groups.
  assert.equal(steps.stepsPerEpoch, 3);
  assert.deepEqual(sizes(steps), [[4, 4], [4, 4], [4, 2]]); // prettier-ignore
  const odd = stepsOf(20, 4, { accumulate: 2 });
  assert.equal(odd.stepsPerEpoch, 3);
  assert.deepEqual(sizes(odd), [[4, 4], [4, 4], [4]]); // prettier-ignore
  assert.deepEqual(sizes(odd, 1), [[4, 4], [4]]);
  assert.deepEqual(all(odd, 1, 1), [...epochOrder(seed, 1, 20)].slice(8));
});

test('a method of three batches takes whole groups of whole batches alone, but at least one', () => {
  const steps = stepsOf(29, 4, { batches: 3 });
  // Two groups of twelve; five samples wait.
  assert.equal(steps.stepsPerEpoch, 2);
  assert.deepEqual(sizes(steps), [[4, 4, 4], [4, 4, 4]]); // prettier-ignore
  assert.deepEqual(all(steps, 1), [...epochOrder(seed, 1, 29)].slice(0, 24));
  assert.deepEqual(sizes(steps, 1), [[4, 4, 4]]);
  const exact = stepsOf(24, 4, { batches: 3 });
  assert.equal(exact.stepsPerEpoch, 2);
  assert.deepEqual(sizes(exact), [[4, 4, 4], [4, 4, 4]]); // prettier-ignore
  const few = stepsOf(7, 4, { batches: 3 });
  assert.equal(few.stepsPerEpoch, 1);
  assert.deepEqual(sizes(few), [[4, 3]]);
  assert.equal(stepsOf(24, 4, { batches: 3, accumulate: 2 }).stepsPerEpoch, 2);
});

test('halves: the first is the larger one, and the whole batch follows', () => {
  const load = (length: number, halves: boolean): readonly number[] =>
    stepsOf(9, 9, { halves })
      .load([Int32Array.from({ length }, (_, at) => at)])
      .map(({ size }) => size);
  assert.deepEqual(load(5, true), [3, 2, 5]);
  assert.deepEqual(load(4, true), [2, 2, 4]);
  assert.deepEqual(load(1, true), [1, 0, 1]);
  assert.deepEqual(load(5, false), [5]);
});

test('the order of the rows has a seed of its own where the spec gives it one, and no other seed changes it', () => {
  const own = stepsOf(10, 4, { seeds: { init: 5, order: 11, dropout: 6 } });
  assert.deepEqual(all(own, 1), [...epochOrder(11, 1, 10)]);
  assert.deepEqual(all(stepsOf(10, 4, { seeds: { init: 5, dropout: 6 } }), 1), [...epochOrder(seed, 1, 10)]);
});
