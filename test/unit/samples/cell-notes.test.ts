import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCsv } from '../../../src/data/csv.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { tellOtherCells } from '../../../src/samples/cell-notes.ts';
import type { Dataset } from '../../../src/samples/dataset.ts';
import { prepareForEvaluation, prepareForPrediction } from '../../../src/samples/preparation.ts';
import { prepareOther } from '../../../src/samples/unseen.ts';
import { readPreparation } from '../../../src/samples/read-preparation.ts';
import { collectNotes } from '../../../src/samples/contract.ts';
import {
  base,
  both,
  classesOf,
  classification,
  csvOf,
  jsonlOf,
  npzOf,
  parts,
  regression,
  told,
} from './all-formats.ts';
import { cellsOfCsv, labelsOf, load, problemOf, samplesOf } from './helpers.ts';

test('01 and 1 are two classes; 1 and 1.0 are one, and both are said with their counts', async () => {
  for (const dataset of await both('a.csv', csvOf(['01', '1', '1.0', '207', '01', '1']), {}, classification)) {
    assert.deepEqual(classesOf(dataset), ['01', '1', '207']);
    assert.deepEqual(labelsOf(dataset.splits.train, 'c'), [[0], [1], [1], [2]]);
    assert.deepEqual(labelsOf(dataset.splits.test, 'c'), [[1]]);
    assert.deepEqual(told(dataset, 'labels-merged'), [
      '/tasks/c/target Task “c”, column “y”: a whole number and the same with zeros behind the point are one label: “1” (2 rows) = “1.0” (1 row).',
    ]);
    assert.deepEqual(told(dataset, 'labels-alike'), [
      '/tasks/c/target Task “c”, column “y”: labels are told apart as they are written: “01” (2 rows) ≠ “1” (3 rows). If they mean the same, write them in one way.',
    ]);
    const zh = dataset.warnings.find(({ code }) => code === 'labels-merged')?.message.zh ?? '';
    assert.match(zh, /“1”（2 行） = “1\.0”（1 行）/);
  }
  const quoted = ['"01"', '"1"', '"01"', '"1"', '"01"', '"1"'];
  for (const dataset of await both('a.jsonl', jsonlOf(quoted), {}, classification))
    assert.deepEqual(classesOf(dataset), ['01', '1']);
});

test('ids keep all their digits in every format, whatever floating point would make of them', async () => {
  const ids = [
    '1234567890123456',
    '1234567890123457',
    '9007199254740993',
    '9007199254740992',
    '1234567890123456',
    '9007199254740993',
  ];
  const classes = ['1234567890123456', '1234567890123457', '9007199254740992', '9007199254740993'];
  const files: readonly [string, string | Uint8Array][] = [
    ['a.csv', csvOf(ids)],
    ['a.jsonl', jsonlOf(ids)],
    ['a.npz', npzOf('<i8', BigInt64Array.from(ids, BigInt))],
    ['b.npz', npzOf('<u8', BigUint64Array.from(ids, BigInt))],
  ];
  for (const [name, content] of files) {
    for (const dataset of await both(name, content, {}, classification)) {
      assert.deepEqual(classesOf(dataset), classes, name);
      assert.deepEqual(labelsOf(dataset.splits.train, 'c'), [[0], [1], [3], [2]], name);
      assert.deepEqual(told(dataset, 'labels-alike'), [], name);
      assert.deepEqual(told(dataset, 'mixed-kinds'), [], name);
    }
  }
});

test('numbers and texts in one JSON column are said', async () => {
  const cells = ['1', '"1"', '"a"', 'null', '2', '"a"'];
  for (const dataset of await both('a.jsonl', jsonlOf(cells), {}, classification)) {
    assert.deepEqual(classesOf(dataset), ['1', 'a']);
    assert.deepEqual(told(dataset, 'mixed-kinds'), [
      '/tasks/c/target Task “c”, column “y”: 2 rows hold a number and 3 rows a text; they are compared as they are written, so 1 and "1" are one label.',
    ]);
  }
});

