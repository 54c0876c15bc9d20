// The judgment: each rule on a small experiment, and its sentences in both languages.
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import type { Delta, JudgeInput, SeedValue } from '../../../../src/experiment/statistics/contract.ts';
import { judge } from '../../../../src/experiment/statistics/judge.ts';
import { obrienFleming, sequentialP } from '../../../../src/experiment/statistics/looks.ts';
import { nadeauBengio, pairedT } from '../../../../src/experiment/statistics/paired-t.ts';
import { pairedTSampleSize, upperLimitOfSd } from '../../../../src/experiment/statistics/power.ts';
import { signFlip } from '../../../../src/experiment/statistics/sign-flip.ts';
import { signedRank } from '../../../../src/experiment/statistics/signed-rank.ts';
import { fullWidth } from '../../../../scripts/lib/chinese.ts';
import { momentsOf } from '../../../../src/experiment/statistics/moments.ts';

const base = [0.8, 0.82, 0.79, 0.81, 0.8, 0.83, 0.78, 0.8];
const clear = [0.03, 0.04, 0.05, 0.035, 0.045, 0.04, 0.03, 0.05];
const weak = [0.03, -0.02, 0.04, -0.03, 0.02, -0.01, 0.03, -0.02];
const wild = weak.map((value) => 2 * value);
const plus = (differences: readonly number[]): number[] => base.map((value, i) => value + (differences[i] ?? 0));
const records = (values: readonly SeedValue[]) => values.map((value, seed) => ({ seed, value }));
const diff = (values: readonly number[]): number[] => values.map((value, i) => value - (base[i] ?? NaN));

function input(tasks: Readonly<Record<string, readonly SeedValue[]>>, part: Partial<JudgeInput> = {}): JudgeInput {
  const names = Object.keys(tasks);
  const values = Object.fromEntries(names.map((task) => [task, records(tasks[task] ?? [])]));
  const same = Object.fromEntries(names.map((task) => [task, records(base)]));
  return {
    baseline: 'single',
    arms: [
      { arm: 'single', confirmed: true, values: same },
      { arm: 'joint', confirmed: true, values },
    ],
    measures: names.map((task) => ({ task, higherIsBetter: true, margin: null, primary: true })),
    ...{ level: 0.95, family: 'any', testOverTrain: 0.25, failures: 'worst', looks: null },
    ...part,
  };
}

/** The deltas of `joint`, by task. */
function deltas(given: JudgeInput): Record<string, Delta> {
  const cells = judge(given).cells.filter(({ arm }) => arm === 'joint');
  return Object.fromEntries(cells.flatMap(({ task, delta }) => (delta ? [[task, delta]] : [])));
}
function one(values: readonly SeedValue[], part: Partial<JudgeInput> = {}): Delta {
  const delta = deltas(input({ a: values }, part))['a'];
  assert.ok(delta);
  return delta;
}
const measure = (part: object) => ({
  measures: [{ task: 'a', higherIsBetter: true, margin: null, primary: true, ...part }],
});
const said = (delta: Delta): string => delta.reasons.map(({ en }) => en).join('\n');

