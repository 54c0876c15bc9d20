import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { assertClose, load, npy, problemOf, samplesOf, warningsOf } from './helpers.ts';

const tasks = { y: { type: 'regression', target: 'y' } };
const split = { column: 'part' };

/** A table of one feature `x`; the first letters of the parts say where each row goes. */
function table(xs: readonly string[], parts: string, decimals = ','): string {
  const words: Record<string, string> = { t: 'train', v: 'val', e: 'test' };
  return ['x,y,part', ...xs.map((x, row) => `${x}${decimals}${row}${decimals}${words[parts[row] ?? 't'] ?? ''}`)].join(
    '\n',
  );
}

async function loadX(xs: readonly string[], parts: string, input: Record<string, unknown>): Promise<Dataset> {
  return load({ 'a.csv': table(xs, parts) }, { source: 'a.csv', inputs: { x: { from: 'x', ...input } }, split }, tasks);
}

const codes = (dataset: Dataset): string[] => warningsOf(dataset).map(({ code }) => code);

test('number: statistics of the training rows alone, whatever the other rows hold', async () => {
  const dataset = await loadX(['1', '3', '', '1000', '', '-7'], 'tttvve', { type: 'number' });
  assert.deepEqual(dataset.facts.inputShapes?.get('x'), [1]);
  // Mean 2, population sd 1 of what is present; the missing value becomes the mean, 0.
  assert.deepEqual(samplesOf(dataset.splits.train, 'x').flat(), [-1, 1, 0]);
  assert.deepEqual(samplesOf(dataset.splits.validation, 'x').flat(), [998, 0]);
  assert.deepEqual(samplesOf(dataset.splits.test, 'x').flat(), [-9]);
  assert.deepEqual([...dataset.splits.validation.rows], [3, 4]);
  assert.deepEqual([dataset.samples.train, dataset.samples.validation, dataset.samples.test], [3, 2, 1]);
});

test('number: each way to fill, and the indicator', async () => {
  const xs = ['1', '2', '2', '', '7'];
  const filled = async (missing: unknown): Promise<number[]> =>
    samplesOf(
      (await loadX([...xs, '1', '1'], 'tttttve', { type: 'number', missing, normalize: 'none' })).splits.train,
      'x',
    ).flat();
  assert.deepEqual(await filled('mean'), [1, 2, 2, 3, 7]);
  assert.deepEqual(await filled('median'), [1, 2, 2, 2, 7]);
  assert.deepEqual(await filled('mode'), [1, 2, 2, 2, 7]);
  assert.deepEqual(await filled({ constant: -5 }), [1, 2, 2, -5, 7]);
  assert.deepEqual(await filled({ fill: 'mean', indicator: true }), [1, 0, 2, 0, 2, 0, 3, 1, 7, 0]);
  const dropped = await loadX([...xs, '', '1'], 'tttttve', { type: 'number', missing: 'drop', normalize: 'none' });
  assert.deepEqual([...dropped.splits.train.rows, -1, ...dropped.splits.validation.rows], [0, 1, 2, 4, -1]);
  assert.match(dropped.warnings.find(({ code }) => code === 'rows-dropped')?.message.en ?? '', /“x” drops 2 rows of 7/);
});

test('number: outliers are clipped, taken for missing, or dropped', async () => {
  const xs = ['1', '2', '2', '3', '100'];
  const run = async (action: string): Promise<number[]> =>
    samplesOf(
      (
        await loadX([...xs, '99', '1'], 'tttttve', {
          type: 'number',
          normalize: 'none',
          outliers: { method: 'iqr', threshold: 1.5, action },
        })
      ).splits.train,
      'x',
    ).flat();
  // Quartiles of the five are 2 and 3: bounds 0.5 and 4.5.
  assert.deepEqual(await run('clip'), [1, 2, 2, 3, 4.5]);
  assert.deepEqual(await run('missing'), [1, 2, 2, 3, 2]);
  assert.deepEqual(await run('drop'), [1, 2, 2, 3]);
});

test('number: log is refused below 0, a constant column is told, words are refused with their line', async () => {
  const log = await loadX(['0', '1', '3'], 'tve', { type: 'number', normalize: 'log' });
  assertClose(samplesOf(log.splits.test, 'x').flat(), [Math.log(4)]);
  assert.match(
    (await problemOf(loadX(['1', '-2', '3'], 'tve', { type: 'number', normalize: 'log' }))).message,
    /line 3.*refuses -2/,
  );
  assert.ok(codes(await loadX(['5', '5', '6'], 'tte', { type: 'number' })).includes('constant-column'));
  const word = await problemOf(loadX(['5', 'five', '6'], 'tte', { type: 'number' }));
  assert.deepEqual([word.code, word.row], ['not-a-number', 1]);
  assert.equal((await problemOf(loadX(['', '1', '6'], 'tve', { type: 'number' }))).code, 'not-fitted');
});