test('classes of the spec are matched by the same rule, and any other label in any split is a slip', async () => {
  const with_ = (classes: unknown, column: readonly string[]): Promise<Dataset> =>
    load(
      { 'a.csv': csvOf(column) },
      { source: 'a.csv', ...base },
      { c: { type: 'classification', target: 'y', classes } },
    );
  const cells = ['01', '1', '1.0', '1', '01', '1'];
  assert.deepEqual(labelsOf((await with_(['1', '01'], cells)).splits.train, 'c'), [[1], [0], [0], [0]]);
  assert.deepEqual((await with_([1, '01'], cells)).facts.classes?.get('c'), ['1', '01']);
  assert.deepEqual((await with_(['1.0', '01'], cells)).facts.classes?.get('c'), ['1.0', '01']);
  const twice = await problemOf(with_(['1', '1.0'], cells));
  assert.match(twice.message, /the classes “1” and “1\.0” are one label/);
  assert.equal(twice.pointer, '/tasks/c/target');
  for (const [row, line] of [
    [1, 3],
    [4, 6],
    [5, 7],
  ] as const) {
    const error = await problemOf(
      with_(
        ['1', '2'],
        cells.map((_, index) => (index === row ? '01' : String(1 + (index % 2)))),
      ),
    );
    assert.deepEqual([error.code, error.row, error.column], ['label', row, 'y']);
    assert.match(error.message, new RegExp(`line ${line}, column “y”: “01” is not one of the classes “1”, “2”`));
    assert.match(error.text.zh, new RegExp(`第 ${line} 行，列“y”：“01”不在类别 “1”、“2” 之中`));
  }
  const never = await with_(['1', '01', '3'], cells);
  assert.deepEqual(told(never, 'class-without-rows'), [
    '/tasks/c/target Task “c”: no training row has the class “3”, so nothing is learned of it.',
  ]);
});

test('categories and conditions compare labels as classes do', async () => {
  const rows = ['1,01,a', '2,1,a', '3,1.0,b', '4,2,b', '5,01,a', '6,1,b'];
  const csv = ['x,k,y,part', ...rows.map((row, index) => `${row},${parts[index] ?? ''}`)].join('\n');
  const data = { inputs: { k: { type: 'category', from: 'k' } } };
  const tasks = {
    c: { type: 'classification', target: 'y', when: { column: 'k', equals: 1 } },
    d: { type: 'classification', target: 'y', classes: ['a', 'b'], when: { column: 'k', in: ['001', 7] } },
  };
  for (const dataset of await both('a.csv', csv, data, tasks)) {
    // 01, 1, 2, missing, unseen.
    assert.deepEqual(
      samplesOf(dataset.splits.train, 'k').map((row) => row.indexOf(1)),
      [0, 1, 1, 2],
    );
    assert.deepEqual(labelsOf(dataset.splits.train, 'c'), [null, [0], [1], null]);
    assert.deepEqual(told(dataset, 'when-never'), [
      '/tasks/d/when Task “d” applies to no row: column “k” never holds “001”, “7” (labels are compared as they are written).',
    ]);
    const other = parseCsv('k\n1.00\n01\n1\n001\n', 'new.csv', {}, defaultLimits);
    const { split } = prepareForPrediction(dataset.preparation, other);
    assert.deepEqual(
      samplesOf(split, 'k').map((row) => row.indexOf(1)),
      [1, 0, 1, 4],
    );
  }
});

test('a model whose classes were written "1.0" knows "1", and says the class as it was written', async () => {
  const dataset = await load(
    { 'a.csv': csvOf(['1.0', '2.0', '1.0', '2.0', '1.0', '2.0']) },
    { source: 'a.csv', ...base },
    classification,
  );
  assert.deepEqual(classesOf(dataset), ['1.0', '2.0']);
  assert.deepEqual(told(dataset, 'labels-merged'), []);
  const { split } = prepareForEvaluation(
    dataset.preparation,
    parseCsv('x,y\n1,2\n2,1\n3,1.0\n', 'b.csv', {}, defaultLimits),
  );
  assert.deepEqual(labelsOf(split, 'c'), [[1], [0], [0]]);
});

test('a numeric missing token is its value in every format; one that is met nowhere is said', async () => {
  const missingTokens = ['', -999, '-888', 'none'];
  const cells = ['-999.0', '1.5', '-999', '2', '-999.00', '3'];
  const files: readonly [string, string | Uint8Array][] = [
    ['a.csv', csvOf(cells)],
    ['a.jsonl', jsonlOf(cells)],
    ['a.npz', npzOf('<f8', Float64Array.from(cells, Number))],
    ['b.npz', npzOf('<f4', Float32Array.from(cells, Number))],
  ];
  for (const [name, content] of files) {
    for (const dataset of await both(name, content, { missingTokens }, regression())) {
      assert.deepEqual(labelsOf(dataset.splits.train, 'r'), [null, [1.5], null, [2]], name);
      assert.deepEqual(labelsOf(dataset.splits.validation, 'r'), [null], name);
      assert.deepEqual(told(dataset, 'missing-token-unused'), [
        '/data/missingTokens No cell of the columns in use is “-888” or “none”: check data.missingTokens (text is compared as it is spelled, numbers by their value).',
      ]);
      // Stored with the model and read again, they mean the same.
      const stored = readPreparation(JSON.parse(JSON.stringify(dataset.preparation)));
      const { split } = prepareForEvaluation(stored, parseCsv('x,y\n1,-999.000\n2,5\n', 'b.csv', {}, defaultLimits));
      assert.deepEqual(labelsOf(split, 'r'), [null, [5]]);
    }
  }
  const byColumn = { missingTokens: { y: [-999, 0], x: ['7'], part: ['zzz'] } };
  for (const dataset of await both('a.csv', csvOf(cells), byColumn, regression())) {
    assert.deepEqual(labelsOf(dataset.splits.train, 'r'), [null, [1.5], null, [2]]);
    assert.deepEqual(
      told(dataset, 'missing-token-unused').map((line) => line.split(' is ')[0]),
      ['/data/missingTokens/y No cell of column “y”', '/data/missingTokens/x No cell of column “x”'],
    );
  }
});

