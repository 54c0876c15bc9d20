// An experiment as a contest: what its arms cost, which seeds count, what is told of it, and all of that in both languages.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { toldText } from '../../../../src/common/told-error.ts';
import type { Outcome } from '../../../../src/experiment/contract.ts';
import type { Contest, ContestArm } from '../../../../src/experiment/comparison/contest.ts';
import { baselineOf, contestOf, type ExperimentEvidence } from '../../../../src/experiment/comparison/experiment.ts';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import { evidenceOf, tabled, three, type Values } from './evidence.ts';
import { but } from './readings.ts';

const said = (sentences: Contest['remarks']): string => sentences.map(({ en }) => en).join('\n');
const armOf = ({ arms }: Contest, id: string): ContestArm => {
  const arm = arms.find((one) => one.id === id);
  assert.ok(arm, id);
  return arm;
};
const whole = evidenceOf(three, tabled);

/** The outcomes with those of an arm changed; `place` counts its seeds. */
function changed(
  evidence: ExperimentEvidence,
  arm: string,
  change: (outcome: Outcome, place: number, task: string | null) => Partial<Outcome>,
): ExperimentEvidence {
  const outcomes = new Map(evidence.outcomes);
  for (const run of evidence.expansion.runs) {
    const outcome = outcomes.get(run.id);
    if (run.arm !== arm || outcome === undefined) continue;
    outcomes.set(run.id, { ...outcome, ...change(outcome, run.seed - 3, run.task) });
  }
  return { ...evidence, outcomes };
}

describe('what an arm costs', () => {
  test('means over its seeds, and over their epochs', () => {
    const given = changed(whole, 'joint', (_, place) => ({ seconds: 10 * (place + 1), epochs: place + 1 }));
    // (10 + … + 50)/5 and (10 + … + 50)/(1 + … + 5).
    assert.deepEqual(armOf(contestOf(given), 'joint').costs, { seconds: 30, secondsPerEpoch: 10 });
    const none = changed(whole, 'joint', () => ({ seconds: 4, epochs: 0 }));
    assert.deepEqual(armOf(contestOf(none), 'joint').costs, { seconds: 4, secondsPerEpoch: null });
  });

  test('of single-task runs only seeds whose runs have all ended well', () => {
    const given = changed(whole, 'single', (_, place, task) => ({
      ...(place === 0 && task === 'kind' ? { state: 'failed' as const } : {}),
      seconds: place === 0 ? 1000 : place,
    }));
    // Two runs of each of the seeds 1 to 4.
    assert.equal(armOf(contestOf(given), 'single').costs.seconds, (2 * (1 + 2 + 3 + 4)) / 4);
  });

  test('nothing where nothing has ended', () => {
    const values: Values = (arm, task, place) => (arm === 'wide' ? 'missing' : tabled(arm, task, place));
    const { costs, rows } = armOf(contestOf(evidenceOf(three, values)), 'wide');
    assert.deepEqual(costs, { seconds: null, secondsPerEpoch: null });
    assert.deepEqual(new Set([...rows.values()].flat().map(({ state }) => state)), new Set(['missing']));
  });

  test('parameters are those of the first seed that tells them all', () => {
    const runs = whole.expansion.runs.filter(({ arm }) => arm === 'single');
    const of = (known: (seed: number, task: string | null) => number | null): number | null => {
      const facts = new Map(runs.map(({ id, seed, task }) => [id, { parameters: known(seed, task) }]));
      return armOf(contestOf({ ...whole, facts }), 'single').parameters;
    };
    assert.equal(
      of((seed, task) => (seed === 3 && task === 'size' ? null : 10 * seed)),
      2 * 40,
    );
    assert.equal(
      of((_, task) => (task === 'size' ? null : 5)),
      null,
    );
    const { facts: _, ...without } = whole;
    assert.equal(armOf(contestOf(without), 'joint').parameters, null);
  });
});

describe('cells', () => {
  test('what is no finite number is undefined', () => {
    for (const value of [NaN, Infinity, null]) {
      const metrics = new Map([['kind', new Map([['accuracy', value]])]]); // prettier-ignore
      const given = changed(whole, 'joint', (_, place) => (place === 1 ? { test: metrics } : {}));
      const rows = armOf(contestOf(given), 'joint').rows;
      assert.deepEqual(rows.get('kind')?.[1], { state: 'undefined', value: null });
      assert.deepEqual(rows.get('size')?.[1], { state: 'undefined', value: null }, 'it is not there at all');
      assert.deepEqual(rows.get('kind')?.[0], { state: 'value', value: 0.91 });
    }
  });

  test('seeds pair by themselves; the split of each is the one that its replicate sets', () => {
    const held = armOf(contestOf(whole), 'joint');
    assert.deepEqual([held.seeds, held.pairKeys], [[3, 4, 5, 6, 7], ['3', '4', '5', '6', '7']]); // prettier-ignore
    assert.deepEqual(held.splits, ['given', 'given', 'given', 'given', 'given']);
    const varied = contestOf(evidenceOf({ ...three, replicates: 3 }, tabled));
    for (const arm of varied.arms) assert.deepEqual(arm.splits, ['3', '4', '5']);
    assert.deepEqual([varied.provenance.varies, varied.provenance.held], [['split', 'init', 'order', 'dropout'], []]); // prettier-ignore
  });

  test('one spec is the arm’s own; single-task runs have several', () => {
    const contest = contestOf(whole);
    assert.deepEqual(contest.arms.map(({ spec }) => spec === null), [false, true, false]); // prettier-ignore
    assert.deepEqual(contest.arms.map(({ singleTask }) => singleTask), [false, true, false]); // prettier-ignore
    assert.deepEqual(contest.arms[1]?.runs.map(({ seed, task }) => [seed, task]).slice(0, 2), [[3, 'kind'], [3, 'size']]); // prettier-ignore
  });
});

