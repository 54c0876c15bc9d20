// The table of arms: columns, cells, order, filter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../../../src/experiment/comparison/contract.ts';
import { stringsFor } from '../../../../webview/experiment/language.ts';
import { ArmTable, measureOf, type Row } from '../../../../webview/experiment/rows.ts';
import { comparisonOf } from '../../../webview/comparisons.ts';

const strings = stringsFor('en');
const comparison = comparisonOf(4, 2, 3);
const table = new ArmTable(comparison, strings);
const none = { column: '', down: false };
const ids = (rows: readonly Row[]): string[] => rows.map(({ arm, seed }) => (seed === null ? arm.id : `${arm.id}/${String(seed)}`)); // prettier-ignore
const rowOf = (id: string, seed: number | null = null, from: Comparison = comparison): Row => {
  const arm = from.arms.find((one) => one.id === id);
  assert.ok(arm);
  return { arm, seed };
};
const cell = (id: string, column: string, seed: number | null = null, own = table, from = comparison) => {
  const found = own.columns.find((one) => one.id === column);
  assert.ok(found, column);
  return own.cell(rowOf(id, seed, from), found);
};
const changed = (change: Partial<Comparison>): { made: Comparison; own: ArmTable } => {
  const made = { ...comparison, ...change };
  return { made, own: new ArmTable(made, strings) };
};

test('columns: what there is of every arm, two a task, and the settings that differ', () => {
  assert.deepEqual(
    table.columns.map(({ id }) => id),
    [
      ...['arm', 'seeds', 'mean:分类', 'delta:分类', 'mean:回归', 'delta:回归', 'deltaM', 'rank', 'seconds'],
      ...['parameters', 'stage'],
      ...['setting:/network/trunk/layers/0/units', 'setting:/strategy/name', 'setting:/weights/分类'],
    ],
  );
  assert.deepEqual(
    table.columns.filter(({ of }) => of !== '').map(({ title }) => title),
    [
      '分类 accuracy',
      'Δ 分类',
      '回归 mae',
      'Δ 回归',
      '/network/trunk/layers/0/units',
      '/strategy/name',
      '/weights/分类',
    ],
  );
});

test('a column that no arm fills is not there', () => {
  const arms = comparison.arms.map((arm) => ({ ...arm, deltaM: null, meanRank: null, parameters: null, stage: null }));
  const { own } = changed({ arms });
  assert.deepEqual(
    own.columns.map(({ kind }) => kind).filter((kind) => ['deltaM', 'rank', 'parameters', 'stage'].includes(kind)),
    [],
  );
  const some = changed({ arms: comparison.arms.map((arm, at) => ({ ...arm, meanRank: at === 2 ? 1 : null })) });
  assert.ok(some.own.columns.some(({ kind }) => kind === 'rank'));
});

test('means and differences with their intervals, verdict and reasons', () => {
  const { mean } = measureOf(rowOf('joint').arm, '分类') ?? {};
  assert.equal(cell('joint', 'mean:分类').key, mean);
  assert.match(cell('joint', 'mean:分类').text, /^0\.\d{3} ± 0\.\d{3}$/);
  assert.match(cell('joint', 'mean:分类').title, /^n = 3, standard deviation 0\.0\d+$/);
  assert.equal(cell('joint', 'delta:分类').verdict, 'helps');
  assert.match(cell('joint', 'delta:分类').text, /^\+0\.\d{3} ± 0\.\d{3}$/);
  assert.deepEqual(cell('single', 'delta:分类'), { text: 'baseline', title: '', key: null, verdict: null });
});

test('what an arm lacks is said, and is never 0', () => {
  const arms = comparison.arms.map((arm) => (arm.id === 'wide' ? { ...arm, measures: arm.measures.slice(1) } : arm));
  const { made, own } = changed({ arms });
  const lacking = cell('wide', 'mean:分类', null, own, made);
  assert.deepEqual([lacking.text, lacking.title, lacking.key], ['–', strings.withoutTask, null]);
  const empty = comparison.arms.map((arm) => ({
    ...arm,
    ...{ deltaM: arm.id === 'wide' ? null : arm.deltaM, costs: { seconds: null, secondsPerEpoch: null }, parameters: arm.id === 'wide' ? null : 7 }, // prettier-ignore
    measures: arm.measures.map((one) => ({ ...one, mean: null, interval: null, delta: null, reason: { en: 'No run has a value.', zh: '' } })), // prettier-ignore
  }));
  const other = changed({ arms: empty });
  for (const column of ['mean:分类', 'delta:分类', 'seconds', 'parameters', 'deltaM']) {
    const { text, key } = cell('wide', column, null, other.own, other.made);
    assert.deepEqual([text, key], ['–', null], column);
  }
  assert.equal(cell('wide', 'mean:分类', null, other.own, other.made).title, 'No run has a value.');
  assert.equal(cell('wide', 'delta:分类', null, other.own, other.made).title, 'No run has a value.');
});