test('of many missing tokens that are met nowhere five are named, each to its fortieth letter', async () => {
  const missingTokens = ['', ...Array.from({ length: 6 }, (_, index) => `${String(index)}${'x'.repeat(45)}`)];
  const [dataset] = await both('a.csv', csvOf(['1', '2', '3', '4', '5', '6']), { missingTokens }, regression());
  assert.ok(dataset);
  const named = Array.from({ length: 5 }, (_, index) => `“${String(index)}${'x'.repeat(39)}”`).join(' or ');
  assert.deepEqual(
    told(dataset, 'missing-token-unused').map((line) => line.split(': ')[0]),
    [`/data/missingTokens No cell of the columns in use is ${named}`],
  );
});

test('thousands are never read as fractions in silence', async () => {
  const cells = ['1,257', '616', '3,948', '12', '1,000', '7'];
  const error = await problemOf(load({ 'a.csv': csvOf(cells, ';') }, { source: 'a.csv', ...base }, regression()));
  assert.deepEqual([error.code, error.row, error.column], ['ambiguous-number', 0, 'y']);
  for (const [csv, first] of [
    [{ thousands: ',' }, 1257],
    [{ decimal: ',' }, Math.fround(1.257)],
  ] as const) {
    for (const dataset of await both('a.csv', csvOf(cells, ';'), { csv }, regression())) {
      assert.deepEqual(labelsOf(dataset.splits.train, 'r')[0], [first]);
      assert.deepEqual(told(dataset, 'ambiguous-number'), []);
    }
  }
  const points = cells.map((cell) => cell.replace(',', '.'));
  for (const dataset of await both('a.csv', csvOf(points, ';'), {}, regression())) {
    assert.deepEqual(labelsOf(dataset.splits.train, 'r')[0], [Math.fround(1.257)]);
    const [line, ...others] = told(dataset, 'ambiguous-number');
    assert.match(
      line ?? '',
      /^\/tasks\/r\/target .*3 rows have three digits behind a “\.”, such as “1\.257”, and 3 rows no “\.”/,
    );
    assert.equal(others.length, 0);
  }
  const fractions = ['1.257', '616', '3.948', '12', '1.5', '7'];
  for (const dataset of await both('a.csv', csvOf(fractions), {}, regression()))
    assert.deepEqual(told(dataset, 'ambiguous-number'), []);
});

test('other rows are told of as the training rows are', async () => {
  const { preparation } = await load(
    { 'a.csv': csvOf(['1', '2', '1', '2', '1', '2']) },
    { source: 'a.csv', ...base, inputs: { ...base.inputs, k: { type: 'category', from: 'y' } } },
    classification,
  );
  const other = parseCsv('x;y\n1.257;1\n616;1.0\n3.948;2\n', 'b.csv', {}, defaultLimits);
  const codes = (prepared: { readonly warnings: Dataset['warnings'] }): string[] =>
    prepared.warnings.map(({ code, pointer }) => `${code} ${pointer}`);
  assert.deepEqual(codes(prepareForEvaluation(preparation, other)), [
    'labels-merged /tasks/c/target',
    'ambiguous-number /data/inputs/x/from',
  ]);
  assert.deepEqual(codes(prepareForPrediction(preparation, other)), [
    'ambiguous-number /data/inputs/x/from',
    'labels-merged /data/inputs/k/from',
  ]);
  const comma = parseCsv('x;y\n1,5;1\n', 'b.csv', {}, defaultLimits);
  assert.deepEqual(codes(prepareForPrediction(preparation, comma)), ['csv-decimal /data/source']);
});

test('how a file was understood is said where it was a guess', async () => {
  const [dataset] = await both('a.csv', csvOf(['1,5', '2', '3,25', '4', '5', '6'], ';'), {}, regression());
  assert.deepEqual(
    dataset?.warnings
      .filter(({ code }) => code.startsWith('csv-'))
      .map(({ code, severity, pointer }) => [code, severity, pointer]),
    [['csv-decimal', 'information', '/data/source']],
  );
});

