// Where the spread between runs comes from: closed forms of made-up values, and what a design cannot tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { Comparison, VarianceView } from '../../../../src/experiment/comparison/contract.ts';
import { contestOf } from '../../../../src/experiment/comparison/experiment.ts';
import { varianceOf } from '../../../../src/experiment/comparison/variance.ts';
import { comparisonJson } from '../../../../src/experiment/report/json.ts';
import { comparisonReport, comparisonTables } from '../../../../src/experiment/report/sections.ts';
import { varianceTable } from '../../../../src/experiment/report/tables.ts';
import { evidenceOf, three, type Values } from './evidence.ts';
import { close, made } from './readings.ts';

const arms = [{ id: 'joint' }, { id: 'wide', set: { '/network/trunk/layers/0/units': 16 } }];
const of = (comparison: Pick<Comparison, 'variance'>, task = 'kind'): VarianceView => {
  const view = comparison.variance.find((one) => one.task === task);
  assert.ok(view);
  return view;
};
const parts = ({ parts: all }: VarianceView): unknown => all.map(({ source }) => source);

describe('one seed a split', () => {
  const n = 4;
  const experiment = { arms, replicates: { n } };

  test('what all arms share is the split; the rest cannot be told apart', () => {
    // Splits move both arms by 0, 3, 6, 9: their variance is 15. Arms differ by 1, the same everywhere.
    const additive = of(made(experiment, (arm, _, place) => 3 * place + (arm === 'wide' ? 1 : 0)));
    assert.deepEqual([additive.arms, additive.splits, additive.seeds, additive.dropped], [2, 4, 1, 0]);
    assert.deepEqual(parts(additive), ['split', 'armBySplitAndSeed']);
    close(additive.parts.map(({ variance }) => variance), [15, 0]); // prettier-ignore
    close(additive.parts.map(({ share }) => share), [1, 0]); // prettier-ignore
    assert.match(additive.reason?.en ?? '', /one seed for each of the 4 splits.*\(init, order, dropout\)/);
    assert.match(additive.reason?.zh ?? '', /4 个划分各只有一个种子/);
    // Arms that go opposite ways: ±d with d = 0, 3, 6, 9. MS(arm × split) = 2·45/3 = 30, MS(split) = 0: raw (0 − 30)/2.
    const opposite = of(made(experiment, (arm, _, place) => (arm === 'wide' ? 3 : -3) * place));
    close(opposite.parts.map(({ variance }) => variance), [0, 30]); // prettier-ignore
    close(opposite.parts.map(({ raw }) => raw), [-15, 30]); // prettier-ignore
    close(opposite.parts.map(({ share }) => share), [0, 1]); // prettier-ignore
  });

  test('a seed without a value in one arm is left out of all, and counted', () => {
    const values: Values = (arm, task, place) =>
      arm === 'wide' && place === 3 ? (task === 'kind' ? null : 'missing') : 3 * place;
    const view = of(made(experiment, values));
    assert.deepEqual([view.splits, view.seeds, view.dropped], [3, 1, 2]);
    // 0, 3, 6
    close(view.parts[0]?.variance, 9);
    const failed = of(made(experiment, (arm, _, place) => (arm === 'joint' && place === 0 ? 'failed' : 3 * place)));
    assert.deepEqual([failed.splits, failed.dropped], [3, 2]);
  });

  test('no spread has no shares; no value in all arms no parts', () => {
    const same = of(made(experiment, () => 1));
    assert.deepEqual(same.parts.map(({ share, variance }) => [share, variance]), [[null, 0], [null, 0]]); // prettier-ignore
    const none = of(made(experiment, (arm) => (arm === 'wide' ? 'failed' : 1)));
    assert.deepEqual([none.parts, none.splits, none.dropped], [[], 0, 8]);
    assert.match(none.reason?.en ?? '', /No run has a value in every arm/);
  });
});

test('a held split: the seeds alone, and what is not in it is said', () => {
  const comparison = made({ arms, replicates: { n: 4, hold: 'split' } }, (_, __, place) => 3 * place);
  const view = of(comparison);
  assert.deepEqual([parts(view), view.splits, view.seeds], [['seed'], 1, 4]);
  close(view.parts[0]?.variance, 15);
  assert.match(view.reason?.en ?? '', /one split: what another one would change.*the seed moves init, order, dropout together/);
  assert.match(comparison.crossed?.en ?? '', /not given: runs keep their metrics and not their predictions/);
  assert.equal(made({ arms, replicates: { n: 4 } }, () => 1).crossed, null);
}); // prettier-ignore