test('Δm is said in percent; costs, ranks and seeds that failed or have not ended', () => {
  assert.deepEqual([cell('joint', 'deltaM').text, cell('joint', 'deltaM').key], ['+1.00 ± 0.50 %', 0.01]);
  assert.deepEqual([cell('joint', 'seconds').text, cell('joint', 'seconds').title], ['13 s', '0.5 s an epoch']);
  assert.deepEqual([cell('joint', 'rank').key, cell('joint', 'parameters').text, cell('joint', 'stage').text], [2, '1001', 'confirm']); // prettier-ignore
  assert.deepEqual([cell('wide', 'seeds').text, cell('wide', 'seeds').title, cell('wide', 'seeds').key], ['3 ✗1', '1 seed with a failed run', 3]); // prettier-ignore
  const { made, own } = changed({ arms: comparison.arms.map((arm) => ({ ...arm, failed: 2, missing: 1 })) });
  assert.deepEqual(
    [cell('joint', 'seeds', null, own, made).text, cell('joint', 'seeds', null, own, made).title],
    ['3 ✗2 …1', '2 seeds with a failed run; 1 seed not ended'],
  );
});

test('notes of an arm stand with its name', () => {
  assert.equal(cell('joint', 'arm').title, 'weight = 1; strategy = pcgrad');
  assert.equal(cell('single', 'arm').title, 'one run a task');
  const marked = { confirmed: false, tuned: true, singleTask: false, split: 'validation', point: [] } as const;
  const { made, own } = changed({ arms: comparison.arms.map((arm) => ({ ...arm, ...marked })) });
  assert.equal(
    cell('joint', 'arm', null, own, made).title,
    'only explored, not confirmed; tuned; on the validation split',
  );
});

test('a cell has no more than it says: a text, a key to sort by, a verdict only where there is one', () => {
  const plain = { title: '', key: null, verdict: null };
  assert.deepEqual(cell('joint', 'rank'), { ...plain, text: '2', key: 2 });
  assert.deepEqual(cell('joint', 'parameters'), { ...plain, text: '1001', key: 1001 });
  assert.deepEqual(cell('joint', 'stage'), { ...plain, text: 'confirm', key: 'confirm' });
  assert.deepEqual(cell('joint', 'arm', 1), { ...plain, text: 'seed 2' });
  assert.deepEqual(cell('joint', 'deltaM', 0), { ...plain, text: '+1 %' });
  assert.deepEqual(Object.keys(cell('joint', 'mean:分类', 0)).sort(), ['key', 'text', 'title', 'verdict']);
  assert.deepEqual(cell('single', 'seeds'), { ...plain, text: '3', key: 3 });
  const reason = { en: 'Two runs failed.', zh: '两次运行失败。' };
  const arms = comparison.arms.map((arm) => ({
    ...arm,
    ...{ stage: null, costs: { seconds: 5, secondsPerEpoch: null } },
    deltaM: arm.deltaM && { ...arm.deltaM, mean: arm.id === 'wide' ? null : 0.02, interval: null, reason },
    measures: arm.measures.map((one) => ({ ...one, delta: one.delta && { ...one.delta, reason } })),
  }));
  const some = changed({ arms: arms.map((arm, at) => (at === 1 ? { ...arm, stage: 'x' } : arm)) });
  const found = (id: string, column: string) => cell(id, column, null, some.own, some.made);
  assert.deepEqual(found('joint', 'deltaM'), { ...plain, text: '+2 %', title: 'Two runs failed.', key: 0.02 });
  assert.deepEqual(found('wide', 'deltaM'), { ...plain, text: '–', title: 'Two runs failed.' });
  assert.equal(found('joint', 'delta:分类').title, 'Two runs failed.');
  assert.deepEqual(found('wide', 'stage'), { ...plain, text: '–' });
  assert.deepEqual(found('wide', 'seconds'), { ...plain, text: '5.0 s', key: 5 });
});

test('settings: what is absent, and what has several specs', () => {
  assert.deepEqual(
    [cell('wide', 'setting:/weights/分类').text, cell('wide', 'setting:/weights/分类').key],
    ['0.5', 0.5],
  );
  assert.deepEqual([cell('joint', 'setting:/strategy/name').text, cell('joint', 'setting:/strategy/name').key], ['"static"', '"static"']); // prettier-ignore
  assert.deepEqual(
    [cell('wide', 'setting:/strategy/name').text, cell('wide', 'setting:/strategy/name').title],
    ['–', ''],
  );
  assert.equal(cell('single', 'setting:/strategy/name').title, strings.severalSpecs);
});

