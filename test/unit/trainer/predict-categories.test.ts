/** A model that reads categories through an embedding: kept with its vocabulary, and opened with it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { PredictionTable } from '../../../src/trainer/trained/predict.ts';
import { endedWell, makeWorkplace, newRun, start, type Workplace } from './run-helpers.ts';
import { worker } from './whole-run-helpers.ts';

const colors = ['red', 'green', 'blue', 'black'];
/** The class follows from the color, the value from color and size. */
const rows = Array.from({ length: 240 }, (_, at) => {
  const color = at % 4;
  return {
    ...{ color: colors[color] ?? '', size: at % 7, kind: color < 2 ? 'warm' : 'cold', value: 3 * color - (at % 7) },
    part: at < 160 ? 'train' : at < 200 ? 'validation' : 'test',
  };
});
/** Names like numbers: by looking, nobody would take the first line for names. */
const table = `color,2019,kind,2020,part\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`;
const spec = JSON.stringify({
  data: {
    source: 'colors.csv',
    csv: { header: true },
    inputs: {
      color: { type: 'category', from: 'color', encoding: 'index' },
      size: { type: 'number', from: ['2019'] },
    },
    split: { column: 'part' },
  },
  network: {
    names: { input: 'color', layers: [{ type: 'embedding', outputDim: 3 }, { type: 'flatten' }] },
    trunk: { input: ['names', 'size'], layers: [{ type: 'dense', units: 12, activation: 'tanh' }] },
  },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    value: { type: 'regression', target: '2020', input: 'trunk', metrics: ['mae'] },
  },
  training: { epochs: 30, batchSize: 16, learningRate: 0.02, seed: 1 },
});

let place: Workplace;
let directory: string;
let data: string;
before(async () => {
  place = makeWorkplace(1);
  data = path.join(place.folder, 'colors.csv');
  fs.writeFileSync(data, table);
  directory = newRun(place, 'colors', spec);
  await endedWell(await start(directory, place));
});
after(() => place.remove());

const predict = (): Promise<PredictionTable> =>
  worker().predictRun(directory, { data, proba: false, root: place.folder, allowOutside: false }); // prettier-ignore

interface Result {
  readonly splits: { readonly test: { readonly metrics: { kind: { accuracy: number }; value: { mae: number } } } };
}

test('predictions give the metrics of the run, and evaluate gives them again', async () => {
  const { columns, rows: predicted } = await predict();
  assert.deepEqual(columns, ['row', 'kind', 'value']);
  const tested = rows.flatMap((row, at) => (row.part === 'test' ? [{ row, guess: predicted[at] ?? [] }] : []));
  const hits = tested.filter(({ row, guess }) => guess[1] === row.kind).length;
  const errors = tested.map(({ row, guess }) => Math.abs(Number(guess[2]) - row.value));
  const result = JSON.parse(fs.readFileSync(path.join(directory, 'result.json'), 'utf8')) as Result;
  const { kind, value } = result.splits.test.metrics;
  assert.equal(hits / tested.length, kind.accuracy);
  assert.ok(hits / tested.length > 0.9, 'the color was learned');
  const mae = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  assert.ok(Math.abs(mae - value.mae) < 1e-5, `${String(mae)} for ${String(value.mae)}`);
  const evaluated = await worker().evaluateRun(directory, { split: 'test', root: place.folder, allowOutside: false });
  const again = JSON.stringify(evaluated.summary, (_, each: unknown) => (each instanceof Map ? Object.fromEntries<unknown>(each) : each)); // prettier-ignore
  assert.ok(Math.abs((JSON.parse(again) as Result['splits']['test']).metrics.value.mae - value.mae) < 1e-6);
});

test('a vocabulary that is gone is a damaged model, in a sentence', async () => {
  const file = path.join(directory, 'model/preprocessing.json');
  const whole = fs.readFileSync(file, 'utf8');
  const stored = JSON.parse(whole) as { facts: { vocabularies: unknown[] } };
  // Four colors, one number for what is none of them and one for nothing.
  assert.deepEqual(stored.facts.vocabularies, [['color', 6]]);
  stored.facts.vocabularies = [];
  fs.writeFileSync(file, JSON.stringify(stored));
  try {
    const sentence = /^The model's preprocessing\.json is missing or damaged \(.*\)\. Train again, or resume the run/;
    await assert.rejects(predict(), { code: 'no-model', message: sentence });
    const evaluated = worker().evaluateRun(directory, { split: 'test', root: place.folder, allowOutside: false });
    await assert.rejects(evaluated, { code: 'no-model', message: sentence });
  } finally {
    fs.writeFileSync(file, whole);
  }
  assert.equal((await predict()).rows.length, rows.length);
});
