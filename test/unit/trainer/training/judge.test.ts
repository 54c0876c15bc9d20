/** What is kept, told and refused where the monitor has no value: whole trainings on made-up rows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/types.ts';
import { csvOf, embeddedEngine, recordsOf, sampleRows, trainThrough, trial, type Row } from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

/** Forty rows to train on and ten to validate, whose labels are as `change` leaves them. */
function filesOf(change: (row: Row) => Row): Readonly<Record<string, string>> {
  const rows = sampleRows(50).map((row, index) => ({ ...row, w: 1, part: index < 40 ? 'train' : 'validation' }));
  return { 'data.csv': csvOf(rows.map((row) => (row.part === 'validation' ? change(row) : row))) };
}

function specWith(tasks: object, training: object = {}, weights: object = {}): object {
  return {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 4, activation: 'relu' }] } },
    tasks,
    weights,
    training: { epochs: 4, batchSize: 8, seed: 1, ...training },
  };
}

const value = { type: 'regression', target: 'value', input: 'trunk' };
const other = { type: 'regression', target: 'other', input: 'trunk' };

test('without a validation label there is no total and no best; the last epoch is kept, and that is said once', async () => {
  const made = await trial(
    specWith({ value }),
    filesOf((row) => ({ ...row, value: '' })),
  );
  made.training.tellSelection();
  trainThrough(made.training);
  made.training.tellNoneWasBest();
  const epochs = recordsOf(made.records, 'epoch');
  assert.deepEqual(
    epochs.map(({ validation }) => [validation?.total, validation?.skill]),
    [1, 2, 3, 4].map(() => [null, null]),
  );
  assert.deepEqual([recordsOf(made.records, 'best').length, made.training.best], [0, null]);
  const told = made.training.warnings().filter(({ code }) => code === 'no-best');
  assert.equal(told.length, 1);
  assert.match(told[0]?.message.en ?? '', /validation\/total has no value here \(“value” has no label/);
  assert.match(told[0]?.message.zh ?? '', /将保留最后一轮/);
  // That there is no label was said of the data: not again of every metric.
  assert.deepEqual(
    made.training.warnings().filter(({ code }) => code === 'metric-undefined'),
    [],
  );
  made.dispose();
});

test('labels of weight 0 have metrics and no loss', async () => {
  const task = { ...value, sampleWeight: 'w', metrics: ['mae'] };
  const made = await trial(
    specWith({ value: task }),
    filesOf((row) => ({ ...row, w: 0 })),
  );
  trainThrough(made.training);
  const validation = recordsOf(made.records, 'epoch').at(-1)?.validation;
  assert.deepEqual([validation?.losses.get('value'), validation?.total], [null, null]);
  assert.ok(Number(validation?.metrics.get('value')?.get('mae')) > 0);
  assert.match(made.prepared.data.warnings.map(({ code }) => code).join(), /zero-weights-validation/);
  made.dispose();
});

test('a task of weight 0 is no part of total and skill', async () => {
  const spec = specWith({ value, other }, {}, { value: 2, other: 0 });
  const made = await trial(
    spec,
    filesOf((row) => row),
  );
  trainThrough(made.training);
  const alone = await trial(
    specWith({ value }, {}, { value: 2 }),
    filesOf((row) => row),
  );
  for (const { validation } of recordsOf(made.records, 'epoch')) {
    const losses = new Map([['value', Number(validation?.losses.get('value'))]]);
    const { total, skill } = alone.training.judge.numbersOf({ losses, metrics: new Map(), results: new Map() });
    assert.deepEqual([validation?.total, validation?.skill], [total, skill]);
    assert.equal(total, 2 * Number(losses.get('value')));
  }
  alone.dispose();
  made.dispose();
});

test('skill over constants of loss 0 has no value: told, and refused where somebody waits for it', async () => {
  const tasks = { value: { ...value, target: 'w' }, other: { ...other, target: 'w' } };
  const quiet = await trial(
    specWith(tasks),
    filesOf((row) => row),
  );
  quiet.training.tellSelection();
  const codes = quiet.training.warnings().map(({ code }) => code);
  assert.deepEqual(codes, ['no-best', 'skill-partial']);
  quiet.dispose();
  const waiting = await trial(
    specWith(tasks, { earlyStopping: { patience: 1 } }),
    filesOf((row) => row),
  );
  assert.throws(() => waiting.training.judge.refuseBlind(), { code: 'monitor-without-value' });
  waiting.dispose();
  const total = { earlyStopping: { patience: 1, monitor: 'validation/total' } };
  const content = await trial(
    specWith(tasks, total),
    filesOf((row) => row),
  );
  content.training.judge.refuseBlind();
  content.dispose();
});

test('restoreBest: false reports the last weights, and a plateau schedule watches its own monitor', async () => {
  const stopping = { earlyStopping: { patience: 9, restoreBest: false } };
  for (const [training, keeps] of [
    [stopping, false],
    [{}, true],
    [{ report: 'last' }, false],
  ] as const) {
    const made = await trial(
      specWith({ value }, training),
      filesOf((row) => row),
    );
    assert.equal(made.training.judge.keepsBest, keeps);
    made.dispose();
  }
  const schedule = { name: 'plateau', monitor: 'validation/value/r2', patience: 0, factor: 0.5, minDelta: 0 };
  const made = await trial(
    specWith({ value }, { schedule }),
    filesOf((row) => row),
  );
  const { judge, progress } = made.training;
  const numbers = (r2: number) => ({
    ...{ total: 1, skill: null, losses: new Map<string, number>() },
    metrics: new Map([['value', new Map([['r2', r2]])]]),
  });
  const first = judge.decide(progress, 1, numbers(0.1));
  const better = judge.decide({ ...progress, ...first }, 2, numbers(0.2));
  const worse = judge.decide({ ...progress, ...better }, 3, numbers(0.1));
  assert.deepEqual([first.plateau.factor, better.plateau.factor, worse.plateau.factor], [1, 1, 0.5]);
  assert.deepEqual([first.best, better.best], [1, null]);
  made.dispose();
});
