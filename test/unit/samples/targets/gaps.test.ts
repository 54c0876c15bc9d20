/** Rows of a target that have some of their numbers and lack others: counted, and told by column. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { About, Gaps, Notes, PreparedSplit } from '../../../../src/samples/contract.ts';
import { tellGaps } from '../../../../src/samples/targets/gap-texts.ts';
import { columnNames, countGaps } from '../../../../src/samples/targets/gaps.ts';
import type { FittedTarget } from '../../../../src/samples/targets/table.ts';

test('a row counts that lacks some of its numbers, neither one that has all nor one that has none', () => {
  const n = NaN;
  const values = Float64Array.of(1, 2, 3, n, n, n, n, 2, 3, 1, n, n, 0, 0, 0, 4, n, 6);
  assert.deepEqual(countGaps(values, 3), { rows: 3, columns: [1, 2, 1] });
  assert.deepEqual(countGaps(Float64Array.of(n, 1, n), 1), { rows: 0, columns: [0] });
  assert.deepEqual(countGaps(new Float64Array(), 2), { rows: 0, columns: [0, 0] });
});

test('numbers are named after their columns, or by their place in the only one', () => {
  assert.deepEqual(columnNames(['a', 'b'], 2), ['a', 'b']);
  assert.deepEqual(columnNames(['a'], 1), ['a']);
  assert.deepEqual(columnNames(['a'], 3), ['a[0]', 'a[1]', 'a[2]']);
  assert.deepEqual(columnNames(['a', 'b'], 3), ['0', '1', '2']);
  assert.deepEqual(columnNames([], 2), ['0', '1']);
});

interface Told {
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly about: About | undefined;
}

/** What is told of a regression target with these columns whose splits have these gaps. */
function told(columns: readonly string[], gaps: readonly (Gaps | undefined)[]): Told[] {
  const said: Told[] = [];
  const notes: Notes = {
    warn: (code, { en, zh }, about) => void said.push({ code, en, zh, about }),
    count: () => assert.fail('nothing is counted'),
    warnings: [],
  };
  const target = { type: 'regression', name: 'y', columns } as unknown as FittedTarget;
  const splits = gaps.map((each) => ({ targets: new Map([['y', { gaps: each }]]) }) as unknown as PreparedSplit);
  tellGaps([target], splits, notes);
  return said;
}

test('the rows and columns of all splits are added up and told once for a task', () => {
  assert.deepEqual(told(['a', 'b', 'c'], [undefined, { rows: 0, columns: [0, 0, 0] }]), []);
  const [only, ...more] = told(
    ['a', 'b', 'c'],
    [{ rows: 2, columns: [2, 0, 1] }, undefined, { rows: 1, columns: [1, 0, 0] }],
  );
  assert.ok(only);
  assert.deepEqual([more, only.code, only.about], [[], 'target-gaps', { task: 'y' }]);
  assert.match(only.en, /\b3 rows\b/);
  assert.match(only.en, /“a” 3, “c” 1/);
  assert.match(only.zh, /“a” 3、“c” 1/);
  assert.doesNotMatch(only.en, /“b”|more columns/);
});

test('a task without gaps says nothing, and those after it are told', () => {
  const said: string[] = [];
  const notes = { warn: (code: string, _: unknown, about?: About) => said.push(`${code} ${about?.task ?? ''}`) };
  const targets = ['none', 'some', 'absent', 'more'].map(
    (name) => ({ type: 'regression', name, columns: ['a', 'b'] }) as unknown as FittedTarget,
  );
  const gaps = { rows: 1, columns: [1, 0] };
  const split = { targets: new Map([['none', {}], ['some', { gaps }], ['more', { gaps }]]) }; // prettier-ignore
  tellGaps(targets, [split as unknown as PreparedSplit], notes as unknown as Notes);
  assert.deepEqual(said, ['target-gaps some', 'target-gaps more']);
});

test('eight columns are named, the others counted', () => {
  const names = Array.from({ length: 10 }, (_, index) => `c${String(index)}`);
  const gaps = (count: number): Gaps => ({ rows: 1, columns: names.map((_, index) => Number(index < count)) });
  const [eight] = told(names, [gaps(8)]);
  assert.match(eight?.en ?? '', /“c7” 1/);
  assert.doesNotMatch(`${eight?.en ?? ''}${eight?.zh ?? ''}`, /more columns|另有/);
  const [nine] = told(names, [gaps(9)]);
  assert.match(nine?.en ?? '', /“c7” 1, 1 more columns/);
  assert.match(nine?.zh ?? '', /“c7” 1、另有 1 列/);
  assert.match(told(names, [gaps(10)])[0]?.en ?? '', /“c7” 1, 2 more columns/);
});
