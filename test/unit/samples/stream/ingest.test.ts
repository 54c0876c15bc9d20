/** Files that are read onto the disk one after the other must fit together; what does not is named with its file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { demandOfPreparation } from '../../../../src/samples/stream/source.ts';
import type { Preparation } from '../../../../src/samples/preparation.ts';
import { load, npy, problemOf, samplesOf } from '../helpers.ts';

const tasks = { y: { type: 'regression', target: 'y', normalize: 'none' } };
const inputs = { x: { type: 'number', from: 'x', normalize: 'none' } };
const data = (names: readonly string[]) => ({
  source: names,
  inputs,
  split: { train: 1, validation: 0, test: 0, stratify: false },
});

async function refused(files: Readonly<Record<string, string | Uint8Array>>): Promise<unknown> {
  const { code, message, file, column } = await problemOf(load(files, data(Object.keys(files)), tasks, { memory: 1 }));
  return JSON.parse(JSON.stringify({ code, message, file, column }));
}

test('a column that a later file lacks, writes otherwise or has in another shape is refused', async () => {
  assert.deepEqual(await refused({ 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x\n1\n' }), {
    code: 'unknown-column',
    message: 'b.csv has no column “y”. Appended files need the same columns.',
    file: 'b.csv',
    column: 'y',
  });
  const npz = (shape: readonly number[]): Uint8Array =>
    zipSync({
      'x.npy': npy(shape, new Float32Array(shape.reduce((a, b) => a * b, 1))),
      'y.npy': npy([2], new Float32Array(2)),
    });
  assert.deepEqual(await refused({ 'a.npz': npz([2, 3]), 'b.npz': npz([2, 4]) }), {
    code: 'shape',
    message: 'The column “x” has rows of shape [4] in b.npz and [3] before. Appended files need equal shapes.',
    file: 'b.npz',
    column: 'x',
  });
  assert.deepEqual(await refused({ 'a.csv': 'x;y\n1,5;2\n', 'b.csv': 'x;y\n1.5;2\n' }), {
    code: 'shape',
    message: 'The files “a.csv”, “b.csv” write decimals differently (“.” and “,”). Set data.csv.decimal.',
  });
});

test('rows of all files count through, in data and in messages', async () => {
  const files = { 'a.csv': 'x,y\n1,2\n3,4\n', 'b.csv': 'x,y\n5,6\n', 'c.csv': 'x,y\n7,8\n' };
  const dataset = await load(files, data(Object.keys(files)), tasks, { memory: 1 });
  assert.deepEqual(samplesOf(dataset.splits.train, 'x'), [[1], [3], [5], [7]]);
  assert.deepEqual([...dataset.splits.train.rows], [0, 1, 2, 3]);
  dataset.close();
  const wrong = await problemOf(
    load({ ...files, 'c.csv': 'x,y\nseven,8\n' }, data(Object.keys(files)), tasks, { memory: 1 }),
  );
  assert.deepEqual([wrong.code, wrong.row, wrong.column, wrong.file], ['not-a-number', 3, 'x', 'c.csv']);
});

test('reading and preparing are told in bytes and rows', async () => {
  const told: (readonly [string, number, number])[] = [];
  const dataset = await load({ 'a.csv': 'x,y\n1,2\n3,4\n' }, data(['a.csv']), tasks, {
    memory: 1,
    progress: (phase, done, total) => told.push([phase, done, total]),
  });
  dataset.close();
  const [first] = told;
  assert.deepEqual(first, ['read', 12, 12]);
});

test('what a fitted preparation asks of other files: its inputs by their kind, and the labels of the tasks that are wanted', () => {
  const scaling = { method: 'none', shift: 0, divisor: 1 } as const;
  const preparation: Preparation = {
    version: 1,
    missingTokens: [],
    inputs: [
      { type: 'image', name: 'i', column: 'p', source: [1, 1], shape: [1, 1, 1], resize: 'fit', fill: 0, scalings: [] },
      {
        type: 'number',
        name: 'n',
        indicator: false,
        features: [{ column: 'a', index: 0, bounds: null, fill: 0, scaling }],
      },
      {
        type: 'category',
        name: 'k',
        encoding: 'index',
        missing: 'class',
        indicator: false,
        columns: [{ column: 'c', values: [], fill: null }],
      },
    ],
    tasks: [],
  };
  const plain = (tasksWanted: Preparation['tasks']): unknown =>
    Object.fromEntries(
      Object.entries(demandOfPreparation(preparation, tasksWanted)).map(([kind, names]) => [
        kind,
        [...(names as ReadonlySet<string>)],
      ]),
    );
  const own = { pictures: ['p'], plainLabels: [] };
  assert.deepEqual(plain([]), { ...own, numbers: ['a'], labels: ['c'] });
  const wanted: Preparation['tasks'] = [
    { target: { type: 'classification', name: 't', column: 'd', classes: [], given: false }, sampleWeight: 'w' },
    { target: { type: 'regression', name: 'r', columns: ['y', 'z'], scalings: [] }, when: { column: 'e', values: [] } },
  ];
  assert.deepEqual(plain(wanted), { ...own, numbers: ['a', 'w', 'y', 'z'], labels: ['c', 'd', 'e'] });
});
