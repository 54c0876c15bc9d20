// What goes into a test and what does not: arms of which only one is confirmed, runs that have not ended, seeds without a partner.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { Comparison } from '../../../../src/experiment/comparison/contract.ts';
import { emptyCell, type Contest, type ContestArm } from '../../../../src/experiment/comparison/contest.ts';
import { contestOf } from '../../../../src/experiment/comparison/experiment.ts';
import { evidenceOf, tabled, three, type Values } from './evidence.ts';
import { armOf, but, close, deltaOf, made, measureOf } from './readings.ts';

/** A comparison of the three arms, of which one is changed. */
function changed(
  change: (arm: ContestArm) => Partial<ContestArm>,
  id: string,
  experiment: unknown = three,
  rest: Partial<Contest> = {},
): Comparison {
  const contest = contestOf(evidenceOf(experiment, tabled));
  const arms = contest.arms.map((arm) => (arm.id === id ? { ...arm, ...change(arm) } : arm));
  return compare({ ...contest, arms, ...rest });
}

const resultsOf = ({ hypotheses }: Comparison): readonly unknown[] =>
  hypotheses.map(({ result, p, adjustedP, reason }) => [result, p, adjustedP, reason.en]);

describe('an arm that was only explored', () => {
  const explored = 'The arms were only explored.';

  test('gets no verdict beside a confirmed baseline, and no claim about it is decided', () => {
    const comparison = changed(() => ({ confirmed: false }), 'wide');
    assert.equal(deltaOf(comparison, 'wide').verdict, 'not-confirmed');
    assert.equal(deltaOf(comparison, 'joint').verdict, 'helps');
    assert.equal(comparison.tests, 2, 'its tasks are not in the family');
    assert.deepEqual(
      resultsOf(comparison),
      Array.from({ length: 3 }, () => ['undecided', null, null, explored]),
    );
  });

  test('gives none to the others as their baseline', () => {
    const comparison = changed(() => ({ confirmed: false }), 'single');
    for (const arm of ['joint', 'wide']) assert.equal(deltaOf(comparison, arm).verdict, 'not-confirmed');
    const [first, second, third] = resultsOf(comparison);
    assert.deepEqual(
      [first, second],
      Array.from({ length: 2 }, () => ['undecided', null, null, explored]),
    );
    assert.equal((third as readonly unknown[])[0], 'supported', 'this claim is about the two others');
    assert.equal(armOf(comparison, 'single').meanRank, null);
    close(armOf(comparison, 'wide').meanRank, 1.3);
  });

  test('is worth no place among the ranks where no two are left', () => {
    const contest = contestOf(evidenceOf(three, tabled));
    const arms = contest.arms.map((arm) => ({ ...arm, confirmed: arm.id === 'wide' }));
    assert.deepEqual(
      compare({ ...contest, arms }).arms.map(({ meanRank }) => meanRank),
      [null, null, null],
    );
  });
});

describe('runs that have not ended, or were cut', () => {
  test('a claim about them has no p yet', () => {
    const open = resultsOf(made(three, but({ 'wide//4': 'missing' })));
    const told = ['undecided', null, null, '1 of 5 pairs have not ended.'];
    assert.deepEqual(open, [told, told, told]);
  });

  test('a run that was cut is in no pair, and is no undefined metric', () => {
    const cut = changed(
      ({ rows }) => ({
        rows: new Map([...rows].map(([task, cells]) => [task, [...cells.slice(0, 4), emptyCell('pruned')]])),
      }),
      'wide',
    );
    const delta = deltaOf(cut, 'wide');
    assert.deepEqual([delta.n, delta.undefined, delta.failed, delta.missing], [4, 0, 0, 0]);
    // Of 0.035, 0.023, 0.028 and 0.029.
    close(delta.mean, 0.02875);
  });

  test('an undefined metric is the reason of a claim, and the lack of a margin is none of its', () => {
    const values: Values = (arm, task, place) =>
      arm === 'wide' && task === 'kind' && place === 1 ? null : tabled(arm, task, place);
    const comparison = made({ ...three, measures: {}, hypotheses: three.hypotheses.slice(0, 1) }, values);
    const [first] = comparison.hypotheses;
    assert.deepEqual([first?.result, first?.p], ['undecided', null]);
    assert.match(first?.reason.en ?? '', /^The metric is undefined in 1 pair:/);
    for (const task of ['kind', 'size'])
      assert.doesNotMatch(deltaOf(comparison, 'wide', task).reason?.en ?? '', /without a margin/, task);
  });
});

