// How many numbers the head of each task gives, by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classCount } from '../../../../src/plan/heads/common.ts';
import { headShape, headWeights } from '../../../../src/plan/heads/dense.ts';
import { headRules } from '../../../../src/plan/heads/table.ts';
import type { DataFacts } from '../../../../src/plan/plan.ts';
import type { TaskSpec } from '../../../../src/spec/index.ts';
import { header } from '../helpers.ts';

const facts: DataFacts = { ...header(['a']), classes: new Map([['t', ['x', 'y', 'z']]]) };
const task = (type: string, more: object = {}): TaskSpec =>
  ({ type, loss: { type: 'default' }, ...more }) as unknown as TaskSpec;
const units = (one: TaskSpec, width: number | null = 2, known: DataFacts | null = facts): unknown =>
  headRules[one.type].units(one, { name: 't', width, facts: known ?? undefined });

test('classes are those that are written, else those that the data have', () => {
  const of = (classes: unknown, known: DataFacts | null = facts, name = 't'): unknown =>
    classCount(task('classification', { classes }), { name, facts: known ?? undefined });
  assert.equal(of(7), 7);
  assert.equal(of(['a', 'b']), 2);
  assert.equal(of(undefined), 3);
  assert.equal(of(undefined, null), null);
  assert.equal(of(undefined, header(['a'])), null);
  assert.equal(of(undefined, facts, 'other'), null);
  assert.equal(classCount(task('regression'), { name: 'x', facts }), null);
});

test('each type of task takes its number of axes', () => {
  const axes = Object.entries(headRules).map(([type, rule]) => [type, rule.axes] as const);
  assert.deepEqual(Object.fromEntries(axes), {
    ...{ classification: 1, multilabel: 1, regression: 1, ordinal: 1, box: 1, survival: 1, similarity: 1 },
    ...{ translation: 2, tagging: 2, segmentation: 3, detection: 3 },
  });
});

test('each type of task has its numbers', () => {
  for (const type of ['classification', 'segmentation', 'tagging', 'ordinal']) {
    assert.equal(units(task(type, { classes: 5 })), 5, type);
    assert.equal(units(task(type)), 3, type);
    assert.equal(units(task(type), 2, null), null, type);
  }
  // As many columns as labels, where nothing else tells.
  assert.equal(units(task('multilabel', { classes: 5 })), 5);
  assert.equal(units(task('multilabel'), 2, null), 2);
  assert.equal(units(task('regression'), 2), 2);
  assert.equal(units(task('regression'), null), null);
  assert.equal(units(task('regression', { loss: { type: 'quantile', quantiles: [0.1, 0.5, 0.9] } }), 2), 6);
  // CORAL tells how many of the thresholds between classes are passed.
  assert.equal(units(task('ordinal', { classes: 5, loss: { type: 'coral' } })), 4);
  assert.equal(units(task('ordinal', { loss: { type: 'coral' } }), 2, null), null);
  assert.equal(units(task('box')), 4);
  assert.equal(units(task('detection', { classes: 5 })), 9);
  assert.equal(units(task('detection'), 2, null), null);
  assert.equal(units(task('translation')), null);
  assert.equal(units(task('survival', { loss: { type: 'cox' }, bins: 6 })), 1);
  assert.equal(units(task('survival', { loss: { type: 'discrete' }, bins: 6 })), 6);
  assert.equal(units(task('survival', { loss: { type: 'discrete' } })), 10);
  assert.equal(units(task('similarity', { units: 16 })), 16);
});

test('a head is dense on the last axis', () => {
  assert.deepEqual(headShape([5, 7], 3), [5, 3]);
  assert.deepEqual(headShape([7], null), [null]);
  assert.deepEqual(headWeights([5, 7], 3), [
    { name: 'kernel', shape: [7, 3], trainable: true },
    { name: 'bias', shape: [3], trainable: true },
  ]);
  assert.deepEqual(headWeights([], 3)[0]?.shape, [null, 3]);
});
