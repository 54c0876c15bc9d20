/** Totals and skill of a validation pass, by hand (conventions 3). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { constantLosses, skillOf, totalOf } from '../../../../src/trainer/training/scores.ts';
import type { PassResult } from '../../../../src/trainer/state/totals.ts';
import { csvOf, embeddedEngine, recordsOf, trainThrough, trial } from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const pass = (losses: Readonly<Record<string, number | null>>): PassResult => ({
  losses: new Map(Object.entries(losses)),
  metrics: new Map(),
  results: new Map(),
});

test('the total is the weighted sum over the tasks that have a loss', () => {
  const weights = new Map(Object.entries({ a: 0.5, b: 2, c: 7 }));
  assert.equal(totalOf(pass({ a: 3, b: 0.25, c: null }), weights), 2);
});

test('over no task that counts there is no total and no skill, and a task of weight 0 does not count', () => {
  const weights = new Map(Object.entries({ a: 0, b: 2 }));
  assert.equal(totalOf(pass({ a: 3, b: null }), weights), null);
  assert.equal(totalOf(pass({}), weights), null);
  assert.equal(totalOf(pass({ a: NaN, b: 0 }), weights), 0);
  assert.equal(skillOf(pass({ a: 1, b: 1 }), new Map([['b', 4]])), 0.75);
  assert.equal(skillOf(pass({ a: null, b: null }), new Map([['b', 4]])), null);
});

test('skill is the mean of 1 − L/L⁰ over the tasks where both are known', () => {
  const constants = new Map<string, number | null>(Object.entries({ a: 2, b: 4, c: null, d: 0, e: 1 }));
  assert.equal(skillOf(pass({ a: 1, b: 5, c: 1, d: 1, e: null }), constants), (0.5 - 0.25) / 2);
  assert.equal(skillOf(pass({ c: 1 }), constants), null);
});

test('L⁰ is the validation loss of the constants that fit the training labels best', async () => {
  // Training: mean 4 and population sd 2 of the values; classes 3 to 1. Validation: values 4, 8; classes x, y.
  const rows = [
    ...[2, 2, 6, 6].map((value, index) => ({ a: index, value, kind: index === 3 ? 'y' : 'x', part: 'train' })),
    { a: 5, value: 4, kind: 'x', part: 'validation' },
    { a: 6, value: 8, kind: 'y', part: 'validation' },
  ];
  const spec = {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: {
      kind: { type: 'classification', target: 'kind', input: 'trunk' },
      value: { type: 'regression', target: 'value', input: 'trunk' },
    },
    weights: { kind: 0.6, value: 0.4 },
    training: { epochs: 1, batchSize: 4 },
  };
  const made = await trial(spec, { 'data.csv': csvOf(rows) });
  const { tasks, data } = made.prepared;
  const constants = constantLosses(tasks, data.splits.train, data.splits.validation);
  assert.ok(Math.abs(Number(constants.get('kind')) + (Math.log(0.75) + Math.log(0.25)) / 2) < 1e-6);
  // In normalized units the constant is 0 and the validation values are 0 and 2.
  assert.ok(Math.abs(Number(constants.get('value')) - 2) < 1e-6);
  trainThrough(made.training);
  const [epoch] = recordsOf(made.records, 'epoch');
  const losses = epoch?.validation?.losses as ReadonlyMap<string, number>;
  const [kind, value] = [losses.get('kind') ?? NaN, losses.get('value') ?? NaN];
  assert.ok(Math.abs(Number(epoch?.validation?.total) - 0.6 * kind - 0.4 * value) < 1e-9);
  const skill = (1 - kind / Number(constants.get('kind')) + 1 - value / Number(constants.get('value'))) / 2;
  assert.ok(Math.abs(Number(epoch?.validation?.skill) - skill) < 1e-9);
  made.dispose();
});
