// Choices on the validation split, by hand: by what `selection` names, means over seeds, and the front over the tasks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestOf, meansOf, takeFrom, type Contender } from '../../../src/experiment/choose.ts';
import type { Design, Outcome, PlannedRun } from '../../../src/experiment/contract.ts';
import { done, failed } from './outcomes.ts';

/** Accuracy of `kind`: more is better; MAE of `size`: less is. */
const design = (selection = 'validation/skill'): Design =>
  ({
    selection,
    measures: [
      { task: 'kind', type: 'classification', metric: 'accuracy', higherIsBetter: true },
      { task: 'size', type: 'regression', metric: 'mae', higherIsBetter: false },
    ],
  }) as unknown as Design;

interface Given {
  readonly contenders: readonly Contender[];
  readonly outcomeOf: (run: PlannedRun) => Outcome | undefined;
}
/** Contenders by name, each with what its runs came to. */
function given(all: Readonly<Record<string, readonly (Outcome | undefined)[]>>, task: string | null = null): Given {
  const outcomes = new Map<string, Outcome | undefined>();
  const contenders = Object.entries(all).map(([key, own]) => ({
    key,
    runs: own.map((outcome, index) => {
      const id = `${key} ${index}`;
      outcomes.set(id, outcome);
      return { id, task } as PlannedRun;
    }),
  }));
  return { contenders, outcomeOf: ({ id }) => outcomes.get(id) };
}
const best = (all: Parameters<typeof given>[0], selection?: string, task: string | null = null): string | undefined => {
  const { contenders, outcomeOf } = given(all, task);
  return bestOf(design(selection), contenders, outcomeOf)?.key;
};

// Each is the best by something: accuracy, MAE (and total, which is the same here), skill.
const three = { a: [done(0.9, 5, 0.1)], b: [done(0.5, 2, 0.2)], c: [done(0.7, 4, 0.3)] };

test('the best is that of what the selection names, in its direction', () => {
  assert.equal(best(three, 'validation/skill'), 'c');
  assert.equal(best(three, 'validation/total'), 'b');
  assert.equal(best(three, 'validation/kind/accuracy'), 'a');
  assert.equal(best(three, 'validation/size/mae'), 'b');
  // What outcomes do not hold chooses nobody.
  for (const other of ['validation/size/loss', 'validation/nothing/mae', 'train/skill']) {
    assert.equal(best(three, other), undefined, other);
  }
});

test('single-task runs are judged by the measure of their task, whatever the selection', () => {
  assert.equal(best(three, 'validation/skill', 'kind'), 'a');
  assert.equal(best(three, 'validation/skill', 'size'), 'b');
  assert.equal(best(three, 'validation/skill', 'other'), undefined);
});

test('it is the mean of the seeds; of equals the first; who lacks a value is none', () => {
  const skill = (...values: readonly (number | null)[]) => values.map((value) => done(0.5, 1, value));
  assert.equal(best({ a: skill(0.9, 0.1), b: skill(0.6, 0.5) }), 'b');
  assert.equal(best({ a: skill(-2), b: skill(-1), c: skill(-1) }), 'b');
  assert.equal(best({ a: skill(0.9, null), b: skill(0.1, 0.1) }), 'b');
  assert.equal(best({ a: [...skill(0.9), failed], b: skill(0.1) }), 'b');
  assert.equal(best({ a: [...skill(0.9), undefined], b: skill(0.1) }), 'b');
  assert.equal(best({ a: [{ ...done(0.9, 1), state: 'pruned' }], b: skill(0.1) }), 'b');
  assert.equal(best({ a: [failed], b: [], c: skill(null) }), undefined);
  assert.equal(best({}), undefined);
  assert.equal(best({ a: [], b: skill(-5) }), 'b', 'without runs there is nothing to be good at');
});

test('means of every task, as they were measured; of single-task runs those of the task', () => {
  const means = (outcomes: readonly (Outcome | undefined)[], task: string | null = null) => {
    const { contenders, outcomeOf } = given({ a: outcomes }, task);
    return contenders.map((contender) => meansOf(design(), contender, outcomeOf))[0];
  };
  assert.deepEqual(means([done(0.5, 3), done(0.75, 6)]), [0.625, 4.5]);
  assert.deepEqual(means([done(0.5, 3), done(null, 6)]), [null, 4.5]);
  assert.deepEqual(means([done(0.5, 3), failed]), [null, null]);
  assert.deepEqual(means([done(0.5, 3), undefined]), [null, null]);
  assert.deepEqual(means([{ ...done(0.5, 3), state: 'pruned' }]), [null, null]);
  assert.deepEqual(means([done(0.5, 3)], 'size'), [null, 3]);
});

test('so many go on, the best scores first; of the front alone where that is asked for', () => {
  const taken = (all: Parameters<typeof given>[0], pareto: boolean, max: number) => {
    const { contenders, outcomeOf } = given(all);
    return takeFrom(design(), contenders, { pareto, max }, outcomeOf).map(({ key }) => key);
  };
  // d is worse than c on both tasks, and has the best skill all the same.
  const four = { ...three, d: [done(0.6, 4.5, 0.4)] };
  assert.deepEqual(taken(four, false, 9), ['d', 'c', 'b', 'a']);
  assert.deepEqual(taken(four, false, 2), ['d', 'c']);
  assert.deepEqual(taken(four, true, 9), ['c', 'b', 'a']);
  assert.deepEqual(taken(four, true, 1), ['c']);
  const lacking = { ...four, c: [done(null, 4, 0.3)], d: [done(0.6, 4.5, null)] };
  assert.deepEqual([taken(lacking, false, 9), taken(lacking, true, 9)], [['b', 'a'], ['b', 'a']]); // prettier-ignore
  const equal = { x: [done(0.5, 1, 0.5)], y: [done(0.5, 1, 0.5)] };
  assert.deepEqual(taken(equal, false, 2), ['x', 'y']);
});

/** `logLoss` orders them otherwise than accuracy does: less is better. */
const withLogLoss = (accuracy: number, logLoss: number): Outcome => ({
  ...done(accuracy, 1),
  validation: new Map([
    [
      'kind',
      new Map([
        ['accuracy', accuracy],
        ['logLoss', logLoss],
      ]),
    ],
    ['size', new Map([['mae', 1]])],
  ]),
});
const two = { sharp: [withLogLoss(0.9, 0.7)], calm: [withLogLoss(0.8, 0.4)] };

test('a selection may name another metric of a task than its measure', () => {
  assert.equal(best(two, 'validation/kind/accuracy'), 'sharp');
  assert.equal(best(two, 'validation/kind/logLoss'), 'calm');
  // For a single-task run where it is of that very task; others are judged by their own measure.
  assert.equal(best(two, 'validation/kind/logLoss', 'kind'), 'calm');
  assert.equal(best(two, 'validation/size/mae', 'kind'), 'sharp');
});