describe('failures', () => {
  const exclude = { ...three, failures: { nan: 'exclude' } };

  test('are told run by run, with what made them', () => {
    const reason = text('hopeless', '无望');
    const cut = changed(whole, 'joint', (_, place) => (place === 2 ? { state: 'pruned' as const, reason } : {}));
    const crashed = changed(cut, 'wide', (_, place) =>
      place === 4 ? { state: 'failed' as const, failure: null, reason: null } : {},
    );
    assert.deepEqual(contestOf(crashed).failures, [
      { arm: 'joint', seed: 5, task: null, failure: 'pruned', reason },
      { arm: 'wide', seed: 7, task: null, failure: 'crash', reason: null },
    ]);
    const nan = contestOf(evidenceOf(three, but({ 'single/size/0': 'failed' }))).failures;
    assert.deepEqual(nan.map(({ arm, seed, task, failure }) => [arm, seed, task, failure]), [['single', 3, 'size', 'nan']]); // prettier-ignore
  });

  test('are left out where only NaN made them and the design says so; else they are the worst, and that is said', () => {
    const of = (experiment: unknown, fate: 'failed' | 'crash') => contestOf(evidenceOf(experiment, but({ 'wide//1': fate }))); // prettier-ignore
    assert.deepEqual([of(three, 'failed').failed, said(of(three, 'failed').remarks)], ['worst', '']);
    assert.deepEqual([of(exclude, 'failed').failed, said(of(exclude, 'failed').remarks)], ['exclude', '']);
    const both = of(exclude, 'crash');
    assert.equal(both.failed, 'worst');
    assert.match(said(both.remarks), /^Not only NaN made runs fail/);
    const pruned = changed(evidenceOf(exclude, tabled), 'wide', () => ({ state: 'pruned' }));
    assert.equal(contestOf(pruned).failed, 'exclude', 'what was cut has not failed');
  });
});

describe('the baseline', () => {
  const arms = [{ id: 'a' }, { id: 'b' }];
  test('is the one that is asked for, or declared, or else the first, and that is said', () => {
    assert.deepEqual(baselineOf({ baseline: 'a' }, arms, 'b'), { baseline: 'b', remarks: [] });
    assert.deepEqual(baselineOf({ baseline: 'b' }, arms, undefined), { baseline: 'b', remarks: [] });
    assert.deepEqual(baselineOf({ baseline: '' }, arms, undefined), {
      baseline: 'a',
      remarks: [text('No baseline is declared: it is the first arm, "a".', '未声明基线：取第一个实验组“a”。')],
    });
    assert.deepEqual(baselineOf({ baseline: 'c' }, arms, undefined), {
      baseline: 'a',
      remarks: [
        text('The baseline "c" is not among the arms here: it is the first one, "a".', '基线“c”不在这些实验组中：取第一个，“a”。'),
      ],
    }); // prettier-ignore
    assert.throws(
      () => baselineOf({ baseline: 'a' }, arms, 'c'),
      (error: Error) =>
        error.message === 'There is no arm "c" to be the baseline. Arms: a, b.' &&
        toldText(error)?.zh === '没有可作为基线的实验组“c”。现有实验组：a、b。',
    );
  });

  test('asked for as it was planned it is no deviation', () => {
    const told = (wishes: object) => said(contestOf(whole, wishes).deviations);
    assert.equal(told({}), '');
    assert.equal(told({ baseline: 'single', level: 0.95 }), '');
    assert.equal(told({ baseline: 'wide' }), 'The baseline is "wide", planned was "single".');
    assert.equal(told({ level: 0.9, baseline: 'joint' }), 'The level is 0.9, planned was 0.95.\nThe baseline is "joint", planned was "single".'); // prettier-ignore
    const deviations = [text('Told before.', '先前所述。')];
    assert.equal(said(contestOf({ ...whole, deviations }, { level: 0.9 }).deviations), 'Told before.\nThe level is 0.9, planned was 0.95.'); // prettier-ignore
    const none = { ...whole, design: { ...whole.design, baseline: '' } };
    assert.equal(said(contestOf(none, { baseline: 'wide' }).deviations), '');
  });
});

