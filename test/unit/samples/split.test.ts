import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { Table } from '../../../src/data/table.ts';
import { keyed } from '../../../src/numbers/random.ts';
import { parts, type Part, splitByColumn, splitByFile, splitByFractions } from '../../../src/samples/split.ts';

const csv = (text: string): Table => parseCsv(text, 'split.csv', {}, defaultLimits);
const fractions = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }))
  .map(([a, b, c]) => ({ train: a / (a + b + c), validation: b / (a + b + c), test: c / (a + b + c) }));
const count = <T>(values: readonly T[], wanted: T): number => values.filter((value) => value === wanted).length;

test('sizes are the shares to the nearest row; the same seed gives the same split', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fractions, fc.nat(), (n, shares, seed) => {
      const split = splitByFractions(n, shares, seed);
      assert.equal(split.length, n);
      for (const part of parts) assert.ok(Math.abs(count(split, part) - n * shares[part]) < 1);
      assert.deepEqual(split, splitByFractions(n, shares, seed));
    }),
  );
});

test('every class keeps its share in every part; the sizes stay exact', () => {
  const labels = fc.array(fc.constantFrom('a', 'b', '类', null), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(labels, fractions, fc.nat(), (strata, shares, seed) => {
      const split = splitByFractions(strata.length, shares, seed, strata);
      for (const part of parts) assert.ok(Math.abs(count(split, part) - strata.length * shares[part]) < 1);
      for (const label of new Set(strata)) {
        const rows = [...strata.keys()].filter((row) => strata[row] === label);
        if (rows.length < 3) continue;
        for (const part of parts) {
          const inPart = rows.filter((row) => split[row] === part).length;
          // Each row goes to the part that lags most: at the two ends of a stratum a part is off by little more than one row.
          assert.ok(
            Math.abs(inPart - rows.length * shares[part]) <= 3,
            `${String(label)} ${part}: ${inPart} of ${rows.length}`,
          );
        }
      }
    }),
  );
});

test('another seed, another split; a class of one row is no error', () => {
  const shares = { train: 0.7, validation: 0.15, test: 0.15 };
  assert.notDeepEqual(splitByFractions(100, shares, 0), splitByFractions(100, shares, 1));
  const strata = Array.from({ length: 20 }, (_, row) => (row === 7 ? 'rare' : 'common'));
  assert.equal(count(splitByFractions(20, shares, 0, strata), 'train'), 14);
});

test('a class with a row for every part is a stratum of its own: each part gets one', () => {
  const strata = Array.from({ length: 9 }, (_, row) => ['x', 'y', 'z'][row % 3] ?? '');
  const third = { train: 1 / 3, validation: 1 / 3, test: 1 / 3 };
  for (let seed = 0; seed < 8; seed++) {
    const split = splitByFractions(9, third, seed, strata);
    for (const label of ['x', 'y', 'z'])
      assert.deepEqual(split.filter((_, row) => strata[row] === label).sort(), ['test', 'train', 'validation']);
  }
});

test('sorted data are mixed', () => {
  const strata = Array.from({ length: 300 }, (_, row) => ['x', 'y', 'z'][Math.floor(row / 100)] ?? '');
  const split = splitByFractions(300, { train: 0.7, validation: 0.15, test: 0.15 }, 0, strata);
  for (const start of [0, 100, 200]) assert.equal(count(split.slice(start, start + 100), 'train'), 70);
});

test('by column and by file: words, absent rows, and errors that name the place', () => {
  const table = csv('id,part\n0,train\n1,VAL\n2,validation\n3,test\n4,\n');
  assert.deepEqual(splitByColumn(table, 'part'), ['train', 'validation', 'validation', 'test', undefined]);
  assert.deepEqual(splitByFile(csv('row,part\n2,test\n0,train\n'), 4), ['train', undefined, 'test', undefined]);
  const fails = (text: string, pattern: RegExp): void =>
    assert.throws(
      () => splitByFile(csv(text), 3),
      (error) => error instanceof DataError && pattern.test(error.message),
      text,
    );
  fails('row,part\n0,train\n1,trian\n', /line 3, column “part”: “trian” is no part/);
  fails('row,part\n0,train\n7,test\n', /line 3: there is no row 7; the data have 3 rows/);
  fails('row,part\n0,train\n0,test\n', /row 0 is named twice/);
  fails('row,part\n-1,train\n', /“-1” is no row number/);
  fails('row,part\n1.5,train\n', /“1.5” is no row number/);
  fails('row,teil\n0,train\n', /has no column “part”/);
});

