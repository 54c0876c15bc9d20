/** Files of a spec become one table, and each of its rows gets a part. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zipSync } from 'fflate';
import { settingsOf } from '../../../src/samples/settings.ts';
import {
  assignRows,
  factsOf,
  filePartsOf,
  headerColumns,
  openSource,
  readSource,
  type Source,
} from '../../../src/samples/source.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { collectNotes } from '../../../src/samples/contract.ts';
import { cellsOfCsv, npy, problemOf, specOf } from './helpers.ts';

type Values = Readonly<Record<string, unknown>>;

const inputs = { x: { type: 'number', from: 'x' } };
const tasks = { y: { type: 'regression', target: 'y' } };
const place = { specFile: join(tmpdir(), 'a.mtl.json') };
const spec = (split: unknown, more: Values = tasks): Spec =>
  specOf({ source: 'a.csv', inputs, ...(split === undefined ? {} : { split }) }, more);

/** With a split that the language itself refuses, or does not know. */
const withSplit = (split: unknown): Spec => {
  const of = spec({ column: 'part' });
  return { ...of, data: { ...of.data, split } } as Spec;
};

function sourceOf(of: Spec, text: string, filePart?: Source['filePart']): Source {
  const cells = cellsOfCsv(text);
  const names = (text.split('\n')[0] ?? '').split(',');
  return { cells, settings: settingsOf(of, names, 'a.csv'), columns: new Map(), filePart, csv: undefined };
}

function folderOf(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'source-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const table = (parts: readonly string[]): string =>
  `${['x,y,part', ...parts.map((part, row) => `${String(row)},${String(row)},${part}`)].join('\n')}\n`;

test('rows that are in no split, and splits without rows, are told', async () => {
  const of = spec({ column: 'part' });
  const notes = collectNotes();
  const assignment = await assignRows(of, place, sourceOf(of, table(['train', '', 'train', ''])), notes);
  assert.deepEqual(assignment, ['train', undefined, 'train', undefined]);
  assert.deepEqual(
    notes.warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]),
    [
      [
        'rows-without-split',
        '2 rows of 4 are in no split and not used.',
        '4 行中有 2 行不属于任何划分，不会使用。',
        '/data/split',
      ],
      [
        'no-validation',
        'The validation split is empty: no best epoch can be chosen, the last one is reported.',
        '验证集为空：无法选出最佳轮次，报告最后一轮。',
        '/data/split',
      ],
      ['no-test', 'The test split is empty.', '测试集为空。', '/data/split'],
    ],
  );
  const one = collectNotes();
  await assignRows(of, place, sourceOf(of, table(['train', 'val', '', 'test'])), one);
  assert.deepEqual(
    one.warnings.map(({ message }) => message.en),
    ['1 row of 4 is in no split and not used.'],
  );
  const none = collectNotes();
  await assignRows(of, place, sourceOf(of, table(['train', 'val', 'test'])), none);
  assert.deepEqual(none.warnings, []);
  const { code, message, file } = await problemOf(
    assignRows(of, place, sourceOf(of, table(['val', 'test'])), collectNotes()),
  );
  assert.deepEqual(
    [code, message, file],
    ['no-rows', 'The training split of a.csv is empty. Check data.split.', 'a.csv'],
  );
});

test('a file for each split decides, whatever the spec says of splits', async () => {
  const of = spec(undefined);
  const parts = ['train', 'validation', 'validation', 'test'] as const;
  const notes = collectNotes();
  const source = sourceOf(of, table(['', '', '', '']), parts);
  assert.equal(await assignRows(of, place, source, notes), parts);
  assert.deepEqual(notes.warnings, []);
});