describe('helps and hurts', () => {
  test('by the corrected t test, in the direction of the metric', () => {
    const better = one(plus(clear));
    assert.equal(better.verdict, 'helps');
    const { mean, interval, p } = nadeauBengio(diff(plus(clear)), 0.25);
    assert.deepEqual([better.mean, better.interval, better.p, better.adjustedP], [mean, interval, p, p]);
    assert.deepEqual(better.familyInterval, interval, 'a family of one');
    assert.equal(better.signFlipP, signFlip(clear).p);
    assert.deepEqual([better.pairs, better.test, better.moreSeeds, better.reasons], [8, 't', null, []]);
    assert.equal(one(plus(clear), measure({ higherIsBetter: false })).verdict, 'hurts');
    assert.equal(one(plus(clear.map((value) => -value))).verdict, 'hurts');
    assert.equal(one(plus(clear.map((value) => -value)), measure({ higherIsBetter: false })).verdict, 'helps');
    assert.equal(one(plus(weak)).verdict, 'undecided');
  });

  test('where splits are held, without that variance, and the verdict says of what it is', () => {
    const held = one(plus(clear), { testOverTrain: null });
    assert.equal(held.p, pairedT(diff(plus(clear))).p);
    assert.match(said(held), /on this split and test set/);
    assert.doesNotMatch(said(one(plus(weak), { testOverTrain: null })), /on this split/);
  });

  test("Holm's family is every primary measure of every confirmed arm; explored and secondary ones have no verdict", () => {
    const given = input({ a: plus(clear), b: plus(weak), c: plus(clear) });
    const measures = given.measures.map((own) => (own.task === 'c' ? { ...own, primary: false } : own));
    const explored = { arm: 'tried', confirmed: false, values: given.arms[1]?.values ?? {} };
    const { tests, cells } = judge({ ...given, measures, arms: [...given.arms, explored] });
    assert.equal(tests, 2);
    const of = (arm: string, task: string) => cells.find((cell) => cell.arm === arm && cell.task === task)?.delta;
    const a = of('joint', 'a');
    assert.equal(a?.adjustedP, 2 * (a?.p ?? NaN));
    assert.equal(of('joint', 'b')?.adjustedP, of('joint', 'b')?.p);
    assert.deepEqual(a.familyInterval, nadeauBengio(diff(plus(clear)), 0.25, 1 - (1 - 0.95) / 2).interval);
    const c = of('joint', 'c');
    assert.deepEqual([c?.verdict, c?.adjustedP, c?.familyInterval], ['undecided', null, null]);
    assert.match(c ? said(c) : '', /secondary/);
    const tried = of('tried', 'a');
    assert.deepEqual([tried?.verdict, tried?.adjustedP], ['not-confirmed', null]);
    assert.match(tried ? said(tried) : '', /explored/);
    assert.equal(tried?.p, a.p);
    assert.equal(of('single', 'a'), null);
  });

  test('without correction where only all together count, with the claim beside', () => {
    const given = input({ a: plus(clear), b: plus(clear) }, { family: 'all' });
    const { cells, claims } = judge(given);
    const deltasOf = cells.flatMap(({ delta }) => delta ?? []);
    for (const delta of deltasOf) assert.equal(delta.adjustedP, delta.p);
    assert.deepEqual(deltasOf[0]?.familyInterval, deltasOf[0]?.interval);
    assert.match(deltasOf[0] ? said(deltasOf[0]) : '', /Without correction/);
    const p = deltasOf[0]?.p;
    assert.deepEqual(claims, [{ arm: 'joint', p, adjustedP: p, holds: true }]);
    const claim = (b: readonly SeedValue[]) => judge(input({ a: plus(clear), b }, { family: 'all' })).claims[0];
    assert.equal(claim(plus(weak))?.holds, false);
    assert.equal(claim(plus(clear.map((value) => -value)))?.p, 1);
    assert.equal(claim([null, ...plus(clear).slice(1)])?.p, null);
    assert.equal(claim(['failed', ...plus(clear).slice(1)])?.holds, false);
    assert.deepEqual(judge(input({ a: plus(clear) })).claims, []);
  });
});

describe('looks', () => {
  test('a p pays for the looks before it, and the interval with it', () => {
    const looks = [0.5, 1];
    const delta = one(plus(clear), { looks });
    assert.equal(delta.adjustedP, sequentialP(delta.p ?? NaN, looks));
    const level = 1 - (obrienFleming(looks, 1 - 0.95).nominalP[1] ?? NaN);
    assert.deepEqual(delta.familyInterval, nadeauBengio(diff(plus(clear)), 0.25, level).interval);
    // A p of 4 % is not enough at half of the information.
    const near = plus([0.05, 0, 0.06, 0.01, 0.03, -0.01, 0.04, 0.03]);
    const plain = one(near, { testOverTrain: null });
    assert.ok((plain.p ?? 1) < 0.05 && plain.verdict === 'helps');
    assert.equal(one(near, { testOverTrain: null, looks: [0.5] }).verdict, 'undecided');
    assert.equal(one(near, { looks: [0.003] }).familyInterval, null);
  });
});

