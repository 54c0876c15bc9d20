/** From the words of a spec to what inputs and targets take, against a header. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { settingsOf, type Settings } from '../../../src/samples/settings.ts';
import { refusal, specOf } from './helpers.ts';

type Values = Readonly<Record<string, unknown>>;

const header = ['a', 'b', 'c', 'y', 'z', 'w', 'part'];
const number = { x: { type: 'number', from: 'a' } };
const regression = { t: { type: 'regression', target: 'y' } };

function settings(inputs: Values, tasks: Values = regression, data: Values = {}): Settings {
  return settingsOf(specOf({ source: 'a.csv', inputs, ...data }, tasks), header, 'a.csv');
}
const refused = (inputs: Values, tasks: Values = regression, data: Values = {}): Values =>
  refusal(() => settings(inputs, tasks, data));

test('a number input: how gaps are filled, outliers, normalize; several columns, patterns, all but some', () => {
  const all = { missing: { fill: 'median', indicator: true }, normalize: 'robust' };
  const outliers = { method: 'iqr', threshold: 2, action: 'drop' };
  const [plain, full, constant, dropped, rest] = settings({
    plain: { type: 'number', from: 'a' },
    full: { type: 'number', from: ['b', { match: '?' }, { except: ['c'] }], outliers, ...all },
    constant: { type: 'number', from: 'a', missing: { constant: '-1.5' } },
    dropped: { type: 'number', from: 'a', missing: 'drop' },
    rest: { type: 'number', from: { except: ['part', 'w'] } },
  }).inputs;
  assert.deepEqual(
    { ...plain },
    {
      type: 'number',
      name: 'plain',
      columns: ['a'],
      missing: 'mean',
      indicator: false,
      outliers: undefined,
      normalize: 'standard',
    },
  );
  assert.deepEqual(
    { ...full },
    {
      type: 'number',
      name: 'full',
      columns: ['b', 'a', 'y', 'z', 'w'],
      missing: 'median',
      indicator: true,
      outliers,
      normalize: 'robust',
    },
  );
  assert.deepEqual(constant?.missing, { constant: -1.5 });
  assert.equal(dropped?.missing, 'drop');
  // Alone, an exception means all columns that are no targets.
  assert.deepEqual(rest?.type === 'number' && rest.columns, ['a', 'b', 'c', 'z']);
});

test('a category input and an image input', () => {
  const { inputs } = settings({
    k: { type: 'category', from: ['a', 'b'] },
    i: { type: 'category', from: 'a', encoding: 'index', missing: { constant: ' 0 ' } },
    m: { type: 'category', from: 'a', missing: { fill: 'mode', indicator: true } },
    p: { type: 'image', from: 'b' },
    q: {
      type: 'image',
      from: 'b',
      size: [4, 5],
      resize: 'fit',
      channels: 3,
      missing: { constant: 0 },
      normalize: 'none',
    },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(inputs)), [
    { type: 'category', name: 'k', columns: ['a', 'b'], encoding: 'one-hot', missing: 'class', indicator: false },
    { type: 'category', name: 'i', columns: ['a'], encoding: 'index', missing: { constant: '0' }, indicator: false },
    { type: 'category', name: 'm', columns: ['a'], encoding: 'one-hot', missing: 'mode', indicator: true },
    { type: 'image', name: 'p', columns: ['b'], resize: 'stretch', missing: 'drop', normalize: 'scale' },
    {
      type: 'image',
      name: 'q',
      columns: ['b'],
      size: [4, 5],
      resize: 'fit',
      channels: 3,
      missing: { constant: 0 },
      normalize: 'none',
    },
  ]);
});

test('targets, conditions and weights of tasks', () => {
  const { tasks } = settings(number, {
    c: { type: 'classification', target: 'y', classes: [1, 'two'], when: { column: 'b', equals: '1.0' } },
    r: {
      type: 'regression',
      target: ['y', 'z'],
      normalize: 'none',
      loss: 'poisson',
      sampleWeight: 'w',
      when: { column: 'c', in: [1, ' x '] },
    },
    b: { type: 'box', target: ['a', 'b', 'y', 'z'], format: 'xywh', scale: 'pixels' },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(tasks)), [
    {
      target: { type: 'classification', name: 'c', columns: ['y'], classes: [1, 'two'] },
      when: { column: 'b', values: ['1'] },
      demands: [],
    },
    {
      target: { type: 'regression', name: 'r', columns: ['y', 'z'], normalize: 'none' },
      sampleWeight: 'w',
      when: { column: 'c', values: ['1', 'x'] },
      demands: [{ domain: 'non-negative', by: 'loss "poisson"' }],
    },
    { target: { type: 'box', name: 'b', columns: ['a', 'b', 'y', 'z'], format: 'xywh', scale: 'pixels' }, demands: [] },
  ]);
});

test('every column that has to be read: targets, inputs, weights, conditions, and those of the split', () => {
  const tasks = { t: { type: 'regression', target: 'y', sampleWeight: 'w', when: { column: 'b', equals: 1 } } };
  const columns = (data: Values): string[] => [...settings(number, tasks, data).columns];
  assert.deepEqual(columns({ split: { column: 'part' } }), ['y', 'a', 'w', 'b', 'part']);
  assert.deepEqual(columns({ split: { stratify: 'c' } }), ['y', 'a', 'w', 'b', 'c']);
  assert.deepEqual(columns({ split: { file: 's.csv' } }), ['y', 'a', 'w', 'b']);
  assert.deepEqual(columns({}), ['y', 'a', 'w', 'b']);
  assert.deepEqual([...settings({ p: { type: 'image', from: 'c' } }).columns], ['y', 'c']);
});

test('a column that is not there is named with who names it and what there is', () => {
  const unknown = (column: string | undefined, who: string): Values => ({
    code: 'unknown-column',
    message:
      column === undefined
        ? `${who}: no column of a.csv fits. It has “a”, “b”, “c”, “y”, “z”, “w”, “part”.`
        : `${who} names the column “${column}”, but a.csv has “a”, “b”, “c”, “y”, “z”, “w”, “part”.`,
    file: 'a.csv',
    ...(column === undefined ? {} : { column }),
  });
  assert.deepEqual(refused({ x: { type: 'number', from: ['a', 'none'] } }), unknown('none', 'Input “x”'));
  assert.deepEqual(refused({ x: { type: 'number', from: { match: 'q*' } } }), unknown(undefined, 'Input “x”'));
  assert.deepEqual(refused(number, { t: { type: 'regression', target: 'Y' } }), unknown('Y', 'Task “t”'));
  for (const task of [{ sampleWeight: 'v' }, { when: { column: 'v', equals: 1 } }])
    assert.deepEqual(refused(number, { t: { ...regression.t, ...task } }), unknown('v', 'The spec'));
  assert.deepEqual(refused(number, regression, { split: { column: 'v' } }), unknown('v', 'The spec'));
});

test('what is not executed yet is refused by its name', () => {
  const not = (what: string): Values => ({
    code: 'not-available',
    message: `${what} is not available in this version.`,
  });
  for (const type of ['text', 'audio', 'sequence'])
    assert.deepEqual(refused({ x: { type, from: 'a' } }), not(`Input “x”: the type “${type}”`));
  for (const type of ['ordinal', 'multilabel', 'similarity'])
    assert.deepEqual(refused(number, { t: { type, target: 'y' } }), not(`Task “t”: the type “${type}”`));
  const survival = { t: { type: 'survival', target: { time: 'y', event: 'z' } } };
  assert.deepEqual(refused(number, survival), not('Task “t”: the type “survival”'));
  for (const type of ['number', 'image'])
    for (const [key, value] of [
      ['denoise', { method: 'median' }],
      ['augment', [{ type: type === 'image' ? 'flip' : 'noise' }]],
    ] as const)
      assert.deepEqual(refused({ x: { type, from: 'a', [key]: value } }), not(`Input “x”: “${key}”`));
  const indicator = { missing: { constant: 0, indicator: true } };
  assert.deepEqual(
    refused({ x: { type: 'image', from: 'a', ...indicator } }),
    not('Input “x”: an indicator of missing images'),
  );
});

test('what makes no sense is refused with what to do', () => {
  assert.deepEqual(refused({ x: { type: 'number', from: 'a', missing: { constant: 'none' } } }), {
    code: 'not-a-number',
    message: 'Input “x”: the constant “none” for missing values is not a number.',
  });
  const indices = { type: 'category', from: 'a', encoding: 'index', missing: { fill: 'mode', indicator: true } };
  assert.deepEqual(refused({ x: indices }), {
    code: 'shape',
    message:
      'Input “x”: an indicator column cannot stand among indices. Use "fill": "class", which gives missing values an index of their own.',
  });
  assert.deepEqual(refused({ x: { type: 'image', from: ['a', 'b'] } }), {
    code: 'shape',
    message: 'Input “x”: an image comes from one column, not 2.',
  });
});
