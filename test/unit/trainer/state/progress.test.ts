/** When something is due at the end of an epoch; what a run begins with. (Reading it back: checkpoint.test.ts.) */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshProgress, isDue, type Running } from '../../../../src/trainer/state/progress.ts';

const at = (step: number, stepInEpoch: number): Running => ({ ...freshProgress(null), step, stepInEpoch });

test('by epochs: after every so many of them', () => {
  const due = (every: number): readonly number[] =>
    [1, 2, 3, 4, 5, 6].filter((epoch) => isDue({ every, unit: 'epoch' }, epoch, at(1000, 7)));
  assert.deepEqual(due(1), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(due(2), [2, 4, 6]);
  assert.deepEqual(due(4), [4]);
  assert.deepEqual(due(7), []);
});

test('by steps: at the end of an epoch in which a multiple was passed', () => {
  const due = (every: number, step: number, stepInEpoch: number): boolean =>
    isDue({ every, unit: 'step' }, 1, at(step, stepInEpoch));
  // Epochs of 4 steps end after 4, 8, 12, …; every 6: steps 6 and 12.
  assert.deepEqual([4, 8, 12, 16].map((step) => due(6, step, 4)), [false, true, true, false]); // prettier-ignore
  assert.equal(due(10, 10, 4), true, 'the multiple itself is passed');
  assert.equal(due(10, 14, 4), false, 'it was passed with the epoch before');
  assert.equal(due(10, 13, 4), true);
});

test('by steps: as often as epochs hold a multiple, whatever their length', () => {
  const small = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(small, small, fc.integer({ min: 1, max: 12 }), (every, perEpoch, epochs) => {
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const step = epoch * perEpoch;
        const passed = Array.from({ length: perEpoch }, (_, back) => step - back).some((one) => one % every === 0);
        assert.equal(isDue({ every, unit: 'step' }, epoch, at(step, perEpoch)), passed);
      }
    }),
  );
});

test('a run begins at step 0 of epoch 1 with nothing counted or chosen', () => {
  const { selection, plateau, ...rest } = freshProgress({ mean: 1 });
  assert.deepEqual(rest, {
    ...{ step: 0, epoch: 1, stepInEpoch: 0, strategy: { mean: 1 }, problems: {}, stoppedEarly: false },
  });
  assert.deepEqual(selection, { best: null, reference: null, waited: 0 });
  assert.deepEqual(plateau, { best: null, bad: 0, factor: 1 });
});
