import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataFacts, LabelCount, LabelFacts } from '../../../src/plan/plan.ts';
import { planText, specText, squiggles, table, type Reading } from './helpers.ts';

type Counts = readonly [rows: number, labeled: number, weighted: number];

const countOf = ([rows, labeled, weighted]: Counts): LabelCount => ({ rows, labeled, weighted });
const full: Counts = [10, 10, 10];
const none: Counts = [10, 0, 0];
const zero: Counts = [10, 10, 0];
const empty: Counts = [0, 0, 0];

/** Labels of the two tasks of `specText`: training and validation. */
function facts(kind: readonly [Counts, Counts], mass: readonly [Counts, Counts]): DataFacts {
  const of = ([train, validation]: readonly [Counts, Counts]): LabelFacts => ({
    train: countOf(train),
    validation: countOf(validation),
    test: countOf(full),
  });
  return {
    ...table,
    labels: new Map([
      ['kind', of(kind)],
      ['mass', of(mass)],
    ]),
  };
}

const stopping = (monitor?: string): object => ({ earlyStopping: { patience: 3, ...(monitor ? { monitor } : {}) } });
const plateau = (monitor?: string): object => ({ schedule: { name: 'plateau', ...(monitor ? { monitor } : {}) } });

function problemsOf(
  training: object,
  data: DataFacts | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Reading {
  return planText(specText({ training, ...more }), data ?? table);
}

function messages(reading: Reading): readonly (readonly [string, string, string])[] {
  return reading.problems.map(({ code, message }) => [code, message.en, message.zh] as const);
}

test('labels for something: nothing to say', () => {
  for (const training of [
    {},
    stopping(),
    plateau(),
    stopping('validation/mass/loss'),
    plateau('validation/kind/accuracy'),
  ]) {
    assert.deepEqual(messages(problemsOf(training, facts([full, full], [full, full]))), []);
    assert.deepEqual(messages(problemsOf(training, undefined)), []);
  }
  // One of the two is enough for the skill, and for learning.
  assert.deepEqual(messages(problemsOf(stopping(), facts([none, none], [full, full]))), []);
});

test('no training label for any task is an error, which says whether labels or weights are missing', () => {
  const unlabeled = problemsOf(stopping(), facts([none, none], [none, none]));
  assert.deepEqual(squiggles(unlabeled), [['no-training-labels', '"tasks"']]);
  assert.match(unlabeled.problems[0]?.message.en ?? '', /no task has a label in the training split/);
  assert.match(unlabeled.problems[0]?.message.zh ?? '', /没有任务在训练集中有标签/);
  assert.equal(unlabeled.problems[0]?.severity, 'error');
  const weightless = problemsOf({}, facts([none, full], [zero, full]));
  assert.match(weightless.problems[0]?.message.en ?? '', /all labels in the training split have the sample weight 0/);
  assert.match(weightless.problems[0]?.message.zh ?? '', /样本权重均为 0/);
  const ignored = problemsOf({}, facts([full, full], [none, full]), { weights: { kind: 0, mass: 1 } });
  assert.match(
    ignored.problems[0]?.message.en ?? '',
    /“kind” alone has labels in the training split, and the weight 0/,
  );
  assert.match(ignored.problems[0]?.message.zh ?? '', /只有“kind”有标签，而其权重为 0/);
  const one = problemsOf({}, facts([full, full], [none, full]), {
    tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk' } },
    weights: {},
  });
  assert.deepEqual(
    one.problems.map(({ code, pointer }) => [code, pointer]),
    [['no-training-labels', '/tasks/mass/target']],
  );
});

test('early stopping and plateau schedules may not wait for what never has a value', () => {
  const cases: readonly (readonly [string | undefined, DataFacts, RegExp, RegExp])[] = [
    [undefined, facts([full, none], [full, none]), /has a label in the validation split/, /验证集中都没有标签/],
    [undefined, facts([none, full], [full, none]), /no task has labels both in training and in validation/, /同时拥有/],
    [
      'validation/total',
      facts([full, zero], [full, none]),
      /validation split have the sample weight 0/,
      /样本权重均为 0/,
    ],
    ['validation/mass/loss', facts([full, full], [full, none]), /“mass” has no label/, /“mass”在验证集中没有标签/],
    ['validation/mass/loss', facts([full, full], [full, zero]), /labels of “mass” .* weight 0/, /“mass”在验证集中所有/],
    ['validation/mass/rmse', facts([full, full], [full, none]), /“mass” has no label/, /没有标签/],
    [undefined, facts([full, empty], [full, empty]), /the validation split has no rows/, /验证集没有样本/],
  ];
  for (const [monitor, data, en, zh] of cases) {
    for (const training of [stopping(monitor), plateau(monitor)]) {
      const [found, ...others] = problemsOf(training, data).problems.filter(({ severity }) => severity === 'error');
      assert.deepEqual([found?.code, others], ['monitor-without-value', []]);
      assert.match(found?.message.en ?? '', en);
      assert.match(found?.message.en ?? '', new RegExp(`watches ${monitor ?? 'validation/skill'},`));
      assert.match(found?.message.zh ?? '', zh);
    }
  }
  // Labels of sample weight 0 count for metrics.
  assert.deepEqual(messages(problemsOf(stopping('validation/mass/rmse'), facts([full, full], [full, zero]))), []);
  const place = (training: object): string | undefined =>
    problemsOf(training, facts([full, none], [full, none])).problems.find(({ severity }) => severity === 'error')
      ?.pointer;
  assert.deepEqual([stopping(), stopping('validation/total'), plateau(), plateau('validation/total')].map(place), [
    '/training/earlyStopping',
    '/training/earlyStopping/monitor',
    '/training/schedule',
    '/training/schedule/monitor',
  ]);
});

test('a task of weight 0 is nothing to watch, known from the text alone', () => {
  const weights = { kind: 1, mass: 0 };
  for (const training of [stopping('validation/mass/loss'), plateau('validation/mass/rmse')]) {
    const reading = problemsOf(training, undefined, { weights });
    assert.deepEqual(
      messages(reading).map(([code]) => code),
      ['monitor-without-value'],
    );
    assert.match(reading.problems[0]?.message.en ?? '', /“mass” has the weight 0, so the objective ignores it/);
    assert.match(reading.problems[0]?.message.zh ?? '', /“mass”的权重为 0，目标函数忽略它/);
  }
  assert.deepEqual(messages(problemsOf(stopping('validation/kind/loss'), undefined, { weights })), []);
  // What the objective ignores makes no total and no skill.
  const [found] = problemsOf(stopping(), facts([full, none], [full, full]), { weights }).problems;
  assert.equal(found?.code, 'monitor-without-value');
});

test('without anyone who waits, a monitor without a value is a warning: the last epoch is kept', () => {
  const [found, ...others] = problemsOf({}, facts([full, none], [full, zero])).problems;
  assert.deepEqual([found?.code, found?.severity, others], ['no-best', 'warning', []]);
  assert.match(found?.message.en ?? '', /validation\/skill has no value here .* The last epoch is kept/);
  assert.match(found?.message.zh ?? '', /validation\/skill 在此没有值.*将保留最后一轮/);
  // Who asks for the last epoch gets it; that there are no validation rows is told with the data.
  assert.deepEqual(messages(problemsOf({ report: 'last' }, facts([full, none], [full, none]))), []);
  assert.deepEqual(messages(problemsOf({}, facts([full, empty], [full, empty]))), []);
});

test('a validation split of 0 leaves a plateau schedule nothing to watch', () => {
  const data = {
    source: 'table.csv',
    inputs: { measures: { type: 'number', from: ['a', 'b'] } },
    split: { train: 0.8, validation: 0, test: 0.2 },
  };
  assert.deepEqual(squiggles(planText(specText({ data, training: plateau() }), table)), [
    ['monitor-without-value', '"schedule"'],
  ]);
});
