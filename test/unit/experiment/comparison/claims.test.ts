// Claims against a margin whatever the direction of the metric, Δm of arms that cannot have one, and factors beyond what is shown.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { Contest, ContestArm } from '../../../../src/experiment/comparison/contest.ts';
import { contestOf } from '../../../../src/experiment/comparison/experiment.ts';
import { evidenceOf, tabled, three, type Values } from './evidence.ts';
import { armOf, but, close, deltaOf, made } from './readings.ts';

/** Beside `single`, `wide` is higher by this, give or take a little. */
const shifted =
  (by: number): Values =>
  (arm, task, place) =>
    (tabled('single', task, place) as number) +
    (arm === 'wide' ? by + (place - 2) / 1000 : arm === 'joint' ? place : 0);

describe('a claim against the margin', () => {
  const measures = { kind: { metric: 'accuracy', margin: 0.02 }, size: { metric: 'mae', margin: 0.02 } };
  const result = (claim: string, measure: string, by: number): string | undefined =>
    made({ ...three, measures, hypotheses: [{ id: 'H', claim, measure, arms: ['wide', 'single'] }] }, shifted(by))
      .hypotheses[0]?.result;

  test('"equivalent" is refuted beyond it on either side, whatever is better', () => {
    for (const measure of ['kind', 'size']) {
      const results = [-0.1, -0.021, 0, 0.021, 0.1].map((by) => result('equivalent', measure, by));
      assert.deepEqual(results, ['refuted', 'undecided', 'supported', 'undecided', 'refuted'], measure);
    }
  });

  test('"non-inferior" is refuted beyond it on the worse side alone', () => {
    const results = (measure: string) => [-0.1, -0.021, 0, 0.1].map((by) => result('non-inferior', measure, by));
    assert.deepEqual(results('kind'), ['refuted', 'undecided', 'supported', 'supported']);
    assert.deepEqual([-0.1, 0, 0.021, 0.1].map((by) => result('non-inferior', 'size', by)), ['supported', 'supported', 'undecided', 'refuted']); // prettier-ignore
  });

  test('without any difference it says that none could be shown', () => {
    const hypotheses = [{ id: 'H', claim: 'superior', measure: 'kind', arms: ['wide', 'single'] }];
    const open = made({ ...three, measures: {}, hypotheses }, shifted(0)).hypotheses[0];
    assert.equal(open?.reason.en, 'No difference could be shown: mean difference 0, adjusted p 1.');
  });

  test('a failed run has no size that a margin could be held against', () => {
    const [, second] = made(three, but({ 'wide//2': 'failed' })).hypotheses;
    assert.deepEqual([second?.result, second?.reason.en], ['undecided', 'A run failed in 1 of 5 pairs.']);
  });
});

describe('Δm', () => {
  const contest = contestOf(evidenceOf(three, tabled));
  const deltaMOf = (change: (arm: ContestArm) => Partial<ContestArm>, rest: Partial<Contest> = {}) =>
    armOf(compare({ ...contest, ...rest, arms: contest.arms.map((arm) => ({ ...arm, ...change(arm) })) }), 'wide').deltaM; // prettier-ignore

  test('is from single-task runs of the same split', () => {
    const other = deltaMOf(({ id }) => (id === 'single' ? { split: 'validation' } : {}));
    assert.equal(other?.reason?.en, 'The single-task runs were judged on another split.');
    assert.deepEqual([other.mean, other.interval, other.values], [null, null, [null, null, null, null, null]]);
  });

  test('is null where there are none', () => {
    assert.equal(deltaMOf(() => ({ singleTask: false })), null); // prettier-ignore
  });

  test('of two single-task arms the baseline counts, and else the first', () => {
    const both = (baseline: string) =>
      deltaMOf(({ id }) => ({ singleTask: id !== 'wide' }), { baseline })?.values[0] ?? NaN;
    // Means: joint 0.92 and 1.21, single 0.9118 and 1.13; wide's first seed 0.935 and 1.12.
    const joint = ((0.935 - 0.92) / 0.92 + (1.21 - 1.12) / 1.21) / 2;
    const single = ((0.935 - 0.9118) / 0.9118 + (1.13 - 1.12) / 1.13) / 2;
    close([both('joint'), both('single'), both('wide')], [joint, single, joint]);
  });

  test('has no interval where a failed run is the worst there is, of the arm or of the single-task runs', () => {
    for (const failing of ['wide//2', 'single/kind/2']) {
      const interval = (failures: object) =>
        armOf(made({ ...three, failures }, but({ [failing]: 'failed' })), 'wide').deltaM?.interval;
      assert.equal(interval({}), null, failing);
    }
    const left = armOf(made({ ...three, failures: { nan: 'exclude' } }, but({ 'wide//2': 'failed' })), 'wide').deltaM;
    assert.notEqual(left?.interval, null);
    assert.equal(left?.reason?.en, '1 of 5 seeds and 0 single-task runs (0 failed) have no value.');
  });

  test('one seed has a mean and no interval, and says so', () => {
    const comparison = made({ ...three, replicates: { n: 1, hold: 'split' } }, tabled);
    const { deltaM } = armOf(comparison, 'wide');
    assert.deepEqual([deltaM?.interval, deltaM?.reason === null], [null, false]);
  });
});