test('a file of other rows that does not show its decimal sign has that of the training rows', async () => {
  const trained = await load(
    { 'a.csv': csvOf(['1,5', '2', '3,25', '4', '5', '6'], ';') },
    { source: 'a.csv', ...base, inputs: { x: { type: 'number', from: 'y', normalize: 'none' } } },
    { r: { type: 'regression', target: 'x' } },
  );
  const stored = readPreparation(JSON.parse(JSON.stringify(trained.preparation)));
  assert.equal(stored.decimal, ',');
  const folder = mkdtempSync(join(tmpdir(), 'other-'));
  try {
    const predict = async (text: string): Promise<number[][]> => {
      const path = join(folder, 'b.csv');
      writeFileSync(path, text);
      const source = { path, name: 'b.csv', bytes: Buffer.byteLength(text) };
      const { split, close } = await prepareOther(stored, source, {}, 'prediction', { scratchFolder: folder });
      close();
      return samplesOf(split, 'x');
    };
    assert.deepEqual(await predict('x;y\n1;1,257\n2;616\n'), [[Math.fround(1.257)], [616]]);
    // What a file shows itself counts.
    assert.deepEqual(await predict('x;y\n1;1.5\n'), [[1.5]]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const point = await load(
    { 'a.csv': csvOf(['1.5', '2', '3', '4', '5', '6']) },
    { source: 'a.csv', ...base },
    regression(),
  );
  assert.equal('decimal' in point.preparation, false);
});

test('a column that is used twice is told of once, and the columns after it all the same', () => {
  const cells = cellsOfCsv('a,b\n1,7\n1.0,7.0\n');
  for (const column of ['a', 'b']) cells.labels(column);
  const task = (name: string) =>
    ({ target: { type: 'classification', name, column: 'a', classes: ['1', '2'], given: false } }) as const;
  const input = {
    ...({ type: 'category', name: 'k', encoding: 'index', missing: 'class', indicator: false } as const),
    columns: [{ column: 'b', values: ['7'], fill: null }],
  };
  const notes = collectNotes();
  tellOtherCells([input], [task('c'), task('d')], cells, notes);
  assert.deepEqual(
    notes.warnings.map(({ code, pointer }) => [code, pointer]),
    [
      ['labels-merged', '/tasks/c/target'],
      ['labels-merged', '/data/inputs/k/from'],
    ],
  );
});

/** What is said of a column of classes, in both languages. */
function saidOfLabels(labels: readonly string[]): { readonly en: string; readonly zh: string }[] {
  const cells = cellsOfCsv(`a\n${labels.join('\n')}\n`);
  cells.labels('a');
  const notes = collectNotes();
  const target = { type: 'classification', name: 'c', column: 'a', classes: ['1'], given: false } as const;
  tellOtherCells([], [{ target }], cells, notes);
  return notes.warnings.map(({ message }) => message);
}

test('of many spellings five of a label are shown, of many labels five, each to its fortieth letter', () => {
  const groups = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => [`${10 + index}`, `${10 + index}.0`]).flat();
  const [five, ...none] = saidOfLabels(groups(5));
  assert.deepEqual(none, []);
  assert.match(five?.en ?? '', /: “10” \(1 row\) = “10\.0” \(1 row\); “11” .*; “14” \(1 row\) = “14\.0” \(1 row\)\.$/);
  assert.match(five?.zh ?? '', /：“10”（1 行） = “10\.0”（1 行）；“11”.*；“14”（1 行） = “14\.0”（1 行）。$/);
  const [six] = saidOfLabels(groups(6));
  assert.match(six?.en ?? '', /“14\.0” \(1 row\) and 1 more\.$/);
  assert.match(six?.zh ?? '', /“14\.0”（1 行） 等 6 组。$/);
  const [spellings] = saidOfLabels(['1', '1.0', '1.00', '1.000', '1.0000', '1.00000']);
  assert.equal(spellings?.en.match(/ = /g)?.length, 4);
  const long = '7'.repeat(50);
  const [cut] = saidOfLabels([long, `${long}.0`]);
  assert.match(cut?.en ?? '', /“7{40}” \(1 row\) = “7{40}” \(1 row\)/);
});

test('inputs behind one of pictures are told of too', () => {
  const cells = cellsOfCsv('p,b\na.png,7\nb.png,7.0\n');
  cells.labels('b');
  const picture = { type: 'image', name: 'p', column: 'p' } as never;
  const input = {
    ...({ type: 'category', name: 'k', encoding: 'index', missing: 'class', indicator: false } as const),
    columns: [{ column: 'b', values: ['7'], fill: null }],
  };
  const notes = collectNotes();
  tellOtherCells([picture, input], [], cells, notes);
  assert.deepEqual(
    notes.warnings.map(({ code, pointer }) => [code, pointer]),
    [['labels-merged', '/data/inputs/k/from']],
  );
});
