/** What is kept, told and refused where the monitor has no value: whole runs on made-up rows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { leftOutText } from '../../../../src/trainer/training/judge.ts';
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
  made.training.selection.tellBefore();
  trainThrough(made.training);
  made.training.selection.tellAfter(made.training.progress);
  const epochs = recordsOf(made.records, 'epoch');
  assert.deepEqual(
    epochs.map(({ validation }) => [validation?.total, validation?.skill]),
    [1, 2, 3, 4].map(() => [null, null]),
  );
  assert.deepEqual([recordsOf(made.records, 'best').length, made.training.selection.best], [0, null]);
  const told = made.training.warnings.all().filter(({ code }) => code === 'no-best');
  assert.equal(told.length, 1);
  assert.match(told[0]?.message.en ?? '', /validation\/total has no value here \(“value” has no label/);
  assert.match(told[0]?.message.zh ?? '', /将保留最后一轮/);
  // That there is no label was said of the data: not again of every metric.
  assert.deepEqual(
    made.training.warnings.all().filter(({ code }) => code === 'metric-undefined'),
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
    const { total, skill } = alone.training.selection.judge.numbersOf({
      losses,
      metrics: new Map(),
      results: new Map(),
    });
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
  quiet.training.selection.tellBefore();
  const codes = quiet.training.warnings.all().map(({ code }) => code);
  assert.deepEqual(codes, ['no-best', 'skill-partial']);
  quiet.dispose();
  const waiting = await trial(
    specWith(tasks, { earlyStopping: { patience: 1 } }),
    filesOf((row) => row),
  );
  assert.throws(() => waiting.training.selection.judge.refuseBlind(), { code: 'monitor-without-value' });
  waiting.dispose();
  const total = { earlyStopping: { patience: 1, monitor: 'validation/total' } };
  const content = await trial(
    specWith(tasks, total),
    filesOf((row) => row),
  );
  content.training.selection.judge.refuseBlind();
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
    assert.equal(made.training.selection.judge.keepsBest, keeps);
    made.dispose();
  }
  const schedule = { name: 'plateau', monitor: 'validation/value/r2', patience: 0, factor: 0.5, minDelta: 0 };
  const made = await trial(
    specWith({ value }, { schedule }),
    filesOf((row) => row),
  );
  const { progress, selection } = made.training;
  const { judge } = selection;
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

test('who waits for a skill that cannot come is refused, be it a schedule or a stop; who does not wait is not', async () => {
  const tasks = { value: { ...value, target: 'w' } };
  const plateau = (monitor: string): object => ({ schedule: { name: 'plateau', monitor } });
  const skill = { monitor: 'validation/skill' };
  for (const [training, refused] of [
    [plateau('validation/skill'), true],
    [plateau('validation/total'), false],
    [{ earlyStopping: { patience: 1, ...skill } }, true],
    [{}, false],
  ] as const) {
    const made = await trial(
      specWith(tasks, training),
      filesOf((row) => row),
    );
    const refuse = (): void => made.training.selection.judge.refuseBlind();
    const message =
      'The training waits for validation/skill, which can never have a value: for no task is the loss of the best constant prediction known and above 0 on the validation split. Watch validation/total or a metric instead.';
    if (refused) assert.throws(refuse, { code: 'monitor-without-value', message }, JSON.stringify(training));
    else refuse();
    made.dispose();
  }
});

test('tasks whose best constant has no loss are left out of the skill by name; those that do not count are not', async () => {
  const same = { ...value, target: 'w' };
  const made = await trial(
    specWith({ value, same, unheard: same }, {}, { unheard: 0 }),
    filesOf((row) => row),
  );
  const { judge } = made.training.selection;
  assert.deepEqual(judge.leftOut(), ['same']);
  assert.equal(judge.whyNoBest(), null, 'the other task has a skill');
  judge.refuseBlind();
  made.dispose();
  const unlabeled = await trial(
    specWith({ value, other }),
    filesOf((row) => ({ ...row, other: '' })),
  );
  // It has no label there to be left out with.
  assert.deepEqual(unlabeled.training.selection.judge.leftOut(), []);
  unlabeled.dispose();
  assert.match(leftOutText(['a', 'b']).en, /^validation\/skill leaves out “a”, “b”: /);
  assert.match(leftOutText(['a', 'b']).zh, /^validation\/skill 不计入“a”、“b”：/);
});

test('why nothing will be the best: only where the best is to be kept, and there are rows to find it with', async () => {
  const tasks = { value: { ...value, target: 'w' }, other: { ...other, target: 'w' } };
  const told = async (training: object, rows = filesOf((row) => row)): Promise<readonly (string | null)[]> => {
    const made = await trial(specWith(tasks, training), rows);
    const { progress, selection } = made.training;
    const { judge } = selection;
    const said = [judge.whyNoBest(), judge.whyNoneWasBest(progress)].map((text) => text?.en ?? null);
    const chosen = { ...progress, selection: { ...progress.selection, best: { epoch: 1, value: 1 } } };
    assert.equal(judge.whyNoneWasBest(chosen), null);
    made.dispose();
    return said;
  };
  const [before, after] = await told({});
  assert.match(before ?? '', /for no task is the loss of the best constant prediction known and above 0/);
  assert.match(after ?? '', /it had none at any evaluation/);
  assert.deepEqual(await told({ report: 'last' }), [null, null]);
  const none = { 'data.csv': csvOf(sampleRows(20).map((row) => ({ ...row, w: 1, part: 'train' }))) };
  assert.deepEqual(await told({}, none), [null, null]);
});