test('shares must add up to one; strata are the named column, else the first classification', async () => {
  const of = withSplit({ train: 0.5, validation: 0.3, test: 0.3, seed: 0, stratify: false });
  const rows = table(Array.from({ length: 40 }, (_, row) => (row % 4 === 0 ? 'train' : 'test')));
  const wrong = await problemOf(assignRows(of, place, sourceOf(of, rows), collectNotes()));
  assert.deepEqual(
    [wrong.code, wrong.message],
    ['split', 'The shares of data.split add up to 1.1, not 1. Correct train, validation or test.'],
  );
  const trained = async (split: Values, given: Values): Promise<number> => {
    const even = spec({ train: 0.5, validation: 0.25, test: 0.25, ...split }, given);
    const assignment = await assignRows(even, place, sourceOf(even, rows), collectNotes());
    assert.deepEqual(
      ['train', 'validation', 'test'].map((part) => assignment.filter((one) => one === part).length),
      [20, 10, 10],
    );
    // Of the ten rows whose label is rare, how many are in training: half, where they are spread evenly.
    return assignment.filter((part, row) => row % 4 === 0 && part === 'train').length;
  };
  const classes = { ...tasks, c: { type: 'classification', target: 'part' } };
  for (let seed = 0; seed < 8; seed++) {
    assert.equal(await trained({ stratify: 'part', seed }, tasks), 5);
    assert.equal(await trained({ stratify: true, seed }, classes), 5);
  }
  const seeds = Array.from({ length: 8 }, (_, seed) => seed);
  for (const [stratify, given] of [
    [false, classes],
    [true, tasks],
  ] as const) {
    const counts = await Promise.all(seeds.map((seed) => trained({ stratify, seed }, given)));
    assert.ok(
      counts.some((count) => count !== 5),
      String(counts),
    );
  }
});

test('other kinds of splits are refused by name', async () => {
  for (const [split, message] of [
    [{ folds: 5 }, 'Cross-validation (data.split.folds) is not available in this version.'],
    [{ group: 'x' }, 'data.split.group and data.split.time are not available in this version.'],
    [{ time: 'x' }, 'data.split.group and data.split.time are not available in this version.'],
  ] as const) {
    const of = withSplit(split);
    const error = await problemOf(assignRows(of, place, sourceOf(of, table(['train'])), collectNotes()));
    assert.deepEqual([error.code, error.message], ['not-available', message]);
  }
});

test('a split file beside the spec names the rows', async (context) => {
  const folder = folderOf(context, { 's.csv': 'row,part\n1,train\n2,val\n0,test\n' });
  mkdirSync(join(folder, 'below'));
  const of = spec({ file: '../s.csv' });
  const assignment = await assignRows(
    of,
    { specFile: join(folder, 'below', 'a.mtl.json'), root: folder },
    sourceOf(of, table(['', '', ''])),
    collectNotes(),
  );
  assert.deepEqual(assignment, ['test', 'train', 'validation']);
});

test('files fix the parts of their rows only where one is for something else than training', () => {
  const file = { path: 'a', name: 'a', bytes: 1 };
  assert.equal(
    filePartsOf(
      [
        { file, part: 'train' },
        { file, part: 'train' },
      ],
      [2, 1],
    ),
    undefined,
  );
  assert.deepEqual(
    filePartsOf(
      [
        { file, part: 'train' },
        { file, part: 'test' },
      ],
      [2, 1],
    ),
    ['train', 'train', 'test'],
  );
});

test('columns are known by shape and type', () => {
  assert.deepEqual(factsOf({ kind: 'text', cells: ['a'] }), { shape: [], dtype: 'text' });
  const values = new Float32Array(6);
  assert.deepEqual(factsOf({ kind: 'number', dtype: 'float32', shape: [2, 3], width: 6, values }), {
    shape: [2, 3],
    dtype: 'float32',
  });
  const columns = [
    { name: 'a', shape: [2], dtype: 'int8' },
    { name: 'b', shape: [], dtype: 'text' },
  ];
  assert.deepEqual(
    [...headerColumns({ file: 'a', format: 'npz', columns, complete: true })],
    [
      ['a', { shape: [2], dtype: 'int8' }],
      ['b', { shape: [], dtype: 'text' }],
    ],
  );
});

