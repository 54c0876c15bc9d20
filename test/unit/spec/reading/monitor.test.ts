/** Which number is watched. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSpec } from '../../../../src/spec/index.ts';
import { defaultMonitor, isCounted, plateauMonitor, readMonitor } from '../../../../src/spec/reading/monitor.ts';
import type { Spec } from '../../../../src/spec/resolved.ts';
import { withParts } from '../golden.ts';

test('a monitor is skill, total, a loss or a metric of the validation split', () => {
  for (const [text, wanted] of [
    ['validation/skill', { kind: 'skill' }],
    ['validation/total', { kind: 'total' }],
    ['validation/t/loss', { kind: 'loss', task: 't' }],
    ['validation/t/mae', { kind: 'metric', task: 't', metric: 'mae' }],
    ['validation/skill/loss', { kind: 'loss', task: 'skill' }],
    ['validation/total/skill', { kind: 'metric', task: 'total', metric: 'skill' }],
    ['validation/a~1b~0c/loss', { kind: 'loss', task: 'a/b~c' }],
    ['validation/~01/loss', { kind: 'loss', task: '~1' }],
    ['validation//loss', { kind: 'loss', task: '' }],
  ] as const)
    assert.deepEqual(readMonitor(text), wanted, text);
  for (const text of [
    '',
    'validation',
    'validation/',
    'validation/t',
    'train/skill',
    'test/t/loss',
    'validation/t/loss/x',
    'skill',
    '/validation/skill',
  ])
    assert.equal(readMonitor(text), undefined, text);
});

const spec = (tasks: number, training = '{}'): Spec => {
  const each = Array.from(
    { length: tasks },
    (_, index) => `"t${index}": { "type": "regression", "target": "y${index}", "input": "trunk" }`,
  );
  const read = readSpec(withParts({ tasks: each.join(', '), rest: `"training": ${training}` }));
  return read.spec ?? assert.fail(JSON.stringify(read.problems));
};

test('the best epoch is judged by skill where there are several tasks, unless early stopping names a monitor', () => {
  assert.deepEqual(
    [1, 2, 3].map((tasks) => defaultMonitor(spec(tasks))),
    ['validation/total', 'validation/skill', 'validation/skill'],
  );
  const early = '{ "earlyStopping": { "monitor": "validation/t0/loss" } }';
  assert.deepEqual(
    [1, 2].map((tasks) => defaultMonitor(spec(tasks, early))),
    ['validation/t0/loss', 'validation/t0/loss'],
  );
});

test('a plateau watches its own monitor, else the one that the best epoch is judged by; other schedules watch none', () => {
  assert.equal(plateauMonitor(spec(2)), undefined);
  assert.equal(plateauMonitor(spec(2, '{ "schedule": "cosine" }')), undefined);
  assert.equal(plateauMonitor(spec(2, '{ "schedule": "plateau" }')), 'validation/skill');
  assert.equal(
    plateauMonitor(spec(1, '{ "schedule": { "name": "plateau", "monitor": "validation/t0/mae" } }')),
    'validation/t0/mae',
  );
});

test('a task of weight 0 is not counted; one without a weight is', () => {
  const weights = new Map([
    ['none', 0],
    ['little', 0.001],
    ['one', 1],
  ]);
  assert.deepEqual(
    ['none', 'little', 'one', 'other'].map((task) => isCounted({ weights }, task)),
    [false, true, true, true],
  );
});
