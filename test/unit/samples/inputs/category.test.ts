/** Columns of names: vocabulary, what stands in for a gap, the bucket of the unseen. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import {
  categoryInput,
  vocabularySize,
  type CategorySettings,
  type FittedCategory,
} from '../../../../src/samples/inputs/category.ts';
import { collectNotes, type Cells } from '../../../../src/samples/contract.ts';
import { passes } from '../../../../src/common/checks.ts';
import { cellsOfCsv, refusal, rowsOf } from '../helpers.ts';

const settings = (more: Partial<CategorySettings>): CategorySettings => ({
  type: 'category',
  name: 'k',
  columns: ['c'],
  encoding: 'one-hot',
  missing: 'class',
  indicator: false,
  ...more,
});

function fit(of: CategorySettings, cells: Cells, rows: Int32Array): FittedCategory {
  return categoryInput.begin(of, cells, rows, collectNotes()).finish(rows);
}

function samples(fitted: FittedCategory, cells: Cells, ...rows: readonly number[]): number[][] {
  const store = categoryInput.prepare(fitted, cells, rowsOf(...rows), collectNotes());
  return rows.map((_, position) => [...store.gather(rowsOf(position))]);
}

// Rows 0 to 5; the first five are for training.
const cells = cellsOfCsv('c,d\nb,1\na,10\nb,9\na,\n,1.0\nz,2\n');
const training = rowsOf(0, 1, 2, 3, 4);

test('the vocabulary is that of the training rows, sorted; then missing, then the unseen', () => {
  const fitted = fit(settings({ columns: ['c', 'd'] }), cells, training);
  assert.deepEqual(fitted, {
    type: 'category',
    name: 'k',
    encoding: 'one-hot',
    missing: 'class',
    indicator: false,
    columns: [
      { column: 'c', values: ['a', 'b'], fill: null },
      { column: 'd', values: ['1', '9', '10'], fill: null },
    ],
  });
  assert.equal(vocabularySize(fitted), 4 + 5);
  assert.deepEqual(samples(fitted, cells, 0, 3, 4, 5), [
    [0, 1, 0, 0, 1, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 1, 0],
    [0, 0, 1, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0, 1],
  ]);
  const index: FittedCategory = { ...fitted, encoding: 'index' };
  assert.deepEqual(samples(index, cells, 0, 3, 4, 5), [
    [1, 4],
    [0, 7],
    [2, 4],
    [3, 8],
  ]);
});

test('gaps are filled with the most frequent name, of several the first by sorting, or with a constant as it is spelled', () => {
  // a and b twice each; 1 and 1.0 are one name.
  const mode = fit(settings({ columns: ['c', 'd'], missing: 'mode', indicator: true }), cells, training);
  assert.deepEqual(
    mode.columns.map(({ fill }) => fill),
    ['a', '1'],
  );
  assert.equal(mode.missing, 'fill');
  assert.equal(vocabularySize(mode), 3 + 4);
  // Behind the names: 1 where the column had none.
  assert.deepEqual(samples(mode, cells, 3, 4), [
    [1, 0, 0, 1, 0, 0, 0, 0, 1],
    [1, 0, 0, 1, 0, 0, 0, 1, 0],
  ]);
  const frequent = cellsOfCsv('c\nb\na\nb\n\n', {});
  assert.equal(fit(settings({ missing: 'mode' }), frequent, rowsOf(0, 1, 2)).columns[0]?.fill, 'b');
  // A constant that the column has not becomes one of its names where it is needed, and only there.
  const constant = fit(settings({ columns: ['c', 'd'], missing: { constant: 'none' } }), cells, training);
  assert.deepEqual(
    constant.columns.map(({ values, fill }) => [values, fill]),
    [
      [['a', 'b', 'none'], 'none'],
      // With a word among them numbers are sorted as words.
      [['1', '10', '9', 'none'], 'none'],
    ],
  );
  const whole = fit(settings({ missing: { constant: 'none' } }), cells, rowsOf(0, 1));
  assert.deepEqual(whole.columns[0], { column: 'c', values: ['a', 'b'], fill: 'none' });
  const spelled = cellsOfCsv('c\n2\n1.0\n\n');
  assert.deepEqual(fit(settings({ missing: { constant: '1' } }), spelled, rowsOf(0, 1, 2)).columns[0], {
    column: 'c',
    values: ['1.0', '2'],
    fill: '1.0',
  });
});

test('an indicator stands beside names, never among indices', () => {
  assert.equal(fit(settings({ indicator: true }), cells, training).indicator, true);
  assert.equal(fit(settings({ indicator: true, encoding: 'index' }), cells, training).indicator, false);
});

test('rows with a gap in any column are dropped where that is asked for, of other rows too', () => {
  const columns = ['c', 'd'];
  const dropping = categoryInput.begin(settings({ columns, missing: 'drop' }), cells, training, collectNotes());
  assert.deepEqual([...dropping.drop], [0, 0, 0, 1, 1, 0]);
  const fitted = dropping.finish(rowsOf(0, 1, 2));
  assert.deepEqual([fitted.missing, fitted.columns[0]?.fill, vocabularySize(fitted)], ['drop', null, 3 + 4]);
  assert.deepEqual([...categoryInput.unusable(fitted, cells)], [0, 0, 0, 1, 1, 0]);
  for (const missing of ['class', 'mode'] as const) {
    const begun = categoryInput.begin(settings({ columns, missing }), cells, training, collectNotes());
    assert.deepEqual([...begun.drop], [0, 0, 0, 0, 0, 0]);
    assert.deepEqual([...categoryInput.unusable(begun.finish(training), cells)], [0, 0, 0, 0, 0, 0]);
  }
  // A prediction of such a row is thrown away: it is computed as one of the unseen.
  assert.deepEqual(samples(fitted, cells, 4)[0]?.slice(0, 3), [0, 0, 1]);
});

test('the unseen are counted by column, gaps not among them', () => {
  const other = cellsOfCsv('c,d\nq,1\n,7\nr,\na,8\n');
  for (const missing of ['class', 'drop'] as const) {
    const notes = collectNotes();
    const fitted = fit(settings({ columns: ['c', 'd'], missing }), cells, training);
    categoryInput.prepare(fitted, other, rowsOf(0, 1, 2, 3), notes);
    assert.deepEqual(
      notes.warnings.map(({ code, message, pointer }) => [code, message.en, pointer]),
      ['c', 'd'].map((column) => [
        'unseen-category',
        `Input “k”: 2 rows of column “${column}” hold values that the training rows do not; all such values share one bucket.`,
        '/data/inputs/k',
      ]),
    );
    assert.match(notes.warnings[0]?.message.zh ?? '', /列“c”有 2 行的值未在训练行中出现/);
  }
  const notes = collectNotes();
  categoryInput.prepare(fit(settings({}), cells, training), other, rowsOf(0, 1), notes);
  assert.match(notes.warnings[0]?.message.en ?? '', /: 1 row of column “c” holds a value that/);
  const none = collectNotes();
  categoryInput.prepare(fit(settings({}), cells, training), other, rowsOf(3), none);
  assert.deepEqual(none.warnings, []);
});

test('a column without a name in training is refused; one with very many is told', () => {
  assert.deepEqual(
    refusal(() => fit(settings({ missing: 'mode' }), cells, rowsOf(4))),
    {
      code: 'not-fitted',
      message:
        'Input “k”: column “c” of a.csv has no value in the training rows. Leave the column out, or check data.missingTokens and data.split.',
      file: 'a.csv',
      column: 'c',
    },
  );
  const many = cellsOfCsv(`c\n${Array.from({ length: 1001 }, (_, row) => `n${String(row)}`).join('\n')}\n`);
  const told = (count: number): readonly unknown[] => {
    const notes = collectNotes();
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    categoryInput.begin(settings({}), many, rows, notes).finish(rows);
    return notes.warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]);
  };
  assert.deepEqual(told(1000), []);
  assert.deepEqual(told(1001), [
    [
      'many-categories',
      'Input “k”: column “c” has 1001 different values. Is it a name or a number rather than a category?',
      '输入“k”：列“c”有 1001 个不同的值。它是否是名称或数值，而不是类别？',
      '/data/inputs/k',
    ],
  ]);
});

test('settings are those of the spec; a constant has no spaces around it, and indices no indicator', () => {
  const of = (missing: object, encoding = 'one-hot') =>
    categoryInput.settings('k', { missing, encoding } as unknown as Parameters<typeof categoryInput.settings>[1], [
      'c',
      'd',
    ]);
  const columns = ['c', 'd'];
  assert.deepEqual(of({ fill: 'mode', indicator: true }), settings({ columns, missing: 'mode', indicator: true }));
  assert.deepEqual(of({ constant: ' 7 ', indicator: false }), settings({ columns, missing: { constant: '7' } }));
  assert.deepEqual(of({ constant: 7, indicator: false }).missing, { constant: '7' });
  assert.equal(of({ fill: 'class', indicator: false }, 'index').encoding, 'index');
  assert.equal(refusal(() => of({ fill: 'mode', indicator: true }, 'index')).code, 'shape');
});

const oneHot: FittedCategory = {
  type: 'category',
  name: 'k',
  encoding: 'one-hot',
  missing: 'class',
  indicator: false,
  columns: [
    { column: 'c', values: ['a', 'b'], fill: null },
    { column: 'd', values: ['1'], fill: '1' },
  ],
};
const index: FittedCategory = { ...oneHot, encoding: 'index' };

test('a row is as wide as its encoding; only indices have a vocabulary', () => {
  assert.deepEqual([categoryInput.width(oneHot, cells), categoryInput.width(index, cells)], [4 + 3, 2]);
  assert.deepEqual([categoryInput.vocabulary?.(oneHot), categoryInput.vocabulary?.(index)], [undefined, 4 + 3]);
  assert.deepEqual(categoryInput.columns(oneHot), ['c', 'd']);
  assert.equal(
    categoryInput.bytes(settings({ columns: ['c', 'd', 'e'] }), () => []),
    48,
  );
});

test('a saved input has all its members, of the right kind', () => {
  for (const good of [oneHot, index, { ...oneHot, missing: 'drop' }, { ...oneHot, missing: 'fill' }])
    assert.ok(passes(categoryInput.check, good), JSON.stringify(good));
  for (const member of Object.keys(oneHot)) {
    const { [member as keyof FittedCategory]: _, ...others } = oneHot;
    assert.equal(passes(categoryInput.check, others), false, member);
  }
  const column = { column: 'c', values: ['a'], fill: null };
  for (const wrong of [
    { type: 1 },
    { name: 1 },
    { encoding: '' },
    { encoding: 'words' },
    { missing: '' },
    { missing: 'mode' },
    { indicator: 'no' },
    { columns: [{ ...column, column: 1 }] },
    { columns: [{ ...column, values: [1] }] },
    { columns: [{ ...column, fill: 1 }] },
    { columns: [{ column: 'c', values: ['a'] }] },
    { columns: [{ column: 'c', fill: null }] },
    { columns: [{ values: ['a'], fill: null }] },
  ])
    assert.equal(passes(categoryInput.check, { ...oneHot, ...wrong }), false, JSON.stringify(wrong));
});

test('of the rows asked for, gaps and unseen names are counted by column; another spelling is the same name', () => {
  const other = cellsOfCsv('c,d\na,01\nq,\nb,1\n,9\n,1.0\n');
  assert.deepEqual(categoryInput.counts(oneHot, other, rowsOf(1, 2, 3, 4)), [
    { input: 'k', column: 'c', missing: 2, outliers: 0, unseen: 1 },
    { input: 'k', column: 'd', missing: 1, outliers: 0, unseen: 1 },
  ]);
});

test('unseen names of several blocks are counted together, by input and column', () => {
  const other = cellsOfCsv('c,d\nq,7\n');
  const counted: unknown[] = [];
  const notes = collectNotes();
  const count: typeof notes.count = (code, key, by) => counted.push([code, JSON.parse(key), by]);
  categoryInput.prepare(oneHot, other, rowsOf(0), { ...notes, count });
  assert.deepEqual(counted, [
    ['unseen-category', ['k', 'c'], 1],
    ['unseen-category', ['k', 'd'], 1],
  ]);
});

test('an encoding too wide for memory names its rows and its width', () => {
  const rows = { length: 2 ** 31 } as unknown as Int32Array;
  const { code, message } = refusal(() => categoryInput.prepare(oneHot, cells, rows, collectNotes()));
  assert.equal(code, 'too-large');
  assert.match(
    message,
    /^Input “k”: 2147483648 samples with 7 values each .* leave it out; or use the encoding “index”/,
  );
});
