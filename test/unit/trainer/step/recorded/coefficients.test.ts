/** Numbers of the optimizer for a whole program, for a rule that shows what it is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coefficientsOf } from '../../../../../src/trainer/step/recorded/coefficients.ts';
import type { Trained } from '../../../../../src/trainer/step/recorded/state.ts';
import type { UpdateRule } from '../../../../../src/trainer/optimizers/contract.ts';

const rule = {
  coefficients: ({ learningRate, count, decays }) => [learningRate, count, decays ? 1 : 0],
} as Partial<UpdateRule> as UpdateRule;

interface Target {
  readonly path: string;
  readonly decays?: boolean;
  readonly learningRate?: number;
  readonly tasks?: readonly string[];
}

function trained({ path, decays = true, learningRate = 1, tasks = ['a', 'b'] }: Target, count = 0): Trained {
  return { target: { path, decays, learningRate, tasks }, count } as unknown as Trained;
}

test('variables with the same factor, decay, tasks and count share their numbers, and no others do', () => {
  const entries = [
    trained({ path: 'one' }),
    trained({ path: 'half', learningRate: 0.5 }),
    trained({ path: 'two' }),
    trained({ path: 'bias', decays: false }),
    trained({ path: 'own', tasks: ['a'] }),
    trained({ path: 'late' }, 3),
  ];
  const made = coefficientsOf(rule, entries);
  assert.equal(made.size, 15);
  assert.deepEqual(made.placesOf('one'), [0, 1, 2]);
  assert.deepEqual(made.placesOf('two'), [0, 1, 2]);
  assert.deepEqual(made.placesOf('half'), [3, 4, 5]);
  assert.deepEqual(made.placesOf('bias'), [6, 7, 8]);
  assert.deepEqual(made.placesOf('own'), [9, 10, 11]);
  assert.deepEqual(made.placesOf('late'), [12, 13, 14]);
  const numbers = [...made.next(0.25, ['a'])];
  assert.deepEqual(numbers, [0.25, 1, 1, 0.125, 1, 1, 0.25, 1, 0, 0.25, 1, 1, 0.25, 4, 1]);
  assert.deepEqual(
    entries.map(({ count }) => count),
    [1, 1, 1, 1, 1, 4],
  );
});

test('of a group that no task of the step reaches nothing is counted, and its numbers are 0', () => {
  const entries = [
    trained({ path: 'own', tasks: ['a'] }),
    trained({ path: 'shared' }),
    trained({ path: 'none', tasks: [] }),
  ];
  const made = coefficientsOf(rule, entries);
  assert.deepEqual([...made.next(0.5, ['b'])], [0, 0, 0, 0.5, 1, 1, 0, 0, 0]);
  assert.deepEqual([...made.next(0.5, ['b', 'a'])], [0.5, 1, 1, 0.5, 2, 1, 0, 0, 0]);
  assert.deepEqual([...made.next(0.5, [])], new Array<number>(9).fill(0));
  assert.deepEqual(
    entries.map(({ count }) => count),
    [1, 2, 0],
  );
});

test('without variables there are no numbers', () => {
  const made = coefficientsOf(rule, []);
  assert.equal(made.size, 0);
  assert.equal(made.next(1, ['a']).length, 0);
});