describe('margins', () => {
  test('equivalent, non-inferior, undecided', () => {
    const small = plus([0.002, -0.001, 0.001, -0.002, 0.001, 0, -0.001, 0.001]);
    assert.equal(one(small, measure({ margin: 0.01 })).verdict, 'equivalent');
    assert.equal(one(small).verdict, 'undecided');
    assert.equal(one(plus(weak), measure({ margin: 0.01 })).verdict, 'undecided');
    const upwards = plus([0.03, 0, 0.02, -0.01, 0.03, 0, 0.01, 0]);
    assert.equal(one(upwards, measure({ margin: 0.015 })).verdict, 'non-inferior');
    assert.equal(one(upwards, measure({ margin: 0.015, higherIsBetter: false })).verdict, 'undecided');
    // A look pays here too.
    assert.equal(one(upwards, { ...measure({ margin: 0.015 }), looks: [0.3] }).verdict, 'undecided');
  });

  test('how many more seeds would decide, at the margin and never at the effect seen', () => {
    const part = { ...measure({ margin: 0.02 }), testOverTrain: null };
    const delta = one(plus(wild), part);
    const { sd } = momentsOf(diff(plus(wild)));
    const total = pairedTSampleSize(0.02 / (upperLimitOfSd(sd ?? NaN, 8) ?? NaN), 0.8, 1 - 0.95) ?? NaN;
    assert.equal(delta.moreSeeds, total - 8);
    assert.match(said(delta), new RegExp(`About ${total - 8} more seeds would decide.*new confirming stage`));
    assert.match(
      said(one(plus(wild), { ...part, looks: [0.5] })),
      /more seeds would decide \(80 % power at the margin\)\.$/m,
    );
    const enough = one(plus(wild), { ...part, ...measure({ margin: 5, higherIsBetter: true }), failures: 'exclude' });
    assert.equal(enough.moreSeeds, null, 'it is decided');
    assert.equal(enough.verdict, 'equivalent');
    assert.equal(one(plus(wild), { ...part, planning: false }).moreSeeds, null, 'nobody asked');
    // Overlapping splits whose variance no number of seeds takes away.
    const never = one(plus(wild), { ...part, testOverTrain: 0.5 });
    assert.equal(never.moreSeeds, null);
    assert.match(said(never), /More seeds alone would not decide/);
    assert.equal(one(plus(wild)).moreSeeds, null);
    assert.doesNotMatch(said(one(plus(wild))), /more seeds|More seeds/);
  });
});

describe('failures', () => {
  const failing: SeedValue[] = ['failed', ...plus(clear).slice(1)];

  test('as the worst rank: the signed-rank test, no t interval, never helps', () => {
    const delta = one(failing);
    assert.deepEqual([delta.test, delta.interval, delta.familyInterval, delta.signFlipP], ['rank', null, null, null]);
    assert.deepEqual([delta.failedPairs, delta.pairs, delta.verdict], [1, 7, 'undecided']);
    assert.equal(delta.p, signedRank([-Infinity, ...diff(plus(clear)).slice(1)]).p);
    assert.match(said(delta), /1 of the arm, 0 of the baseline.*worst rank/);
    assert.equal(judge(input({ a: failing })).cells.find(({ arm }) => arm === 'joint')?.interval, null);
    // Failing throughout hurts, whichever way the metric goes.
    const all = base.map(() => 'failed' as const);
    assert.equal(one(all).verdict, 'hurts');
    assert.equal(one(all, measure({ higherIsBetter: false })).verdict, 'hurts');
  });

  test('left out: the other pairs are tested, and still it never helps, nor is it as good', () => {
    const delta = one(failing, { failures: 'exclude' });
    assert.deepEqual([delta.test, delta.pairs, delta.verdict], ['t', 7, 'undecided']);
    assert.ok((delta.adjustedP ?? 1) < 0.05 && delta.interval !== null);
    assert.match(said(delta), /left out/);
    assert.notEqual(judge(input({ a: failing }, { failures: 'exclude' })).cells[1]?.interval, null);
    const close: SeedValue[] = ['failed', ...base.slice(1).map((value, i) => value + (i % 2) * 0.001)];
    assert.equal(one(close, { failures: 'exclude', ...measure({ margin: 0.1 }) }).verdict, 'undecided');
    const worse: SeedValue[] = ['failed', ...plus(clear.map((value) => -value)).slice(1)];
    assert.equal(one(worse, { failures: 'exclude' }).verdict, 'hurts');
  });

  test('of the baseline alone do not make the arm better', () => {
    const given = input({ a: plus(clear) });
    const [single, joint] = given.arms;
    assert.ok(single && joint);
    const broken = { ...single, values: { a: records(base.map(() => 'failed' as const)) } };
    const delta = deltas({ ...given, arms: [broken, joint] })['a'];
    assert.deepEqual([delta?.verdict, delta?.p], ['undecided', 2 / 2 ** 8]);
    assert.match(delta ? said(delta) : '', /0 of the arm, 8 of the baseline/);
  });
});

