// What stands in the way of a verdict, looks before the end, and what was only explored.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offset, tabled, three, type Values } from './evidence.ts';
import { made, armOf, measureOf, deltaOf, close, but } from './readings.ts';

describe('what stands in the way of a verdict', () => {
  const verdict = (values: Values, experiment: unknown = three): readonly [string, string] => {
    const { verdict: word, reason } = deltaOf(made(experiment, values), 'wide');
    return [word, reason?.en ?? ''];
  };

  test('a failed run: no t test, a rank test, never better', () => {
    const comparison = made(three, but({ 'wide//2': 'failed' }));
    const delta = deltaOf(comparison, 'wide');
    assert.deepEqual([delta.verdict, delta.p, delta.interval, delta.familyInterval], ['undecided', null, null, null]);
    assert.deepEqual([measureOf(comparison, 'wide').interval, delta.signFlipP, delta.equivalence], [null, null, null]);
    assert.equal(delta.failed, 1);
    assert.match(delta.reason?.en ?? '', /^Failed runs: 1 of the arm, 0 of the baseline/);
    // Ranks of +0.035 … against one −∞: T⁻ = 5 of 15, p = 2 · P(T ≤ 5) = 2 · 10/32.
    close(delta.rankP, 0.625);
    const arm = armOf(comparison, 'wide');
    assert.deepEqual([arm.failed, arm.n, arm.missing], [1, 5, 0]);
    assert.deepEqual(
      measureOf(comparison, 'wide').cells.map(({ state }) => state),
      ['value', 'value', 'failed', 'value', 'value'],
    );
    assert.deepEqual(
      comparison.failures.map(({ arm: id, seed, task, failure }) => [id, seed, task, failure]),
      [['wide', 5, null, 'nan']],
    );
    // The test that could not be made counts in the family all the same.
    close(deltaOf(comparison, 'joint', 'size').adjustedP, 4 * 0.0006682908787594476);
    assert.match(comparison.hypotheses[0]?.reason.en ?? '', /failed/);
  });

  test('left out: never better, but worse may be said', () => {
    const exclude = { ...three, failures: { nan: 'exclude' } };
    const comparison = made(exclude, but({ 'wide//2': 'failed' }));
    const better = deltaOf(comparison, 'wide');
    assert.ok(better.p !== null && (better.adjustedP ?? 1) < 0.05);
    assert.equal(better.verdict, 'undecided');
    assert.equal(deltaOf(comparison, 'wide', 'size').verdict, 'hurts');
    assert.equal(comparison.hypotheses[0]?.result, 'undecided');
    // Not only NaN: the crash was nobody's merit.
    const crashed = made(exclude, but({ 'wide//2': 'crash' }));
    assert.equal(deltaOf(crashed, 'wide', 'size').verdict, 'undecided');
    assert.match(crashed.remarks.map(({ en }) => en).join(), /Not only NaN/);
  });

  test('a single task of the baseline fails alone', () => {
    const comparison = made(three, but({ 'single/kind/1': 'failed' }));
    assert.equal(deltaOf(comparison, 'wide').verdict, 'undecided');
    assert.equal(deltaOf(comparison, 'wide', 'size').verdict, 'hurts');
    assert.equal(armOf(comparison, 'single').failed, 1);
    assert.match(armOf(comparison, 'wide').deltaM?.reason?.en ?? '', /1 single-task run \(1 failed\)/);
  });

  test('an undefined metric is told from a failure, and counted', () => {
    const comparison = made(three, (arm, task, place) =>
      arm === 'wide' && task === 'kind' && place === 1 ? null : tabled(arm, task, place),
    );
    const { cells, undefined: count, failed } = measureOf(comparison, 'wide');
    assert.deepEqual([cells[1]?.state, count, failed], ['undefined', 1, 0]);
    const delta = deltaOf(comparison, 'wide');
    assert.deepEqual([delta.verdict, delta.undefined, delta.adjustedP], ['undecided', 1, null]);
    assert.match(delta.reason?.en ?? '', /undefined in 1 pair:/);
    assert.equal(armOf(comparison, 'wide').deltaM?.values[1], null);
  });

  test('runs that have not ended', () => {
    const [word, reason] = verdict(but({ 'wide//4': 'missing' }));
    assert.deepEqual([word, reason], ['undecided', '1 of 5 pairs have not ended.']);
    assert.equal(armOf(made(three, but({ 'wide//4': 'missing' })), 'wide').missing, 1);
  });

  test('one seed', () => {
    const one = { ...three, replicates: { n: 1, hold: 'split' } };
    const [word, reason] = verdict(tabled, one);
    assert.equal(word, 'undecided');
    assert.match(reason, /^There is one pair; a test needs two\./);
    const { interval, mean } = measureOf(made(one), 'wide');
    assert.deepEqual([interval, mean], [null, 0.935]);
  });

  test('no spread', () => {
    assert.match(verdict((arm) => (arm === 'wide' ? 2 : 1))[1], /All differences are equal/);
    assert.match(verdict(() => 1)[1], /All differences are equal, so there is no t test/);
  });

  test('no margin: no word for no difference; with one, more seeds are told', () => {
    const noisy: Values = (arm, task, place) =>
      (tabled('single', task, place) as number) +
      (arm === 'wide' ? ([0.01, -0.008, 0.012, -0.009, 0.002][place] ?? 0) : 0);
    assert.match(verdict(noisy, { ...three, measures: {} })[1], /without a margin of "kind"/);
    const close2 = { ...three, measures: { kind: { metric: 'accuracy', margin: 0.007 } } };
    const delta = deltaOf(made(close2, noisy), 'wide');
    assert.equal(delta.verdict, 'undecided');
    // scipy: sd's 80 % limit 0.015245, effect 0.4592, 57 pairs for 80 % power at 0.05/4 (nct), of which 5 are there.
    assert.equal(delta.moreSeeds, 52);
    assert.equal(
      deltaOf(made({ ...three, measures: { kind: { metric: 'accuracy', margin: 0.02 } } }, noisy), 'wide').verdict,
      'equivalent',
    );
  });

  test('non-inferior where only the good side is open', () => {
    const up: Values = (arm, task, place) =>
      (tabled('single', task, place) as number) + (arm === 'wide' ? ([0.05, -0.008, 0.06, 0, 0.02][place] ?? 0) : 0);
    const margin = { ...three, measures: { kind: { metric: 'accuracy', margin: 0.02 } } };
    assert.equal(deltaOf(made(margin, up), 'wide').verdict, 'non-inferior');
  });
});

