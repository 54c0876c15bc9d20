// The section "weights": names of tasks, and numbers that add up to something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../../../src/plan/index.ts';
import { readSpecValue } from '../../../../src/spec/index.ts';
import { fixed, planText, specText, squiggles, type Reading } from '../helpers.ts';

const task = (target: string): object => ({ type: 'regression', target, input: 'trunk' });
const tasks = { one: task('kind'), two: task('mass'), three: task('id') };
const read = (weights: object): Reading => planText(specText({ tasks, weights }));
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];

test('tasks without a weight are named; the fix writes 1 for each', () => {
  const reading = read({ one: 0.5 });
  assert.deepEqual(squiggles(reading), [['weight-missing', '"weights"']]);
  assert.equal(reading.problems[0]?.severity, 'warning');
  assert.match(texts(reading)[0], /^"two", "three" have no weight here and get 1,/);
  assert.match(texts(reading)[1], /^“two”、“three” 未在此给出权重，将取 1/);
  assert.deepEqual((JSON.parse(fixed(reading)) as { weights: unknown }).weights, { one: 0.5, two: 1, three: 1 });
  assert.match(texts(read({ one: 1, two: 1 }))[0], /^"three" has no weight here and gets 1,/);
  assert.equal(reading.problems[0].fixes[0]?.title.en, 'Add "two", "three"');
});

test('none written are no problem, all written neither', () => {
  assert.deepEqual(told(read({})), []);
  assert.deepEqual(told(read({ one: 0, two: 1, three: 2 })), []);
});

test('a key that is no task is renamed to the nearest that has no weight yet', () => {
  const reading = read({ one: 1, tow: 1, three: 1 });
  assert.deepEqual(squiggles(reading), [['unknown-task', '"tow"']]);
  assert.equal(texts(reading)[0], 'There is no task "tow". Did you mean "two"?');
  assert.equal(texts(reading)[1], '没有名为 “tow” 的任务。是否想写 “two”？');
  assert.deepEqual((JSON.parse(fixed(reading)) as { weights: unknown }).weights, { one: 1, two: 1, three: 1 });
  // "thre" is meant for three, although it is written, where all are.
  const all = read({ one: 1, two: 1, three: 1, thre: 1 });
  assert.equal(texts(all)[0], 'There is no task "thre". Did you mean "three"?');
  const strange = read({ one: 1, two: 1, three: 1, qqqqqqq: 1 });
  assert.equal(texts(strange)[0], 'There is no task "qqqqqqq". There are: one, two, three.');
  assert.deepEqual(strange.problems[0]?.fixes.map(({ title }) => title.en), ['Remove "qqqqqqq"']); // prettier-ignore
  assert.deepEqual((JSON.parse(fixed(strange)) as { weights: unknown }).weights, { one: 1, two: 1, three: 1 });
});

test('all zero trains nothing; a task that is not named has 1', () => {
  const zero = read({ one: 0, two: 0, three: 0 });
  assert.deepEqual(squiggles(zero), [['weights-all-zero', '"weights"']]);
  assert.equal(zero.problems[0]?.severity, 'error');
  assert.deepEqual(told(read({ one: 0, two: 0 })), ['weight-missing /weights']);
  // The misspelled one may have been meant to be the only weight.
  assert.deepEqual(told(read({ one: 0, two: 0, thre: 0 })), ['unknown-task /weights/thre']);
});

test('without a text the weights of the spec are those that are written', () => {
  const { spec } = readSpecValue(JSON.parse(specText({ tasks, weights: { one: 0.5 } })));
  const { problems } = makePlan(spec ?? assert.fail());
  assert.deepEqual(problems.filter(({ severity }) => severity === 'error'), []); // prettier-ignore
});

test('of names that are equally near the one is meant that has no weight yet, also where it is the only one', () => {
  const reading = planText(specText({ tasks: { 'loss a': task('kind'), 'loss b': task('mass') }, weights: { 'loss a': 1, 'loss x': 1 } })); // prettier-ignore
  assert.equal(texts(reading)[0], 'There is no task "loss x". Did you mean "loss b"?');
  assert.deepEqual(told(reading), ['unknown-task /weights/loss x']);
});
