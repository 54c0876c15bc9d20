// How long an experiment takes, and what a setting has come to; by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Design, Expansion, Outcome, PlannedRun } from '../../../src/experiment/contract.ts';
import { incompleteText } from '../../../src/experiment/driver/texts.ts';
import { estimateOf, overBudget, type Speed } from '../../../src/experiment/estimate.ts';
import { trialOf } from '../../../src/experiment/trials.ts';
import { done, failed } from './outcomes.ts';

const speed: Speed = { secondsPerEpoch: 6, secondsPerStep: 0.5, startup: 2 };

/** Runs of so many epochs, or steps, and how many more there may be. */
const expansionOf = (trainings: readonly object[], ...later: readonly number[]): Expansion =>
  ({
    runs: trainings.map((training) => ({ variant: { spec: { training } } })),
    pending: later.map((runs) => ({ stage: 's', arm: null, runs })),
  }) as unknown as Expansion;

test('each run takes its start and its epochs, or its steps; so many go on at once', () => {
  const both = expansionOf([{ epochs: 3 }, { epochs: 9, steps: 100 }]);
  // 2 + 3 · 6 = 20 and 2 + 100 · 0.5 = 52.
  assert.deepEqual(estimateOf(both, speed, 1), { runs: 2, seconds: 72, parallel: 1 });
  assert.equal(estimateOf(both, speed, 2).seconds, 36);
  assert.equal(estimateOf(both, speed, 8).seconds, 36, 'no more at once than there are');
  assert.equal(estimateOf(both, speed, 0).seconds, 72);
  assert.deepEqual(estimateOf(both, null, 2), { runs: 2, seconds: null, parallel: 2 });
});

test('runs that are not known yet take as long as the others; where none is known, their starts alone are', () => {
  const some = expansionOf([{ epochs: 3 }, { epochs: 5 }], 3, 1);
  // 20 and 32 are 26 in the mean, for six.
  assert.deepEqual(estimateOf(some, speed, 1), { runs: 6, seconds: 156, parallel: 1 });
  assert.deepEqual(estimateOf(expansionOf([], 4), speed, 1), { runs: 4, seconds: 8, parallel: 1 });
  assert.deepEqual(estimateOf(expansionOf([]), speed, 3), { runs: 0, seconds: 0, parallel: 3 });
});

test('a budget is exceeded by more than it says, runs before hours', () => {
  const over = (budget: object, runs: number, seconds: number | null): string | null =>
    overBudget({ experiment: { budget } } as unknown as Design, { runs, seconds, parallel: 1 });
  assert.deepEqual([over({ runs: 5 }, 5, null), over({ runs: 5 }, 6, null)], [null, 'runs']);
  assert.deepEqual([over({ hours: 2 }, 9, 7200), over({ hours: 2 }, 9, 7201), over({ hours: 2 }, 9, null)], [null, 'hours', null]); // prettier-ignore
  assert.equal(over({ runs: 5, hours: 2 }, 6, 7201), 'runs');
  assert.equal(over({}, 1e6, 1e9), null);
});

test('what a setting has come to: means to be made small, once all of its runs have ended', () => {
  const design = {
    measures: [
      { task: 'kind', metric: 'accuracy', higherIsBetter: true },
      { task: 'size', metric: 'mae', higherIsBetter: false },
    ],
  } as unknown as Design;
  const point = new Map([['lr', 0.1]]);
  const of = (...outcomes: readonly (Outcome | undefined)[]) => {
    const runs = outcomes.map((_, index) => ({ id: String(index), task: null }) as PlannedRun);
    return trialOf(design, point, runs, ({ id }) => outcomes[Number(id)]);
  };
  assert.deepEqual(of(done(0.5, 3), done(0.75, 5)), { setting: point, values: [-0.625, 4], state: 'done' });
  assert.deepEqual(of(done(null, 3)), { setting: point, values: [null, 3], state: 'done' });
  assert.equal(of(done(0.5, 3), undefined), undefined);
  const pruned: Outcome = { ...done(0.5, 3), state: 'pruned' };
  assert.deepEqual([of(done(0.5, 3), pruned)?.state, of(done(0.5, 3), failed)?.state], ['pruned', 'failed']);
  assert.equal(of(pruned, failed)?.state, 'failed');
  // A mean of those that went well would flatter; numbers of a run that was cut are not its last.
  assert.deepEqual(of(done(0.5, 3), failed)?.values, [null, null]);
  assert.deepEqual(of(done(0.5, 3), pruned)?.values, [null, null]);
});

test('why not all is done: each reason that there is, and no other', () => {
  const told = (...counts: Parameters<typeof incompleteText>): string => incompleteText(...counts).en;
  assert.equal(told(1, 0, 0), '1 run has failed for good.');
  assert.equal(told(0, 1, 0), '1 directory in runs/ is not what its name says, and its run was not made.');
  assert.equal(told(0, 0, 1), '1 run could not be planned, since what it depends on has no values.');
  assert.equal(told(2, 1, 3).split('; ').length, 3);
  assert.equal(incompleteText(2, 0, 3).zh, '2 次运行最终失败；3 次运行因所依赖的结果没有数值而无法计划。');
});