describe('seeds that only one arm has', () => {
  test('are in no pair, are counted, and are told once an arm', () => {
    const comparison = changed(({ pairKeys }) => ({ pairKeys: [...pairKeys.slice(0, 4), 'another'] }), 'wide');
    const delta = deltaOf(comparison, 'wide');
    assert.deepEqual([delta.n, delta.unpaired], [4, 2]);
    close(delta.mean, 0.02875);
    assert.equal(deltaOf(comparison, 'joint').unpaired, 0);
    assert.deepEqual(
      comparison.remarks.map(({ en }) => en),
      ['2 seeds of "wide" or the baseline have no partner; the differences are without them.'],
    );
    // Ranks are of the four seeds that all arms have: 1 of kind throughout; 3, 2, 3, 3 of size.
    close(armOf(comparison, 'wide').meanRank, (4 * 1 + 3 + 2 + 3 + 3) / 8);
  });

  test('where they share none nothing is paired', () => {
    const comparison = changed(({ pairKeys }) => ({ pairKeys: pairKeys.map((key) => `${key}'`) }), 'wide');
    const delta = deltaOf(comparison, 'wide');
    assert.deepEqual([delta.n, delta.unpaired, delta.verdict, delta.mean], [0, 10, 'undecided', null]);
    assert.equal(delta.reason?.en, '"wide" and "single" share no seed: nothing can be paired.');
    assert.equal(armOf(comparison, 'wide').meanRank, null, 'no seed is ranked');
  });
});

describe('an arm without one of the tasks', () => {
  const without = ({ rows }: ContestArm): Partial<ContestArm> => ({
    rows: new Map([...rows].filter(([task]) => task !== 'size')),
  });

  test('is compared on the others; its tests count all the same', () => {
    const comparison = changed(without, 'wide');
    assert.deepEqual(
      armOf(comparison, 'wide').measures.map(({ task, delta }) => [task, delta?.verdict]),
      [['kind', 'helps']],
    );
    assert.equal(comparison.tests, 4);
    assert.equal(comparison.hypotheses[1]?.reason.en, '"wide" does not have the task "size".');
    assert.deepEqual(comparison.pareto?.leftOut, ['wide']);
    assert.match(armOf(comparison, 'wide').deltaM?.reason?.en ?? '', /^The task "size" has no single-task run/);
  });

  test('as the baseline it is named where a comparison is missing', () => {
    const comparison = changed(without, 'single');
    const { delta, reason, mean } = measureOf(comparison, 'wide', 'size');
    assert.deepEqual([delta, reason?.en], [null, 'The baseline "single" does not have the task "size".']);
    close(mean, 1.21);
    assert.equal(measureOf(comparison, 'wide').reason, null);
  });
});

describe('the two tests beside one another', () => {
  const six = { ...three, replicates: { n: 6, hold: 'split' } };
  const differing =
    (differences: readonly number[]): Values =>
    (arm, _, place) =>
      (arm === 'wide' ? (differences[place] ?? 0) : 0) + place;
  // Sums of all signs: 0.99 itself, 1.01 with the last turned, and both with all turned: 4 of 64. t = 4.7 with p = 0.005.
  const once = differing([0.2, 0.2, 0.2, 0.2, 0.2, -0.01]);
  const never = differing([0.2, 0.21, 0.19, 0.22, 0.18, 0.2]);

  test('they disagree where one is below the level and the other is not', () => {
    const delta = deltaOf(made(six, once), 'wide');
    close(delta.signFlipP, 4 / 64);
    assert.ok((delta.p ?? 1) < 0.01);
    assert.equal(delta.disagreement, true);
    assert.equal(deltaOf(made(six, never), 'wide').disagreement, false);
  });

  test('at a level that six pairs can just reach, too', () => {
    // 1 − 31/32 is the least sign-flip p of six pairs, 2/64.
    const at = (values: Values): boolean => deltaOf(made(six, values, { level: 31 / 32 }), 'wide').disagreement;
    assert.deepEqual([at(once), at(never)], [true, false]);
  });
});

test('claims are made of arms that are known; those to come count', () => {
  const all = { ...three, analysis: { family: 'all' } };
  const better: Values = (arm, task, place) =>
    (tabled('single', task, place) as number) +
    (arm === 'wide' ? (task === 'size' ? -1 : 1) * (0.1 + place / 1000) : 0);
  const contest = contestOf(evidenceOf(all, better));
  const claims = (laterArms: number) => compare({ ...contest, laterArms }).claims.map(({ arm, p, adjustedP }) => [arm, (adjustedP ?? NaN) / (p ?? NaN)]); // prettier-ignore
  const [first, second] = [claims(0), claims(2)];
  assert.deepEqual([first[1], second[1]], [['wide', 2], ['wide', 4]]); // prettier-ignore
  assert.equal(second.length, 2);
});