/** What the rows of shares 0.5, 0.3 and 0.2 become one after the other: always the part that lags most, `train` before others. */
const lagging = 'TVETTVTEVT'.split('').map((letter) => ({ T: 'train', V: 'validation', E: 'test' })[letter] as Part);
const shares = { train: 0.5, validation: 0.3, test: 0.2 };

test('every shuffled row goes to the part that lags most', () => {
  const split = splitByFractions(10, shares, 3);
  const order = keyed(3, 'split', '').permutation(10);
  assert.deepEqual(
    [...order].map((row) => split[row]),
    lagging,
  );
});

test('strata follow each other by label, then rows without one, then rare classes; each has an order of its own', () => {
  const strata = 'ba-zqaabaz-wb-aqab-b'.split('').map((letter) => (letter === '-' ? null : letter));
  const rowsOf = (letters: string): number[] =>
    [...strata.keys()].filter((row) => letters.includes(strata[row] ?? '-'));
  const groups = [
    ['label:a', rowsOf('a')],
    ['label:b', rowsOf('b')],
    ['missing', rowsOf('-')],
    ['rare', rowsOf('qwz')],
  ] as const;
  const order = groups.flatMap(([name, rows]) =>
    [...keyed(7, 'split', name).permutation(rows.length)].map((index) => rows[index] ?? -1),
  );
  const split = splitByFractions(20, shares, 7, strata);
  assert.deepEqual(
    order.map((row) => split[row]),
    [...lagging, ...lagging],
  );
});

test('a class needs a row only for each part that gets any', () => {
  const strata = 'uvuwvwxxyy'.split('');
  for (let seed = 0; seed < 8; seed++) {
    const split = splitByFractions(10, { train: 0.5, validation: 0, test: 0.5 }, seed, strata);
    for (const label of 'uvwxy')
      assert.deepEqual(split.filter((_, row) => strata[row] === label).sort(), ['test', 'train']);
  }
});

test('shares are weights; what is left over goes to the largest remainder, of equal ones to the first', () => {
  const sizes = (n: number, train: number, validation: number, rest: number): number[] => {
    const split = splitByFractions(n, { train, validation, test: rest }, 0);
    return parts.map((part) => count(split, part));
  };
  assert.deepEqual(sizes(8, 2, 1, 1), [4, 2, 2]);
  assert.deepEqual(sizes(1, 1, 1, 1), [1, 0, 0]);
  assert.deepEqual(sizes(2, 1, 1, 1), [1, 1, 0]);
  assert.deepEqual(sizes(4, 0.1, 0.2, 0.7), [0, 1, 3]);
  assert.deepEqual(sizes(10, 0.7, 0.15, 0.15), [7, 2, 1]);
  assert.deepEqual(sizes(3, 0, 1, 0), [0, 3, 0]);
});

test('every word for a part is understood, in capitals too', () => {
  const said = {
    train: 'train',
    training: 'train',
    val: 'validation',
    valid: 'validation',
    validation: 'validation',
    dev: 'validation',
    test: 'test',
  };
  for (const [word, part] of Object.entries(said)) {
    const table = csv(`part\n${word}\n${word.toUpperCase()}\n`);
    assert.deepEqual(splitByColumn(table, 'part'), [part, part], word);
  }
});

test('a problem of a split names its file, its row and its column', () => {
  const details = (lines: string): unknown => {
    try {
      splitByFile(csv(`row,part\n0,train\n${lines}`), 3);
    } catch (error) {
      return error instanceof DataError && [error.code, error.file, error.row, error.column];
    }
    return undefined;
  };
  assert.equal(details('2,test\n'), undefined);
  assert.deepEqual(details('1,test\n2,some\n'), ['split', 'split.csv', 2, 'part']);
  for (const wrong of ['3', 'x', '', '0', '-1'])
    assert.deepEqual(details(`${wrong},test\n`), ['split', 'split.csv', 1, 'row'], wrong);
});