test('several seeds a split: every part by itself', () => {
  // Splits ±5, arms react by ±1, seeds ±2 within.
  const moved = { split: [-5, -5, 5, 5], wide: [1, 1, -1, -1], joint: [-1, -1, 1, 1], seed: [-2, 2, -2, 2] };
  const evidence = evidenceOf({ arms, replicates: { n: 4 } }, (arm, _, place) => {
    const own = arm === 'wide' ? moved.wide : moved.joint;
    return [moved.split, own, moved.seed].reduce((sum, one) => sum + (one[place] ?? NaN), 0);
  });
  const contest = contestOf(evidence);
  const crossed = { ...contest, arms: contest.arms.map((arm) => ({ ...arm, splits: ['a', 'a', 'b', 'b'] })) };
  const [view] = varianceOf(crossed);
  assert.ok(view);
  // MS within = 4·8/4 = 8; MS(arm × split) = 2·4/1 = 8; MS(split) = 2·2·50/1 = 200.
  assert.deepEqual([parts(view), view.reason, view.splits, view.seeds], [['split', 'armBySplit', 'seed'], null, 2, 2]);
  close(view.parts.map(({ variance }) => variance), [(200 - 8) / 4, 0, 8]); // prettier-ignore
  close(view.parts.map(({ share }) => share), [48 / 56, 0, 8 / 56]); // prettier-ignore
  // As the compared whole says it, too.
  assert.deepEqual(compare(crossed).variance, varianceOf(crossed));
  // Other numbers of seeds for each split, or other splits in one of the arms.
  const uneven = { ...contest, arms: contest.arms.map((arm) => ({ ...arm, splits: ['a', 'a', 'a', 'b'] })) };
  assert.match(varianceOf(uneven)[0]?.reason?.en ?? '', /same number of runs for each split/);
  for (const splits of [
    ['a', 'a', 'b', 'c'],
    ['a', 'a', 'c', 'c'],
  ]) {
    const other = { ...crossed, arms: crossed.arms.map((arm, index) => (index === 0 ? arm : { ...arm, splits })) };
    assert.match(varianceOf(other)[0]?.reason?.en ?? '', /do not have the same splits/);
  }
  // One arm.
  const [one] = varianceOf({ ...crossed, arms: crossed.arms.slice(0, 1) });
  assert.deepEqual([one && parts(one), one?.reason?.en], [['split', 'seed'], 'One arm: a split and how this arm reacts to it are one.']); // prettier-ignore
  const [bare] = varianceOf({ ...contest, arms: contest.arms.slice(0, 1) });
  assert.deepEqual([bare?.parts, bare?.reason?.en], [[], 'One arm with one seed a split: nothing can be told apart.']);
});

test('unpaired arms have no split in common; explored ones and single runs are not asked', () => {
  assert.match(of(made({ arms, replicates: { n: 3, paired: false } }, () => 1)).reason?.en ?? '', /same splits/);
  const held = of(made({ arms, replicates: { n: 3, paired: false, hold: 'split' } }, (_, __, place) => place % 3));
  assert.deepEqual([held.splits, held.seeds, held.dropped], [1, 3, 0]);
  close(held.parts[0]?.variance, 1);
  assert.deepEqual(made({ arms, replicates: 1 }, () => 1).variance, []);
  const contest = contestOf(evidenceOf({ arms, replicates: { n: 4 } }, () => 1));
  assert.deepEqual(varianceOf({ ...contest, arms: contest.arms.map((arm) => ({ ...arm, confirmed: false })) }), []);
});

test('table, report and JSON show it', () => {
  const comparison = made({ arms, replicates: { n: 4 } }, (arm, _, place) => (arm === 'wide' ? 3 : -3) * place);
  const shown = varianceTable(comparison);
  assert.deepEqual(
    shown?.rows[0]?.map(({ text }) => text.en),
    ['kind accuracy', 'split', '0 %', '0 (−15)', '0', '2 × 4 × 1'],
  );
  assert.match(shown.note?.en ?? '', /^Descriptive; [^.]*\. There is one seed/);
  // What some tasks say has their names before it.
  const [own] = comparison.variance;
  assert.ok(own);
  const other = { ...own, reason: { en: 'Why not.', zh: '原因。' } };
  const several = varianceTable({ ...comparison, variance: [own, { ...own, task: 'b' }, { ...other, task: 'c' }] });
  assert.match(several?.note?.en ?? '', / kind, b: There is one seed.* c: Why not\.$/);
  assert.match(several?.note?.zh ?? '', /kind、b：.*c：原因。$/);
  assert.ok(comparisonTables(comparison).some(({ title }) => title.en === shown.title.en));
  assert.ok(comparisonReport(comparison).sections.some(({ id, tables }) => id === 'variance' && tables.length === 1));
  assert.match(comparisonJson(comparison), /"variance":\[\{"task":"kind"/);
  const dropped = varianceTable(made({ arms, replicates: { n: 4 } }, (arm, _, place) => (arm === 'wide' && place === 3 ? null : place))); // prettier-ignore
  assert.match(dropped?.note?.en ?? '', / 2 runs a task are left out/);
  assert.equal(varianceTable(made({ arms, replicates: 1 }, () => 1)), null);
  assert.ok(comparisonReport(made(three)).sections.some(({ summary }) => summary.some(({ en }) => en.includes('crossed bootstrap')))); // prettier-ignore
});
