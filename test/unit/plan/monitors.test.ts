// Whether a monitor can have a value, by counts of labels; the reason is the end of a sentence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasNoValidation, lastIsKept, noRows, whyWithoutValue } from '../../../src/plan/monitors.ts';
import type { LabelCount } from '../../../src/plan/plan.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { planText, specText } from './helpers.ts';

type Counts = readonly [rows: number, labeled: number, weighted: number];
const specOf = (parts: Readonly<Record<string, unknown>> = {}): Spec => planText(specText(parts)).plan.spec;
const count = ([rows, labeled, weighted]: Counts): LabelCount => ({ rows, labeled, weighted });
const labels = (tasks: Readonly<Record<string, readonly [train: Counts, validation: Counts]>>) =>
  new Map(
    Object.entries(tasks).map(([task, [train, validation]]) => [
      task,
      { train: count(train), validation: count(validation), test: count([0, 0, 0]) },
    ]),
  );
const full: Counts = [9, 1, 1];
const none: Counts = [9, 0, 0];
const zero: Counts = [9, 1, 0];
const empty: Counts = [0, 0, 0];
const why = (monitor: string, facts: ReturnType<typeof labels> | undefined, spec: Spec = specOf()): string => {
  const found = whyWithoutValue(monitor, spec, facts);
  return found === undefined ? '' : `${found.en} / ${found.zh}`;
};
const all = (kind: Counts = full, mass: Counts = full) => labels({ kind: [full, kind], mass: [full, mass] });

test('with labels everything has a value; without facts nothing is said', () => {
  for (const monitor of ['validation/skill', 'validation/total', 'validation/kind/loss', 'validation/mass/mae'])
    for (const facts of [all(), undefined]) assert.equal(why(monitor, facts), '', monitor);
  assert.equal(why('no monitor', all()), '');
});

test('a loss wants weighted labels of its task, a metric labels', () => {
  assert.match(why('validation/kind/loss', all(none)), /^“kind” has no label in the validation split \/ “kind”在验证集中没有标签$/); // prettier-ignore
  assert.match(why('validation/kind/accuracy', all(none)), /^“kind” has no label/);
  assert.match(why('validation/kind/loss', all(zero)), /^all labels of “kind” in the validation split have the sample weight 0 \/ “kind”在验证集中所有标签的样本权重均为 0$/); // prettier-ignore
  assert.equal(why('validation/kind/accuracy', all(zero)), '');
  assert.equal(why('validation/mass/loss', all(none)), '', 'another task’s labels do not matter');
  assert.equal(why('validation/kind/loss', all(empty)), `${noRows.en} / ${noRows.zh}`);
});

test('of all tasks one with weighted labels is enough', () => {
  for (const monitor of ['validation/skill', 'validation/total']) {
    assert.equal(why(monitor, all(none, full)), '');
    assert.match(why(monitor, all(none, none)), /^no task that the objective counts has a label in the validation split \/ 目标函数所计的任务在验证集中都没有标签$/); // prettier-ignore
    assert.match(why(monitor, all(none, zero)), /^all labels in the validation split have the sample weight 0 \/ 验证集中所有标签的样本权重均为 0$/); // prettier-ignore
    assert.match(why(monitor, all(empty, empty)), /^the validation split has no rows/);
    assert.match(why(monitor, all(empty, none)), /^no task that the objective counts/);
  }
});

test('the skill compares with a constant: one task needs labels on both sides', () => {
  const apart = labels({ kind: [full, none], mass: [none, full] });
  assert.match(why('validation/skill', apart), /^no task has labels both in training and in validation/);
  assert.equal(why('validation/total', apart), '');
  assert.equal(why('validation/skill', labels({ kind: [full, none], mass: [full, full] })), '');
  assert.match(why('validation/skill', labels({ kind: [zero, full], mass: [none, full] })), /^no task has labels both/);
});

test('what the objective ignores has no value, and counts for none', () => {
  const spec = specOf({ weights: { kind: 0, mass: 1 } });
  assert.match(why('validation/kind/loss', all(), spec), /^“kind” has the weight 0, .* \/ “kind”的权重为 0/);
  assert.match(why('validation/kind/loss', undefined, spec), /^“kind” has the weight 0/);
  assert.equal(why('validation/mass/loss', all(), spec), '');
  assert.match(why('validation/total', all(full, none), spec), /^“mass” has no label in the validation split/);
});

test('a split that is written without rows for validation, unless files have them', () => {
  const inputs = { measures: { type: 'number', from: ['a'] } };
  const split = (validation: number): object => ({ train: 0.8, validation, test: 0.2 - validation });
  const of = (data: object): boolean => hasNoValidation(specOf({ data: { source: 't.csv', inputs, ...data } }));
  assert.equal(of({ split: split(0) }), true);
  assert.equal(of({ split: split(0.1) }), false);
  assert.equal(of({ split: { folds: { k: 5, fold: 0 } } }), false);
  assert.equal(of({}), false);
  assert.equal(of({ source: { train: 'a.csv', validation: 'b.csv' } }), false);
  const spec = specOf({ data: { source: 't.csv', inputs, split: split(0) } });
  assert.equal(why('validation/kind/loss', all(), spec), `${noRows.en} / ${noRows.zh}`);
});

test('what becomes of the run is said with the reason', () => {
  const { en, zh } = lastIsKept('validation/skill', noRows);
  assert.match(en, /validation\/skill has no value here \(the validation split has no rows\)\. The last epoch is kept/);
  assert.match(zh, /validation\/skill 在此没有值（验证集没有样本）。将保留最后一轮/);
});
