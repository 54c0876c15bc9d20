import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { load, npy } from './helpers.ts';
import { zipSync } from 'fflate';

const inputs = { x: { type: 'number', from: 'x' }, c: { type: 'category', from: 'c' } };
const tasks = { y: { type: 'regression', target: 'y' } };

/** `[n]` rows of each part; row i of a part is `line(part, i)` = x, c, y. */
async function table(
  counts: Readonly<Record<'train' | 'val' | 'test', number>>,
  line: (part: string, index: number) => string,
  memory?: number,
): Promise<Dataset> {
  const rows = Object.entries(counts).flatMap(([part, n]) =>
    Array.from({ length: n }, (_, index) => `${line(part, index)},${part}`),
  );
  const data = { source: 'a.csv', inputs, split: { column: 'part' } };
  return load({ 'a.csv': ['x,c,y,part', ...rows].join('\n') }, data, tasks, memory === undefined ? {} : { memory });
}

const offset: Readonly<Record<string, number>> = { train: 0, val: 1000, test: 2000 };
const different = (part: string, index: number): string => {
  const x = index + (offset[part] ?? 0);
  return `${x},${index % 2 === 0 ? 'a' : 'b'},${x * 2}`;
};
const said = ({ warnings }: Dataset): string[] =>
  warnings.map(({ code, severity, pointer }) => `${severity} ${code} ${pointer}`);

test('nothing is said of rows that are all different in splits that are large enough', async () => {
  assert.deepEqual(said(await table({ train: 60, val: 30, test: 30 }, different)), []);
});

test('a split of fewer than 30 rows is told', async () => {
  const dataset = await table({ train: 60, val: 29, test: 1 }, different);
  assert.deepEqual(said(dataset), ['information tiny-validation /data/split', 'information tiny-test /data/split']);
  assert.deepEqual(dataset.warnings[0]?.message, {
    en: 'The validation split has 29 rows: one of them is 3 % of an accuracy there, so small differences are chance.',
    zh: '验证集只有 29 行：其中一行就占准确率的 3 %，细小的差别只是偶然。',
  });
  assert.match(dataset.warnings[1]?.message.en ?? '', /^The test split has 1 row: one of them is 100 %/);
});

test('each split is told for itself: one that is large enough, or empty, says nothing of the other', async () => {
  const tiny = async (val: number, test: number): Promise<string[]> =>
    said(await table({ train: 60, val, test }, different)).filter((each) => each.includes('tiny'));
  assert.deepEqual(await tiny(30, 1), ['information tiny-test /data/split']);
  assert.deepEqual(await tiny(0, 29), ['information tiny-test /data/split']);
  assert.deepEqual(await tiny(1, 0), ['information tiny-validation /data/split']);
  // Copies in the test split alone.
  const copies = await table({ train: 60, val: 30, test: 30 }, (part, index) =>
    different(part === 'test' ? 'train' : part, index),
  );
  assert.deepEqual(said(copies), ['warning rows-in-test-and-train /data/split']);
});

for (const memory of [undefined, 1]) {
  test(`copies are counted, within training and between splits${memory === undefined ? '' : ', from disk too'}`, async () => {
    // Rows 0–3 of validation are those of training; row 7 of training stands there three times.
    const dataset = await table(
      { train: 60, val: 40, test: 40 },
      (part, index) => {
        if (part === 'val' && index < 4) return different('train', index);
        if (part === 'train' && index >= 58) return different('train', 7);
        return different(part, index);
      },
      memory,
    );
    assert.equal(dataset.storage.streamed, memory !== undefined);
    assert.deepEqual(said(dataset), [
      'warning rows-in-validation-and-train /data/split',
      'information rows-repeated /data/source',
    ]);
    assert.match(
      dataset.warnings[0]?.message.en ?? '',
      /^4 of 40 rows of the validation split stand in the training split too.* \(first: a\.csv, line 62\)/,
    );
    assert.match(dataset.warnings[1]?.message.en ?? '', /^2 of 60 rows of the training split are copies/);
    dataset.close();
  });
}

test('the same inputs with another target, another category or another missing value are no copies', async () => {
  const dataset = await table({ train: 60, val: 30, test: 30 }, (part, index) => {
    if (part === 'train' && index < 2) return `7,${index === 0 ? 'a' : 'b'},1`;
    if (part === 'val' && index === 0) return '7,a,2';
    if (part === 'val' && index === 1) return '7,a,';
    if (part === 'test' && index === 0) return ',a,1';
    return different(part, index);
  });
  assert.deepEqual(
    dataset.warnings.map(({ code }) => code),
    [],
  );
});

test('one copy among a hundred rows of a split is worth knowing, two are worth a warning', async () => {
  for (const [copies, severity] of [
    [1, 'information'],
    [2, 'warning'],
  ] as const) {
    const dataset = await table({ train: 60, val: 30, test: 100 }, (part, index) =>
      part === 'test' && index < copies ? different('train', index) : different(part, index),
    );
    assert.deepEqual(said(dataset), [`${severity} rows-in-test-and-train /data/split`]);
  }
});

test('equal pictures with equal labels are copies', async () => {
  const pictures = Float32Array.from({ length: 6 * 4 }, (_, index) => (index < 20 ? index : index - 20));
  const part = 'part\ntrain\ntrain\ntrain\nval\ntest\ntest'.split('\n').slice(1);
  const split = ['row,part', ...part.map((name, row) => `${row},${name}`)].join('\n');
  const file = zipSync({
    'image.npy': npy([6, 2, 2], pictures),
    'y.npy': npy([6], Float32Array.of(1, 2, 3, 4, 5, 1)),
  });
  const data = {
    source: 'a.npz',
    inputs: { x: { type: 'image', from: 'image', normalize: 'none' } },
    split: { file: 's.csv' },
  };
  const dataset = await load({ 'a.npz': file, 's.csv': split }, data, tasks);
  assert.deepEqual(
    dataset.warnings.map(({ code }) => code),
    ['tiny-validation', 'tiny-test', 'rows-in-test-and-train'],
  );
});