describe('factors', () => {
  const base = contestOf(evidenceOf(three, (arm, task, place) => tabled(arm, task, place)));
  const [first] = base.arms;
  /** Arms at these levels; none for a factor that does not apply. */
  const at = (points: readonly Readonly<Record<string, number | null>>[]): Contest => ({
    ...base,
    hypotheses: [],
    arms: points.map((point, index) => {
      assert.ok(first);
      const entries = Object.entries(point).flatMap(([name, level]) => (level === null ? [] : [[name, level] as const]));
      return { ...first, id: `arm ${index}`, point: new Map(entries) };
    }),
  }); // prettier-ignore
  const view = (points: Parameters<typeof at>[0]) => compare(at(points)).factors[0];
  const walked = (count: number) => Array.from({ length: count }, (_, index) => ({ a: index, b: index % 2 }));

  test('twelve levels are shown; thirteen are a range that was walked', () => {
    assert.equal(view(walked(12))?.remark, null);
    assert.deepEqual([...new Set(view(walked(12))?.levels.map(({ factor }) => factor))], ['a', 'b']);
    const beyond = view(walked(13));
    assert.deepEqual([...new Set(beyond?.levels.map(({ factor }) => factor))], ['b']);
    assert.equal(beyond?.remark?.en, 'Not shown are factors of more than 12 levels: a.');
    assert.equal(view(Array.from({ length: 13 }, (_, a) => ({ a }))), undefined, 'nothing is left to show');
  });

  test('six factors have interactions, seven do not, and that is said', () => {
    const points = (count: number) =>
      Array.from({ length: 8 }, (_, run) => Object.fromEntries(Array.from({ length: count }, (_item, k) => [`f${k}`, (run >> (k % 3)) & 1]))); // prettier-ignore
    assert.equal(view(points(6))?.interactions.length, 15);
    assert.equal(view(points(6))?.remark, null);
    assert.equal(view(points(7))?.interactions.length, 0);
    assert.equal(view(points(7))?.remark?.en, 'With 7 factors no interactions are shown.');
    assert.equal(view(points(7))?.effects.length, 7);
  });

  test('a factor with one level is none; one that does not apply has a level of its own', () => {
    const [one] = [view([{ a: 1, b: 1 }, { a: 1, b: 2 }])]; // prettier-ignore
    assert.deepEqual([...new Set(one?.levels.map(({ factor }) => factor))], ['b']);
    const absent = view([{ a: 1, b: null }, { a: 2, b: 5 }]); // prettier-ignore
    assert.deepEqual(
      absent?.levels.flatMap(({ factor, level }) => (factor === 'b' ? [level] : [])),
      ['–', '5'],
    );
    assert.equal(view([{ a: 1 }]), undefined, 'a single arm');
    assert.equal(view([{}, { a: 1 }, { a: 2 }])?.runs, 10, 'an arm that no factor made has no part in it');
  });

  test('runs without a value are left out and counted', () => {
    const contest = at([{ a: 1 }, { a: 2 }]);
    const arms = contest.arms.map((arm, index) => {
      const rows = [...arm.rows].map(([task, cells]) => [task, cells.map((cell, seed) => (index === 0 && seed < 2 ? { state: 'failed' as const, value: null } : cell))] as const); // prettier-ignore
      return { ...arm, rows: new Map(rows) };
    });
    const [kind] = compare({ ...contest, arms }).factors;
    assert.deepEqual([kind?.runs, kind?.remark?.en], [8, '2 runs without a value are left out.']);
    assert.deepEqual(
      kind?.levels.map(({ level, runs }) => [level, runs]),
      [['1', 3], ['2', 5]], // prettier-ignore
    );
  });
});

describe('tasks together', () => {
  test('three seeds can go together, two cannot; of the pooled ones each arm gives those that have every task', () => {
    const r = (n: number) => made({ ...three, replicates: { n, hold: 'split' } }).correlation;
    assert.deepEqual([r(2)?.arms[0]?.r[0], r(2)?.pooled.n], [[null, null], 6]);
    assert.notEqual(r(3)?.arms[0]?.r[0]?.[1], null);
    const holed = made(three, (arm, task, place) =>
      arm === 'joint' && task === 'size' && place === 0 ? null : but({ 'wide//1': 'failed' })(arm, task, place),
    ).correlation;
    assert.deepEqual(holed?.arms.map(({ id, n }) => [id, n]), [['joint', 4], ['single', 5], ['wide', 4]]); // prettier-ignore
    const one = made({ ...three, replicates: { n: 1, hold: 'split' } }).correlation;
    assert.equal(one?.pooled.n, 0, 'of one seed nothing is left beside its own mean');
  });

  test('one that rises where another one falls has r = −1, turned so that higher is better', () => {
    const values: Values = (_, task, place) => (task === 'kind' ? place : 2 * place);
    // MAE: lower is better.
    close(made(three, values).correlation?.pooled.r[0]?.[1], -1);
    close(deltaOf(made(three, values), 'wide').mean, 0);
  });
});