test('files are opened with their sizes and read in order, columns in use alone; the reading is told', async (context) => {
  const folder = folderOf(context, { 'a.csv': 'x,y,unused\n1,2,3\n', 'b.csv': 'x,y,unused\n4,5,6\n7,8,9\n' });
  const of = specOf({ source: { train: 'a.csv', test: 'b.csv' }, inputs }, tasks);
  const files = await openSource(of, { specFile: join(folder, 'a.mtl.json'), root: folder });
  assert.deepEqual(
    files.files.map(({ file, part }) => [file.name, file.bytes, part]),
    [
      ['a.csv', 17, 'train'],
      ['b.csv', 23, 'test'],
    ],
  );
  assert.deepEqual([files.header.complete, files.settings?.inputs.length], [true, 1]);
  const told: unknown[] = [];
  const source = await readSource(of, files, (...progress) => told.push(progress));
  assert.deepEqual(told, [
    ['read', 0, 2],
    ['read', 1, 2],
    ['read', 2, 2],
  ]);
  assert.deepEqual(source.filePart, ['train', 'test', 'test']);
  assert.deepEqual([...source.cells.numbers('x').values], [1, 4, 7]);
  // All columns are known, whether they were read or not.
  assert.deepEqual([...source.columns.keys()], ['x', 'y', 'unused']);
  assert.equal(source.csv?.separator, ',');
});

test('an archive is read without its other arrays', async (context) => {
  const folder = folderOf(context, {
    'a.npz': zipSync({
      'x.npy': npy([2, 3], new Float32Array(6)),
      'y.npy': npy([2], Float32Array.of(1, 2)),
      'z.npy': npy([2], Float32Array.of(1, 2)),
    }),
  });
  const of = specOf({ source: 'a.npz', inputs }, tasks);
  const files = await openSource(of, { specFile: join(folder, 'a.mtl.json'), root: folder });
  const source = await readSource(of, files, () => undefined);
  assert.throws(() => source.cells.numbers('z'), /no column “z”/);
  assert.deepEqual(source.columns.get('x'), { shape: [3], dtype: 'float32' });
  assert.deepEqual(source.columns.get('z'), { shape: [], dtype: 'float32' });
});

test('a long JSON Lines file shows its columns only when its rows are there', async (context) => {
  const lines = Array.from({ length: 6000 }, (_, row) =>
    JSON.stringify(row < 5990 ? { x: row, y: 1 } : { x: row, y: 1, late: 2 }),
  );
  const folder = folderOf(context, { 'a.jsonl': lines.join('\n') });
  const at = { specFile: join(folder, 'a.mtl.json'), root: folder };
  const data = { source: 'a.jsonl', inputs: { x: { type: 'number', from: ['x', 'late'], missing: { constant: 0 } } } };
  const of = specOf(data, tasks);
  const files = await openSource(of, at);
  assert.deepEqual([files.header.complete, files.settings], [false, undefined]);
  const source = await readSource(of, files, () => undefined);
  assert.deepEqual(source.settings.inputs[0]?.type === 'number' && source.settings.inputs[0].columns, ['x', 'late']);
  assert.deepEqual([...source.columns.keys()], ['x', 'y', 'late']);
  const absent = specOf({ ...data, inputs: { x: { type: 'number', from: 'never' } } }, tasks);
  const error = await problemOf(readSource(absent, await openSource(absent, at), () => undefined));
  assert.deepEqual([error.code, error.column, error.file], ['unknown-column', 'never', 'a.jsonl']);
});

test('several tables, and no table, are refused', async () => {
  const several = specOf({ sources: { a: { source: 'a.csv' } }, inputs }, tasks);
  const one = await problemOf(openSource(several, place));
  assert.deepEqual(
    [one.code, one.message],
    ['not-available', 'Several tables (data.sources) are not available in this version. Use data.source.'],
  );
  const of = specOf({ source: 'a.csv', inputs }, tasks);
  const nothing = { ...of, data: { ...of.data, source: {} } } as unknown as Spec;
  const none = await problemOf(openSource(nothing, place));
  assert.deepEqual([none.code, none.message], ['empty', 'There is no data source. Name a file in data.source.']);
});

test('a column that the first file lacks is named with that file', async (context) => {
  const folder = folderOf(context, { 'a.csv': 'x\n1\n' });
  const of = specOf({ source: 'a.csv', inputs }, tasks);
  const error = await problemOf(openSource(of, { specFile: join(folder, 'a.mtl.json'), root: folder }));
  assert.deepEqual([error.message, error.file], ['Task “y” names the column “y”, but a.csv has “x”.', 'a.csv']);
});
