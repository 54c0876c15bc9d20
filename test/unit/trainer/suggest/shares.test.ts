/** Numbers that weights can be made of, and what is said of the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodRows } from '../../../../src/trainer/suggest/methods.ts';
import { digits, positive, type SuggestOptions } from '../../../../src/trainer/suggest/shares.ts';
import type { FactSource } from '../../../../src/trainer/baselines/facts.ts';
import type { Task } from '../../../../src/trainer/tasks/contract.ts';

const task = { name: 'a' } as unknown as Task;

function saidOf(value: number): { en: string; zh: string } {
  try {
    positive(task, value, 'mean loss', '平均损失');
  } catch (error) {
    assert.equal((error as Error).name, 'SuggestError');
    return (error as { text: { en: string; zh: string } }).text;
  }
  return assert.fail(`${String(value)} was taken`);
}

test('a number above 0 is taken as it is', () => {
  for (const value of [1e-300, 0.25, 1, 1e300]) assert.equal(positive(task, value, 'mean loss', '平均损失'), value);
});

test('without labels there is no number, and that is said', () => {
  assert.equal(
    saidOf(NaN).en,
    'Task "a" has no label in the training split, so its mean loss is not known. Give it labels.',
  );
  assert.equal(saidOf(NaN).zh, '任务“a”在训练集中没有标签，平均损失 未知。请补充标签。');
});

test('nothing can be divided by 0, nor by what is not finite or below', () => {
  for (const value of [0, -0.5, Infinity, -Infinity]) {
    assert.equal(
      saidOf(value).en,
      `Task "a": its mean loss is ${String(value)}, so nothing can be divided by it. Is its target always the same?`,
    );
    assert.equal(saidOf(value).zh, `任务“a”：其 平均损失 为 ${String(value)}，无法作除数。目标是否恒定？`);
  }
});

test('four digits, without zeros behind', () => {
  assert.deepEqual([1 / 3, 2, 12345.6, 0.00012345, 0.5].map(digits), ['0.3333', '2', '12350', '0.0001234', '0.5']);
});

test('losses that were measured: their inverses, told in both languages', () => {
  const source = { tasks: [task, { name: 'b' }] } as unknown as FactSource;
  const initial = new Map([['a', 0.5], ['b', 4.00004]]); // prettier-ignore
  const options: SuggestOptions = { power: 1, run: null, split: 'train', initial };
  const { shares, warnings, formula } = methodRows['initial-loss'](source, options);
  assert.equal(formula, 'w ∝ 1/L⁰');
  assert.deepEqual(warnings, []);
  assert.deepEqual(shares, [
    {
      ...{ task: 'a', share: 2, numbers: new Map([['initialLoss', 0.5]]) },
      text: { en: 'mean loss of the first batches 0.5', zh: '最初若干批的平均损失 0.5' },
    },
    {
      ...{ task: 'b', share: 1 / 4.00004, numbers: new Map([['initialLoss', 4.00004]]) },
      text: { en: 'mean loss of the first batches 4', zh: '最初若干批的平均损失 4' },
    },
  ]);
  assert.throws(() => methodRows['initial-loss'](source, { ...options, initial: new Map([['a', 0]]) }), {
    message: /^Task "a": its mean loss of the first batches is 0,/,
    text: {
      en: 'Task "a": its mean loss of the first batches is 0, so nothing can be divided by it. Is its target always the same?',
      zh: '任务“a”：其 最初若干批的平均损失 为 0，无法作除数。目标是否恒定？',
    },
  });
});
