import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { Table } from '../../../src/data/table.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { countText } from '../../../src/samples/column-report.ts';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { loadDataset } from '../../../src/samples/dataset.ts';
import { describeRows } from '../../../src/samples/describe.ts';
import { gather } from '../../../src/samples/gather.ts';
import { neededColumns, prepareForEvaluation, prepareForPrediction } from '../../../src/samples/preparation.ts';
import { readPreparation } from '../../../src/samples/read-preparation.ts';
import { labelsOf, load, problemOf, samplesOf, specOf, warningsOf } from './helpers.ts';

const csv = (text: string): Table => parseCsv(text, 'new.csv', {}, defaultLimits);

const rows = ['1,红,a,10,train', '2,蓝,b,20,train', ',红,a,,train', '4,绿,b,40,val', '5,,a,50,test', '6,蓝,b,60,train'];
const text = ['n,c,k,y,part', ...rows].join('\n');
const data = {
  source: 'a.csv',
  inputs: { n: { type: 'number', from: 'n', missing: 'drop' }, c: { type: 'category', from: 'c' } },
  split: { column: 'part' },
};
const tasks = { kind: { type: 'classification', target: 'k' }, amount: { type: 'regression', target: 'y' } };

function sample(name: string): Promise<Dataset> {
  const specFile = fileURLToPath(new URL(`../../../examples/${name}.mtl.json`, import.meta.url));
  const { spec } = readSpec(readFileSync(specFile, 'utf8'));
  return loadDataset(spec ?? assert.fail(name), { specFile });
}

test('the samples load: counts as their READMEs and split files say', async () => {
  const penguins = await sample('penguins/penguins');
  assert.deepEqual([penguins.samples.train, penguins.samples.validation, penguins.samples.test], [241, 52, 51]);
  assert.deepEqual(penguins.facts.classes?.get('sex'), ['FEMALE', 'MALE']);
  const labeled = Object.values(penguins.samples.labeled['sex'] ?? {}).reduce((a, b) => a + b, 0);
  assert.equal(labeled, 344 - 11);
  assert.deepEqual(penguins.facts.inputShapes?.get('island'), [5]);
  const cars = await sample('cars/cars');
  assert.deepEqual(cars.counts.map(countText), ['Input “data sheet”, column “horsepower”: 6 missing.']);
  assert.equal(
    Object.values(cars.samples.labeled['consumption'] ?? {}).reduce((a, b) => a + b, 0),
    398,
  );
  assert.deepEqual(cars.facts.inputShapes?.get('data sheet'), [10]);
  const digits = await sample('digits/article');
  assert.deepEqual([digits.samples.train, digits.samples.validation, digits.samples.test], [2100, 450, 450]);
  assert.deepEqual(digits.facts.inputShapes?.get('image'), [28, 28, 1]);
  assert.deepEqual(digits.warnings, []);
});

test('a row that one input drops is gone for all, and from the statistics', async () => {
  const dataset = await load({ 'a.csv': text }, data, tasks);
  assert.deepEqual([...dataset.splits.train.rows], [0, 1, 5]);
  assert.deepEqual(
    warningsOf(dataset).map(({ code }) => code),
    ['rows-dropped', 'unseen-category'],
  );
  assert.deepEqual(
    dataset.preparation.inputs[0]?.type === 'number' && dataset.preparation.inputs[0].features[0]?.scaling.shift,
    3,
  );
  assert.deepEqual(dataset.counts.map(countText), [
    'Input “n”, column “n”: 1 missing.',
    'Input “c”, column “c”: 1 missing, 1 unseen in training.',
  ]);
});

test('a batch holds inputs, targets, masks and weights of its positions', async () => {
  const dataset = await load(
    { 'a.csv': text },
    { ...data, inputs: { n: { type: 'number', from: 'n', normalize: 'none' } } },
    tasks,
  );
  const batch = gather(dataset.splits.train, Int32Array.of(2, 0));
  assert.deepEqual(batch.inputs.get('n'), { shape: [2, 1], dtype: 'float32', data: Float32Array.of(3, 1) });
  const amount = batch.targets.get('amount');
  assert.deepEqual([amount?.labeled, [...(amount?.mask ?? [])], [...(amount?.weight ?? [])]], [1, [0, 1], [0, 1]]);
  assert.deepEqual(gather(dataset.splits.train, new Int32Array(0)).n, 0);
});

test('a saved preparation prepares the same rows in the same way', async () => {
  const dataset = await load({ 'a.csv': text }, data, tasks);
  const saved = readPreparation(JSON.parse(JSON.stringify(dataset.preparation)));
  assert.deepEqual(saved, dataset.preparation);
  const again = prepareForEvaluation(saved, csv(text));
  assert.deepEqual([...again.split.rows], [0, 1, 3, 4, 5]);
  for (const input of ['n', 'c']) {
    assert.deepEqual(
      [0, 1, 4].map((at) => samplesOf(again.split, input)[at]),
      samplesOf(dataset.splits.train, input),
    );
  }
  assert.deepEqual(
    [0, 1, 4].map((at) => labelsOf(again.split, 'amount')[at]),
    labelsOf(dataset.splits.train, 'amount'),
  );
  assert.deepEqual([...neededColumns(saved, [])], ['n', 'c']);
  assert.deepEqual([...neededColumns(saved, saved.tasks)], ['n', 'c', 'k', 'y']);
});