describe('stages', () => {
  const stages = [
    { id: 'look', method: 'grid' },
    { id: 'confirm', take: { from: 'look', max: 2 }, replicates: 2 },
  ];
  const staged = {
    factors: [{ name: 'w', path: '/weights/kind', levels: [0.25, 1, 2] }],
    arms: [{ id: 'joint' }],
    stages,
  };

  test('runs that are not known yet are told and count as arms; the stage before is named', () => {
    const early = contestOf(evidenceOf(staged, () => 'missing'));
    assert.deepEqual(early.arms.map(({ id }) => id), ['joint']); // prettier-ignore
    // Two settings with two seeds each.
    assert.equal(early.laterArms, 2);
    assert.equal(said(early.remarks).match(/Up to 2 runs are not known yet/g)?.length, 2);
    const late = contestOf(evidenceOf(staged, (_, task, place) => place + (task === 'kind' ? 0 : 1)));
    assert.equal(late.laterArms, 0);
    assert.doesNotMatch(said(late.remarks), /not known yet/);
    assert.equal(late.arms.length, 3);
  });

  test('without any arm it says why', () => {
    const nothing = (pending: ExperimentEvidence['expansion']['pending']) =>
      contestOf({ ...whole, expansion: { runs: [], pending, compared: [], remarks: [] } });
    assert.throws(() => nothing([{ stage: 'confirm', arm: null, runs: 2 }]), /^ComparisonError: No arm is known yet/);
    assert.throws(() => nothing([]), /The experiment has no arm to compare\./);
  });

  test('arms of another stage are not shown, and it is named once', () => {
    const [first, ...rest] = whole.expansion.compared;
    assert.ok(first);
    const stage = 'before';
    const compared = [{ ...first, id: 'x', stage }, { ...first, id: 'y', stage }, first, ...rest]; // prettier-ignore
    const contest = contestOf({ ...whole, expansion: { ...whole.expansion, compared } });
    assert.deepEqual(contest.arms.map(({ id }) => id), ['joint', 'single', 'wide']); // prettier-ignore
    assert.equal(said(contest.remarks), 'The stage "before" is not part of this comparison.');
  });
});

test('what is not told is empty, and names come from the evidence or the spec', () => {
  const { name: _name, surroundings: _around, versions: _versions, ...bare } = whole;
  const { provenance, name } = contestOf(bare);
  assert.deepEqual([name, provenance.engines, provenance.files, provenance.versions], ['', [], [], []]);
  assert.equal(provenance.plan, whole.design.analysisHash);
  const named = { ...bare, design: { ...bare.design, spec: { ...bare.design.spec, name: 'spelled' } } };
  assert.deepEqual([contestOf(named).name, contestOf({ ...named, name: 'given' }).name], ['spelled', 'given']);
  const { question: _question, ...unasked } = three;
  assert.deepEqual([contestOf(whole).question, contestOf(evidenceOf(unasked, tabled)).question], ['Does sharing help?', null]); // prettier-ignore
});

/** Everything in both languages that lies anywhere in a value. */
function texts(value: unknown): readonly { readonly en: unknown; readonly zh: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'en' in value ? [{ en: value.en, zh: 'zh' in value ? value.zh : undefined }] : [];
  const parts = value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>).values()] : Object.values(value);
  return [...own, ...parts.flatMap(texts)];
}

test('every sentence is there in English and in Chinese', () => {
  const unlike: Values = (arm, task, place) => (arm === 'wide' && place === 0 ? null : tabled(arm, task, place));
  const few = { ...three, replicates: { n: 2, hold: 'split' }, measures: {}, hypotheses: three.hypotheses.slice(0, 1) };
  const contests = [
    contestOf(whole, { level: 0.9, baseline: 'joint' }),
    contestOf(evidenceOf(three, but({ 'wide//1': 'failed', 'joint//2': 'missing' }))),
    contestOf(evidenceOf({ ...three, failures: { nan: 'exclude' } }, but({ 'wide//1': 'crash' }))),
    contestOf(evidenceOf({ ...three, analysis: { family: 'all' }, looks: 2 }, unlike)),
    contestOf(evidenceOf({ ...three, replicates: { n: 5, paired: false } }, but({ 'wide//1': 'failed' }))),
    contestOf(evidenceOf(few, tabled)),
  ];
  const found = contests.flatMap((contest) => texts(compare(contest)));
  assert.ok(found.length > 50);
  for (const { en, zh } of found) {
    assert.ok(typeof en === 'string' && typeof zh === 'string', `${String(en)} ${String(zh)}`);
    assert.doesNotMatch(en, /\p{Script=Han}/u);
    assert.match(zh, /\p{Script=Han}/u);
  }
});
