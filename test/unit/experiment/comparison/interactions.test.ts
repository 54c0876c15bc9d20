// Cell means of two factors: by hand, with Student's interval, and cells that nobody has run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonReport } from '../../../../src/experiment/report/sections.ts';
import { made, close } from './readings.ts';
import type { Values } from './evidence.ts';

const factors = [
  { name: 'w', path: '/weights/kind', levels: [0.25, 1] },
  { name: 's', path: '/strategy/name', levels: ['static', 'uncertainty'] },
];
const cells: Readonly<Record<string, readonly number[]>> = {
  '0.25 static': [1, 2, 3],
  '0.25 uncertainty': [5, 5, 8],
  '1 static': [2, 2, 2],
};
const levelsOf = (arm: string): string =>
  `${arm.includes('0.25') ? '0.25' : '1'} ${arm.includes('uncertainty') ? 'uncertainty' : 'static'}`;

test('mean, runs and interval of each combination; one without a value is there and has none', () => {
  const values: Values = (arm, _, place) => cells[levelsOf(arm)]?.[place] ?? null;
  const [kind] = made({ factors, replicates: { n: 3, hold: 'split' } }, values).factors;
  const [only, ...more] = kind?.interactions ?? [];
  assert.deepEqual([only?.factors, more], [['w', 's'], []]);
  const found = new Map(only?.cells.map(({ levels, ...cell }) => [levels.join(' '), cell]));
  assert.deepEqual([...found.keys()], ['0.25 static', '0.25 uncertainty', '1 static', '1 uncertainty']);
  const first = found.get('0.25 static');
  assert.deepEqual([first?.runs, first?.mean], [3, 2]);
  // t₀.₉₇₅ of two degrees of freedom is 4.302653, the standard error 1/√3.
  close(first?.interval, [2 - 4.302652729911275 / Math.sqrt(3), 2 + 4.302652729911275 / Math.sqrt(3)]);
  assert.equal(found.get('0.25 uncertainty')?.mean, 6);
  assert.deepEqual(found.get('1 static'), { runs: 3, mean: 2, interval: null });
  assert.deepEqual(found.get('1 uncertainty'), { runs: 0, mean: null, interval: null });
});

test('intervals are those of the level, and wider where training sets overlap', () => {
  const values: Values = (arm, _, place) => cells[levelsOf(arm)]?.[place] ?? null;
  const at = (replicates: object, level?: number): number => {
    const experiment = { factors, replicates: { n: 3, ...replicates }, ...(level === undefined ? {} : { analysis: { level } }) }; // prettier-ignore
    const [low = NaN, high = NaN] = made(experiment, values).factors[0]?.interactions[0]?.cells[0]?.interval ?? [];
    return high - low;
  };
  const held = at({ hold: 'split' });
  // t₀.₉₅ of two degrees of freedom is 2.919986.
  assert.ok(Math.abs(at({ hold: 'split' }, 0.9) / held - 2.919985580353726 / 4.302652729911275) < 1e-9);
  assert.ok(Math.abs(at({}) / held - Math.sqrt((1 / 3 + 0.15 / 0.7) * 3)) < 1e-9);
});

test('one factor has no interactions', () => {
  const [kind] = made({ factors: factors.slice(0, 1), replicates: { n: 3, hold: 'split' } }, () => 1).factors;
  assert.deepEqual(kind?.interactions, []);
});

test('a report has the means of every two factors, and of combinations that nobody has run only that', () => {
  const values: Values = (arm, _, place) => cells[levelsOf(arm)]?.[place] ?? null;
  const { sections } = comparisonReport(made({ factors, replicates: { n: 3, hold: 'split' } }, values));
  const tables = sections.find(({ id }) => id === 'factors')?.tables ?? [];
  const table = tables.find(({ title }) => title.en === 'kind: means by w and s');
  assert.equal(table?.title.zh, 'kind：按 w 与 s 的均值');
  assert.deepEqual(table.rows.map((row) => row.map(({ text: { en } }) => en)), [
    ['0.25', 'static', '3', '2', '[−0.4841, 4.484]'],
    ['0.25', 'uncertainty', '3', '6', '[1.697, 10.3]'],
    ['1', 'static', '3', '2', '–'],
    ['1', 'uncertainty', '0', '–', '–'],
  ]); // prettier-ignore
});