test('prediction drops no row, needs no labels, and says what cannot be predicted', async () => {
  const { preparation } = await load({ 'a.csv': text }, data, tasks);
  const { split, unusable, warnings } = prepareForPrediction(preparation, csv('c,n\n红,1\n紫,\n蓝,3\n'));
  assert.equal(split.n, 3);
  assert.deepEqual([...unusable], [0, 1, 0]);
  assert.equal(split.targets.size, 0);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['empty-predictions', 'unseen-category'],
  );
  assert.ok(samplesOf(split, 'n').flat().every(Number.isFinite));
  // Labels are not looked at, so nothing that stands there can be in the way.
  assert.equal(prepareForPrediction(preparation, csv('c,n,k,y\n红,1,z,x\n')).split.targets.size, 0);
  assert.throws(
    () => prepareForPrediction(preparation, csv('c\n红\n')),
    (error) => error instanceof DataError && error.code === 'unknown-column',
  );
});

test('a damaged preparation is refused wherever it is damaged', async () => {
  const { preparation } = await load({ 'a.csv': text }, data, tasks);
  const damaged = (change: (value: Record<string, unknown>) => void): unknown => {
    const copy = JSON.parse(JSON.stringify(preparation)) as Record<string, unknown>;
    change(copy);
    return copy;
  };
  const first = (value: Record<string, unknown>, key: string): Record<string, unknown> =>
    (value[key] as Record<string, unknown>[])[0] ?? assert.fail();
  const cases = [
    null,
    [],
    'x',
    damaged((value) => delete value['inputs']),
    damaged((value) => (value['version'] = 2)),
    damaged((value) => (value['extra'] = 1)),
    damaged((value) => (first(value, 'inputs')['type'] = 'constructor')),
    damaged((value) => (first(value, 'inputs')['features'] = [{ column: 'n' }])),
    damaged(
      (value) =>
        (first(value, 'tasks')['target'] = {
          type: 'classification',
          name: 'x',
          column: 'k',
          classes: [1],
          given: true,
        }),
    ),
    damaged((value) => (value['missingTokens'] = [['a']])),
  ];
  for (const value of cases) {
    assert.throws(
      () => readPreparation(value),
      (error) =>
        error instanceof DataError && error.code === 'not-fitted' && error.message.includes('preprocessing.json'),
      JSON.stringify(value),
    );
  }
});

test('splits: shares are stratified by the first classification task', async () => {
  const many = Array.from({ length: 200 }, (_, row) => `${row},红,${row < 150 ? 'a' : 'b'},${row},x`);
  const dataset = await load(
    { 'a.csv': ['n,c,k,y,part', ...many].join('\n') },
    { ...data, split: { train: 0.6, validation: 0.2, test: 0.2, seed: 3 } },
    tasks,
  );
  assert.deepEqual([dataset.samples.train, dataset.samples.validation, dataset.samples.test], [120, 40, 40]);
  for (const [part, size] of [
    ['train', 90],
    ['validation', 30],
    ['test', 30],
  ] as const) {
    assert.equal(labelsOf(dataset.splits[part], 'kind').filter((label) => label?.[0] === 0).length, size);
  }
});

test('sources: appended files, one per split, missing columns, empty splits', async () => {
  const files = { 'a.csv': text, 'b.csv': 'n,c,k,y,part\n9,红,a,90,train\n' };
  const both = await load(files, { ...data, source: ['a.csv', 'b.csv'] }, tasks);
  assert.deepEqual([...both.splits.train.rows], [0, 1, 5, 6]);
  const unsplit = Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'split'));
  const apart = await load(files, { ...unsplit, source: { train: 'a.csv', validation: 'b.csv' } }, tasks);
  assert.deepEqual([apart.samples.train, apart.samples.validation, apart.samples.test], [5, 1, 0]);
  assert.ok(apart.warnings.some(({ code }) => code === 'no-test'));
  const absent = await problemOf(load({ 'a.csv': 'n,c\n1,2\n' }, data, tasks));
  assert.equal(absent.code, 'unknown-column');
  assert.match(
    (await problemOf(load({ 'a.csv': text.replaceAll('train', 'test') }, data, tasks))).message,
    /training split of a.csv is empty/,
  );
  assert.equal((await problemOf(load({}, data, tasks))).code, 'file-missing');
  const twice = await load({ 'a.csv': text }, { ...data, missingTokens: { c: ['红'] } }, tasks);
  assert.deepEqual(readPreparation(JSON.parse(JSON.stringify(twice.preparation))).missingTokens, [['c', ['红']]]);
});

test('rows give a plan everything, and problems instead of errors', async () => {
  const specFile = fileURLToPath(new URL('../../../examples/penguins/penguins.mtl.json', import.meta.url));
  const { spec } = readSpec(readFileSync(specFile, 'utf8'));
  const full = await describeRows(spec ?? assert.fail(), { specFile });
  assert.deepEqual([full.problems, full.facts?.classes?.get('species')], [[], ['Adelie', 'Chinstrap', 'Gentoo']]);
  const wrong = await describeRows(specOf({ ...data, source: 'penguins.csv', split: {} }, tasks), { specFile });
  assert.deepEqual(
    wrong.problems.map(({ code, origin }) => [code, origin]),
    [['unknown-column', 'rows']],
  );
  assert.match(wrong.problems[0]?.message.zh ?? '', /所指的列“k”不存在/);
  const nothing = await describeRows(specOf(data, tasks), { specFile });
  assert.deepEqual(
    [nothing.problems.map(({ code, pointer }) => `${code} ${pointer}`), nothing.facts],
    [['file-missing /data/source'], undefined],
  );
});
