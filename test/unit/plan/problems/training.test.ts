// Monitors that mean something, folds that are there, a validation split for whoever waits for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { monitorsOf } from '../../../../src/plan/problems/training.ts';
import { fixed, planText, specText, squiggles, table, type Reading } from '../helpers.ts';

const read = (training: object, data: object = {}): Reading =>
  planText(
    specText({
      training,
      data: { source: 'table.csv', inputs: { measures: { type: 'number', from: ['a', 'b'] } }, ...data },
    }),
    table,
  );
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];
const stopping = (monitor: string): object => ({ earlyStopping: { monitor } });
const plateau = (monitor: string): object => ({ schedule: { name: 'plateau', monitor } });

test('what may be watched: two numbers of all tasks, and of each its loss and metrics', () => {
  const tasks = {
    'a/b': { type: 'regression', target: 'mass', input: 'trunk', metrics: ['mae', 'r2'] },
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk', metrics: ['accuracy'] },
  };
  const { spec } = planText(specText({ tasks, weights: {} })).plan;
  const own = ['loss', 'mae', 'r2'].map((name) => `validation/a~1b/${name}`);
  const all = ['validation/skill', 'validation/total', ...own, 'validation/kind/loss', 'validation/kind/accuracy'];
  assert.deepEqual(monitorsOf(spec), all);
  // Δm needs the runs of others, in an experiment too.
  assert.deepEqual(monitorsOf({ ...spec, experiment: {} as never }), all);
});

describe('a monitor that is not measured', () => {
  test('of a task that is there becomes the nearest of that task, else its first metric', () => {
    for (const [place, written] of [
      ['earlyStopping', stopping],
      ['schedule', plateau],
    ] as const) {
      // prettier-ignore
      const reading = read(written('validation/kind/acuracy'));
      assert.deepEqual(told(reading), [`unknown-monitor /training/${place}/monitor`]);
      assert.deepEqual(squiggles(reading), [['unknown-monitor', '"validation/kind/acuracy"']]);
      assert.equal(texts(reading)[0], '"validation/kind/acuracy" is not measured in this spec. Did you mean "validation/kind/accuracy"?'); // prettier-ignore
      assert.match(texts(reading)[1], /^本实验不测量 “validation\/kind\/acuracy”。/);
      assert.match(fixed(reading), /"monitor": "validation\/kind\/accuracy"/);
    }
    const fix = (monitor: string): string | undefined => read(stopping(monitor)).problems[0]?.fixes[0]?.edits[0]?.text;
    assert.equal(fix('validation/kind/lsos'), '"validation/kind/loss"');
    assert.equal(fix('validation/kind/qqqqqqqq'), '"validation/kind/accuracy"');
    assert.equal(fix('validation/skil'), '"validation/skill"');
    assert.equal(fix('validation/knid/loss'), '"validation/kind/loss"');
    assert.equal(fix('qqqqqqqqqqqqqqq'), undefined);
  });

  test('is looked for where it is written alone', () => {
    assert.deepEqual(told(read({ earlyStopping: { patience: 2 }, schedule: { name: 'plateau' } })), []);
    assert.deepEqual(told(read({ schedule: { name: 'cosine' } })), []);
    assert.deepEqual(told(read(plateau('validation/total'))), []);
  });
});

describe('the split', () => {
  test('folds are counted from 0', () => {
    const folds = (fold: number): object => ({ split: { folds: { k: 5, fold } } });
    assert.deepEqual(told(read({}, folds(4))), []);
    const reading = read({}, folds(5));
    assert.deepEqual(told(reading), ['split-fold /data/split/folds/fold']);
    assert.equal(texts(reading)[0], 'Folds are counted from 0: with 5 folds the last is 4.');
    assert.match(texts(reading)[1], /共 5 折时最后一折为 4/);
  });

  test('early stopping needs rows for validation, unless files of their own have them', () => {
    const split = (validation: number, source: unknown = 'table.csv'): object => ({
      source,
      split: { train: 0.8 - validation, validation, test: 0.2 },
    });
    const wait = { earlyStopping: { patience: 2 } };
    assert.deepEqual(told(read(wait, split(0))), ['no-validation /training/earlyStopping']);
    assert.deepEqual(told(read(wait, split(0.1))), []);
    assert.deepEqual(told(read({}, split(0))), []);
  });
});
