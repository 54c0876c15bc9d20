/** Rows that are prepared block by block: every row goes to its own split, and messages name the row of the whole file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { load, npy, problemOf, samplesOf } from '../helpers.ts';

const tasks = { y: { type: 'regression', target: 'y', normalize: 'none' } };
const width = 7000;
/** 18 rows of so many numbers are a block. */
const rows = 60;
const partOf = (row: number): string => (row < 20 ? 'train' : row < 38 ? 'val' : row < 56 ? 'test' : 'train');
const split = `row,part\n${Array.from({ length: rows }, (_, row) => `${String(row)},${partOf(row)}`).join('\n')}\n`;

test('blocks without a row of one split have rows of others, and the places within a block are its own', async () => {
  const values = Float32Array.from({ length: rows * width }, (_, at) => Math.floor(at / width) + (at % width) / 8192);
  const labels = Float32Array.from({ length: rows }, (_, row) => row);
  const files = {
    'a.npz': zipSync({ 'x.npy': npy([rows, width], values), 'y.npy': npy([rows], labels) }, { level: 0 }),
    's.csv': split,
  };
  const data = {
    source: 'a.npz',
    inputs: { x: { type: 'number', from: 'x', normalize: 'none' } },
    split: { file: 's.csv' },
  };
  const phases: string[] = [];
  const dataset = await load(files, data, tasks, { memory: 1, progress: (phase) => phases.push(phase) });
  assert.equal(dataset.storage.streamed, true);
  assert.ok(phases.length > 0, 'the first word of progress comes at once');
  for (const [part, name] of [
    ['train', 'train'],
    ['validation', 'val'],
    ['test', 'test'],
  ] as const) {
    const expected = Array.from({ length: rows }, (_, row) => row).filter((row) => partOf(row) === name);
    const own = dataset.splits[part];
    assert.deepEqual([...own.rows], expected);
    assert.deepEqual(
      samplesOf(own, 'x').map((sample) => [sample.length, sample[0], sample[width - 1]]),
      expected.map((row) => [width, row, Math.fround(row + (width - 1) / 8192)]),
    );
  }
  dataset.close();
});

test('what is wrong in a later block is said of its row in the whole file', async () => {
  // Feature 6 spans 1e-30 in training, so that 1e10 in row 45 becomes 1e40.
  const values = Float32Array.from({ length: rows * width }, (_, at) => {
    const row = Math.floor(at / width);
    return at % width === 6 ? (row === 45 ? 1e10 : (row % 2) * 1e-30) : row;
  });
  const y = npy([rows], new Float32Array(rows));
  const files = { 'a.npz': zipSync({ 'x.npy': npy([rows, width], values), 'y.npy': y }, { level: 0 }), 's.csv': split };
  const data = {
    source: 'a.npz',
    inputs: { x: { type: 'number', from: 'x', normalize: 'minmax' } },
    split: { file: 's.csv' },
  };
  const error = await problemOf(load(files, data, tasks, { memory: 1 }));
  assert.deepEqual([error.code, error.row, error.column], ['not-a-number', 45, 'x']);
  assert.match(error.message, /^a\.npz, row 45 \(from 0\), column “x”: input “x” holds 1\d+, more than/);
});

test('categories that training does not know are counted once over all blocks, where the encoding is wide', async () => {
  // 1,000 names one-hot: 130 rows are a block.
  const count = 1000;
  const cells = Array.from({ length: count + 300 }, (_, row) =>
    row < count ? `n${String(row)},1,train` : `unseen,1,${row % 2 === 0 ? 'val' : 'test'}`,
  );
  const data = { source: 'a.csv', inputs: { k: { type: 'category', from: 'k' } }, split: { column: 'part' } };
  const told = async (memory: number): Promise<string[]> => {
    const dataset = await load({ 'a.csv': ['k,y,part', ...cells].join('\n') }, data, tasks, { memory });
    dataset.close();
    return dataset.warnings.filter(({ code }) => code === 'unseen-category').map(({ message }) => message.en);
  };
  const streamed = await told(1);
  // One remark for each split, which are the same words.
  assert.equal(streamed.length, 1);
  assert.match(streamed[0] ?? '', /: 150 rows of column “k” hold values/);
});

test('however many samples are asked for at once, each stands at its place', async () => {
  const lines = Array.from({ length: 10 }, (_, row) => `${String(row)},${String(row + 0.5)},1`);
  const data = {
    source: 'a.csv',
    inputs: { x: { type: 'number', from: ['a', 'b'], normalize: 'none' } },
    split: { train: 1, validation: 0, test: 0, stratify: false },
  };
  const dataset = await load({ 'a.csv': ['a,b,y', ...lines].join('\n') }, data, tasks, { memory: 1 });
  const positions = Int32Array.from({ length: 9000 }, (_, at) => (at * 7) % 10);
  assert.deepEqual(
    dataset.splits.train.inputs.get('x')?.gather(positions),
    Float32Array.from([...positions].flatMap((position) => [position, position + 0.5])),
  );
  dataset.close();
});