test('seeds: values, and words where there is none', () => {
  const states = ['value', 'failed', 'missing'] as const;
  const arms = comparison.arms.map((arm) => ({
    ...arm,
    measures: arm.measures.map((one) => ({ ...one, cells: states.map((state) => ({ state, value: state === 'value' ? 0.5 : null })) })), // prettier-ignore
  }));
  const { made, own } = changed({ arms });
  const texts = [0, 1, 2].map((seed) => cell('joint', 'mean:分类', seed, own, made).text);
  assert.deepEqual(texts, ['0.5', 'failed', 'not ended']);
  assert.equal(cell('joint', 'arm', 1).text, 'seed 2');
  assert.deepEqual([cell('joint', 'deltaM', 0).text, cell('joint', 'delta:分类', 0).text], ['+1 %', '']);
  assert.equal(cell('single', 'deltaM', 0).text, '');
});

test('the baseline stays on top; seeds follow their arm', () => {
  assert.deepEqual(ids(table.rows('', none, new Set())), ['single', 'joint', 'wide', 'uncertainty']);
  assert.deepEqual(ids(table.rows('', none, new Set(['wide']))), ['single', 'joint', 'wide', 'wide/0', 'wide/1', 'wide/2', 'uncertainty']); // prettier-ignore
  const moved = changed({ baseline: 'wide' });
  assert.deepEqual(ids(moved.own.rows('', none, new Set())), ['wide', 'single', 'joint', 'uncertainty']);
});

test('sorted up and down, by numbers and by names; what has no value comes last either way', () => {
  const means = ['joint', 'wide', 'uncertainty'].map((id) => [id, cell(id, 'mean:回归').key as number] as const);
  const up = means.toSorted((a, b) => a[1] - b[1]).map(([id]) => id);
  assert.deepEqual(ids(table.rows('', { column: 'mean:回归', down: false }, new Set())), ['single', ...up]);
  assert.deepEqual(ids(table.rows('', { column: 'mean:回归', down: true }, new Set())), ['single', ...up.toReversed()]);
  assert.deepEqual(ids(table.rows('', { column: 'arm', down: false }, new Set())), ['single', 'joint', 'uncertainty', 'wide']); // prettier-ignore
  const gap = changed({ arms: comparison.arms.map((arm) => ({ ...arm, meanRank: arm.id === 'joint' ? null : arm.meanRank })) }); // prettier-ignore
  for (const down of [false, true]) assert.equal(ids(gap.own.rows('', { column: 'rank', down }, new Set())).at(-1), 'joint'); // prettier-ignore
  const ranks: Readonly<Record<string, number>> = { joint: 2, 'arm 10': 1 };
  const names = ['single', 'arm 9', 'joint', 'arm 10', 'arm x'];
  const several = changed({ arms: names.map((id) => ({ ...rowOf('joint').arm, id, meanRank: ranks[id] ?? null })) });
  const sorted = (column: string, down: boolean): string[] => ids(several.own.rows('', { column, down }, new Set())).slice(1); // prettier-ignore
  assert.deepEqual(sorted('rank', false), ['arm 10', 'joint', 'arm 9', 'arm x']);
  assert.deepEqual(sorted('rank', true), ['joint', 'arm 10', 'arm 9', 'arm x']);
  assert.deepEqual(sorted('arm', false), ['arm 9', 'arm 10', 'arm x', 'joint'], 'numbers within names by size');
  assert.deepEqual(ids(table.rows('', { column: 'gone', down: true }, new Set())), ['single', 'joint', 'wide', 'uncertainty']); // prettier-ignore
});

test('the filter: all words, in names, settings, factors and verdicts; the baseline stays', () => {
  const found = (filter: string): string[] => table.filtered(filter).map(({ id }) => id);
  assert.deepEqual(found(''), ['single', 'joint', 'wide', 'uncertainty']);
  assert.deepEqual(found('  WIDE '), ['wide']);
  assert.deepEqual(found('strategy=pcgrad'), ['joint', 'uncertainty']);
  assert.deepEqual(found('helps 分类'), ['joint']);
  assert.deepEqual(found('/weights/分类=0.5'), ['wide']);
  assert.deepEqual(found('joint wide'), []);
  // The same again, of arms whose names and stages are written large, and by the arm that a point is of.
  assert.deepEqual(found('helps  分类'), ['joint']);
  const large = changed({ arms: comparison.arms.map((arm, at) => ({ ...arm, id: at === 1 ? 'JOINT' : arm.id, of: at === 2 ? 'Frontier' : arm.of, stage: at === 3 ? 'Pilot' : null })) }); // prettier-ignore
  const ids2 = (filter: string): string[] => large.own.filtered(filter).map(({ id }) => id);
  assert.deepEqual([ids2('joint'), ids2('frontier'), ids2('pilot'), ids2('null'), ids2('undefined')], [['JOINT'], ['wide'], ['uncertainty'], [], []]); // prettier-ignore
  assert.deepEqual(ids(table.rows('wide', none, new Set())), ['single', 'wide']);
});