describe('what is missing', () => {
  test('an undefined metric blocks the verdict and keeps its place in the family', () => {
    const given = deltas(input({ a: [null, ...plus(clear).slice(1)], b: plus(clear) }));
    assert.deepEqual([given['a']?.verdict, given['a']?.adjustedP, given['a']?.undefinedPairs], ['undecided', null, 1]);
    assert.match(given['a'] ? said(given['a']) : '', /undefined in 1 pair:/);
    assert.equal(given['b']?.adjustedP, 2 * (given['b']?.p ?? NaN));
    assert.equal(one([null, ...plus(clear).slice(1)], measure({ margin: 1 })).verdict, 'undecided');
  });

  test('pairs are made by the seed', () => {
    const given = input({ a: plus(clear) });
    const [single, joint] = given.arms;
    assert.ok(single && joint);
    const turned = { ...joint, values: { a: [...(joint.values['a'] ?? [])].reverse().slice(1) } };
    const { cells } = judge({ ...given, arms: [single, turned] });
    const cell = cells.find(({ arm }) => arm === 'joint');
    assert.ok(cell?.delta);
    assert.deepEqual(
      cell.values.map(({ seed }) => seed),
      [0, 1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual([cell.delta.pairs, cell.delta.unpaired], [7, 1]);
    assert.equal(cell.delta.p, nadeauBengio(diff(plus(clear)).slice(0, 7), 0.25).p);
    assert.match(said(cell.delta), /1 seed has no partner/);
  });

  test('few seeds, no spread, no pair: said', () => {
    const five = one(plus(clear).slice(0, 5));
    assert.match(said(five), /A pilot: 5 seeds/);
    assert.doesNotMatch(said(one(plus(clear).slice(0, 6))), /pilot/);
    assert.match(said(one(plus([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]))), /All differences are equal/);
    assert.equal(one(base).p, 1);
    assert.match(said(one([])), /no pair/);
    assert.doesNotMatch(said(one([])), /pilot/);
    assert.match(said(one([0.3])), /one pair/);
  });

  test('the two tests disagree: said, and whether sign-flip could have agreed at all', () => {
    assert.match(said(one(plus(clear).slice(0, 5))), /disagree.*cannot go below 0\.0625/);
    const skewed = one(plus([0.1, 0.001, 0.002, 0.001, 0.002, 0.001, 0.002, 0.001]), { testOverTrain: null });
    assert.match(said(skewed), /disagree: t has p = 0\.\d+, sign-flip 0\.00781\.$/m);
    // At a level of exactly the least that six pairs can come to, 2/64, both tests reject.
    const least = one(plus(clear).slice(0, 6), { level: 31 / 32, testOverTrain: null });
    assert.deepEqual([least.signFlipP, (least.p ?? 1) < 1 / 32], [1 / 32, true]);
    assert.doesNotMatch(said(least), /disagree/);
  });

  test('what is no experiment is refused', () => {
    const given = input({ a: plus(clear) });
    const [single, joint] = given.arms;
    assert.ok(single && joint);
    assert.throws(() => judge({ ...given, baseline: 'none' }), /no arm "none"/);
    assert.throws(() => judge({ ...given, arms: [...given.arms, joint] }), /The arm "joint" is there twice/);
    assert.throws(
      () => judge({ ...given, measures: [...given.measures, ...given.measures] }),
      /The task "a" is there twice/,
    );
    assert.throws(() => judge({ ...given, level: 95 }), /level/);
    assert.throws(() => judge({ ...given, testOverTrain: -1 }), /n_test/);
    assert.throws(() => one([NaN]), /Arm "joint", task "a", seed 0: NaN is no metric/);
    const twice = { ...joint, values: { a: [...records(base), { seed: 3, value: 1 }] } };
    assert.throws(() => judge({ ...given, arms: [single, twice] }), /seed 3 is there twice/);
  });
});

test('a judgment is JSON, and its Chinese is printed as Chinese is', () => {
  const mixed = input({ a: plus(clear), b: [null, ...plus(weak).slice(1)], c: ['failed', ...plus(weak).slice(1)] });
  const judgment = judge(mixed);
  assert.deepEqual(JSON.parse(JSON.stringify(judgment)), judgment);
  for (const { delta } of judgment.cells) {
    for (const { en, zh } of delta?.reasons ?? []) {
      assert.equal(fullWidth(zh), zh);
      assert.ok(en.length > 0 && zh.length > 0);
    }
  }
});