test('category: training vocabulary, missing as a class, a bucket for the unseen', async () => {
  const xs = ['b', 'a', '', 'b', 'new', ''];
  const hot = await loadX(xs, 'tttvve', { type: 'category' });
  assert.deepEqual(hot.facts.inputShapes?.get('x'), [4]);
  assert.deepEqual(samplesOf(hot.splits.train, 'x'), [
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 1, 0],
  ]);
  assert.deepEqual(samplesOf(hot.splits.validation, 'x'), [
    [0, 1, 0, 0],
    [0, 0, 0, 1],
  ]);
  assert.ok(codes(hot).includes('unseen-category'));
  const index = await loadX(xs, 'tttvve', { type: 'category', encoding: 'index' });
  assert.equal(index.splits.train.inputs.get('x')?.dtype, 'int32');
  assert.equal(index.facts.vocabularies?.get('x'), 4);
  assert.deepEqual(samplesOf(index.splits.validation, 'x'), [[1], [3]]);
  const mode = await loadX(['b', 'a', '', 'b', 'a', ''], 'ttttve', { type: 'category', missing: 'mode' });
  assert.deepEqual(samplesOf(mode.splits.train, 'x')[2], [0, 1, 0]);
  const constant = await loadX(xs, 'tttvve', { type: 'category', missing: { constant: '无', indicator: true } });
  assert.deepEqual(samplesOf(constant.splits.train, 'x')[2], [0, 0, 1, 0, 1]);
  const dropped = await loadX(xs, 'tttvve', { type: 'category', missing: 'drop' });
  assert.deepEqual([dropped.samples.train, dropped.samples.test], [2, 0]);
});

test('category: several columns share one range of indices; hostile values are values', async () => {
  const csv = 'p,q,y,part\n__proto__,1,0,train\nconstructor,10,1,train\n__proto__,9,2,val\n';
  const dataset = await load(
    { 'a.csv': csv },
    { source: 'a.csv', inputs: { x: { type: 'category', from: ['p', 'q'], encoding: 'index' } }, split },
    tasks,
  );
  assert.equal(dataset.facts.vocabularies?.get('x'), 8);
  assert.deepEqual(samplesOf(dataset.splits.train, 'x'), [
    [0, 4],
    [1, 5],
  ]);
  assert.deepEqual(samplesOf(dataset.splits.validation, 'x'), [[0, 7]]);
});

const pixels = Uint8Array.from({ length: 3 * 2 * 2 }, (_, at) => at * 20);
const labels = npy([3], Float32Array.of(1, 2, 3));

async function loadImages(images: Uint8Array, input: Record<string, unknown>): Promise<Dataset> {
  const files = {
    'a.npz': zipSync({ 'images.npy': images, 'y.npy': labels }),
    'split.csv': 'row,part\n0,train\n1,val\n2,test\n',
  };
  return load(
    files,
    { source: 'a.npz', inputs: { x: { type: 'image', from: 'images', ...input } }, split: { file: 'split.csv' } },
    tasks,
  );
}

test('image: bytes divided by 255, with an axis for the channel', async () => {
  const dataset = await loadImages(npy([3, 2, 2], pixels), {});
  assert.deepEqual(dataset.facts.inputShapes?.get('x'), [2, 2, 1]);
  assertClose(samplesOf(dataset.splits.validation, 'x').flat(), [80 / 255, 100 / 255, 120 / 255, 140 / 255]);
  const standard = await loadImages(npy([3, 2, 2], pixels), { normalize: 'standard' });
  // Training pixels 0, 20, 40, 60: mean 30, population sd √500.
  assertClose(
    samplesOf(standard.splits.train, 'x').flat(),
    [-30, -10, 10, 30].map((value) => value / Math.sqrt(500)),
  );
});

test('image: size and channels', async () => {
  const smaller = await loadImages(npy([3, 2, 2], pixels), { size: [1, 1], normalize: 'none', channels: 3 });
  assertClose(samplesOf(smaller.splits.train, 'x').flat(), [30, 30, 30]);
  const colors = Uint8Array.from({ length: 3 * 1 * 1 * 3 }, (_, at) => at * 10);
  const gray = await loadImages(npy([3, 1, 1, 3], colors), { channels: 1, normalize: 'none' });
  assertClose(samplesOf(gray.splits.train, 'x').flat(), [0.587 * 10 + 0.114 * 20]);
  assert.equal((await problemOf(loadImages(npy([3, 1, 1, 3], colors), { channels: 4 }))).code, 'shape');
  assert.match(
    (await problemOf(loadImages(npy([3, 12], new Uint8Array(36)), {}))).message,
    /needs \[samples, height, width\]/,
  );
  assert.match((await problemOf(loadImages(npy([3, 1, 5, 5], new Uint8Array(75)), {}))).message, /channels first/);
});

test('image: a size that no memory holds is told before it is taken', async () => {
  const error = await problemOf(loadImages(npy([3, 2, 2], pixels), { size: [100_000, 100_000] }));
  assert.equal(error.code, 'too-large');
  assert.match(error.message, /“x”.*smaller “size”/);
});

test('image: bytes of 0 and 1 are a mask, not fractions', async () => {
  const mask = Uint8Array.of(0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1);
  assert.ok(!codes(await loadImages(npy([3, 2, 2], mask), {})).includes('image-range'));
});

test('image: fractions are told apart from bytes, missing pixels drop or are filled', async () => {
  const fractions = Float32Array.of(0.5, 1, 0, 0.25, 0.5, NaN, 1, 0, 0, 0, 0, 1);
  const dataset = await loadImages(npy([3, 2, 2], fractions), {});
  assert.ok(codes(dataset).includes('image-range'));
  assert.deepEqual([dataset.samples.train, dataset.samples.validation, dataset.samples.test], [1, 0, 1]);
  const filled = await loadImages(npy([3, 2, 2], fractions), { missing: { constant: 0.5 }, normalize: 'none' });
  assert.deepEqual(samplesOf(filled.splits.validation, 'x').flat(), [0.5, 0.5, 1, 0]);
});