describe('looks that were declared', () => {
  const looking = { ...three, looks: [0.6, 1] };

  test('nothing before the first, the seeds up to it at the first, all at the end', () => {
    const early = deltaOf(
      made(looking, (arm, task, place) => (place < 2 ? tabled(arm, task, place) : 'missing')),
      'wide',
    );
    assert.deepEqual([early.verdict, early.n, early.adjustedP], ['undecided', 0, null]);
    assert.match(early.reason?.en ?? '', /first declared look/);
    const first = deltaOf(
      made(looking, (arm, task, place) => (place < 4 ? tabled(arm, task, place) : 'missing')),
      'wide',
    );
    assert.deepEqual([first.n, first.missing], [3, 0]);
    // Spending makes an early p much larger.
    assert.ok((first.adjustedP ?? 0) > 4 * (first.p ?? 1));
    const last = deltaOf(made(looking), 'wide');
    assert.equal(last.n, 5);
    assert.ok((last.adjustedP ?? 0) > 0.0005133285164202671 && (last.adjustedP ?? 1) < 0.01);
  });
});

describe('what was only explored', () => {
  const factors = [{ name: 'w', path: '/weights/kind', levels: [0.25, 0.5, 1] }];
  const explore = { factors, stages: [{ id: 'look', method: 'grid' }] };

  test('values of the validation split, and no verdict', () => {
    const comparison = made(explore, (_arm, task, place) => (task === 'kind' ? 0.9 : 1) + place / 100);
    assert.ok(comparison.arms.length > 1);
    for (const arm of comparison.arms) {
      assert.deepEqual([arm.confirmed, arm.split], [false, 'validation']);
      for (const { cells } of arm.measures) for (const { value } of cells) assert.ok((value ?? 0) > offset - 1);
    }
    const verdicts = comparison.arms.flatMap(({ measures }) => measures.flatMap(({ delta }) => delta?.verdict ?? []));
    assert.deepEqual([...new Set(verdicts)], ['not-confirmed']);
    assert.equal(comparison.tests, 0);
    assert.match(comparison.remarks[0]?.en ?? '', /baseline "joint" is not among the arms/);
  });
});
