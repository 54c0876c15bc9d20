// Runs that were made by hand, as arms: their values, costs and names, and what of them is no evidence.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import type { Contest, ContestArm } from '../../../../src/experiment/comparison/contest.ts';
import { contestOfRuns } from '../../../../src/experiment/comparison/runs.ts';
import { readPlainRun, type PlainRun } from '../../../../src/experiment/comparison/plain-run.ts';
import { makeRun } from '../../../../src/experiment/driver/make-run.ts';
import { Forms } from '../../../../src/experiment/driver/forms.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { isOrderedMap, parseOrdered } from '../../../../src/runs/json.ts';
import { applySettings, readSpec, type Setting } from '../../../../src/spec/index.ts';
import { spec as specText } from '../specs.ts';
import { live, makePlace, quickFolder, specText as tableSpec } from '../workplace.ts';
import { close } from './readings.ts';

/** `result.json` as it is read. */
function fields(result: object): NonNullable<PlainRun['result']> {
  const read = parseOrdered(JSON.stringify(result));
  assert.ok(isOrderedMap(read));
  return read;
}
const values = (accuracy: unknown, mae: unknown, loss = 9) => ({
  metrics: { kind: { macroF1: 0.5, accuracy }, size: { r2: 0.25, mae } },
  losses: { kind: loss },
});
const whole = (accuracy: unknown, mae: unknown = 2, changes: object = {}) =>
  fields({
    ...{ epochs: 10, seconds: 20, parameters: { total: 77, shared: 70 } },
    samples: { train: 70, validation: 15, test: 15 },
    splits: { test: values(accuracy, mae), validation: values(0.125, 0.375) },
    ...changes,
  });
const withoutTest = { splits: { validation: values(0.125, 0.375) } };

interface Part extends Partial<PlainRun> {
  readonly seed?: number;
  readonly settings?: readonly Setting[];
}
const variable = { data: { source: 'a.csv', inputs: { x: { type: 'number', from: ['p', 'q'] } } } };

function run({ seed = 1, settings = [], ...rest }: Part = {}, data: object = variable): PlainRun {
  const all = [{ pointer: '/training/seed', value: seed }, ...settings];
  const { spec } = applySettings(readSpec(specText({ replicates: 2 }, { ...data })), all);
  assert.ok(spec);
  return {
    ...{ id: `run-${seed}`, name: 'plain', spec, files: [], engine: 'wasm 1', state: 'completed', problem: null },
    ...{ result: whole(0.5), created: 0, pinned: false, fork: null, epochs: [] },
    ...rest,
  };
}
const wide: readonly Setting[] = [{ pointer: '/network/trunk/layers/0/units', value: 16 }];
const wider: readonly Setting[] = [{ pointer: '/network/trunk/layers/0/units', value: 32 }];
const split = (seed: number): Setting => ({ pointer: '/data/split/seed', value: seed });
const said = ({ remarks }: Contest): string => remarks.map(({ en }) => en).join('\n');
const only = (...runs: readonly PlainRun[]): ContestArm => {
  const [arm, ...others] = contestOfRuns(runs).arms;
  assert.ok(arm !== undefined && others.length === 0);
  return arm;
};

describe('arms', () => {
  test('are what is trained, called after their first run, with a number where the name is taken', () => {
    const contest = contestOfRuns([
      run({ seed: 1 }),
      run({ seed: 1, settings: wide, id: 'w1' }),
      run({ seed: 2, name: 'renamed' }),
      run({ seed: 2, settings: wide, id: 'w2' }),
      run({ seed: 1, settings: wider, id: 'x' }),
    ]);
    assert.deepEqual(
      contest.arms.map(({ id, of, seeds, runs }) => [id, of, seeds, runs.map((one) => one.id)]),
      [
        ['plain', 'plain', [1, 2], ['run-1', 'run-2']],
        ['plain 2', 'plain 2', [1, 2], ['w1', 'w2']],
        ['plain 3', 'plain 3', [1], ['x']],
      ],
    );
    assert.deepEqual(contest.arms[1]?.runs[1], { id: 'w2', seed: 2, task: null });
    const [first] = contest.arms;
    assert.deepEqual([first?.stage, first?.tuned, first?.singleTask, first?.point.size], [null, false, false, 0]);
    assert.deepEqual([contest.baseline, contest.kind, contest.name, contest.question], ['plain', 'runs', '', null]);
    const { paired, failed, looks, hypotheses, laterArms, deviations, analysis } = contest;
    assert.deepEqual([paired, failed, looks, hypotheses, laterArms, deviations], [true, 'worst', null, [], 0, []]);
    assert.deepEqual(analysis, { level: 0.95, family: 'any' });
    assert.equal(said(contest), '');
  });

  test('another baseline and level where they are asked for', () => {
    const runs = [run(), run({ settings: wide })];
    const contest = contestOfRuns(runs, { baseline: 'plain 2', level: 0.9 });
    assert.deepEqual([contest.baseline, contest.analysis.level], ['plain 2', 0.9]);
    assert.throws(() => contestOfRuns(runs, { baseline: 'nobody' }), /no arm "nobody".*plain, plain 2/);
    assert.throws(() => contestOfRuns([]), /There is no run to compare/);
  });

  test('a run with the spec and seeds of another is left out and named', () => {
    const contest = contestOfRuns([run(), run({ id: 'again', result: whole(0.9) }), run({ seed: 2 })]);
    assert.equal(said(contest), '"again" has the spec and the seeds of "run-1" and is left out.');
    assert.deepEqual(contest.arms[0]?.seeds, [1, 2]);
    assert.match(contest.remarks[0]?.zh ?? '', /“again”与“run-1”/);
    // Another split with the same seed of training is another run.
    assert.equal(said(contestOfRuns([run({ settings: [split(5)] }), run({ settings: [split(6)] })])), '');
  });

  test('pair by all of their seeds', () => {
    const [a, b, c] = [run(), run({ settings: wide }), run({ settings: [...wider, split(9)] })];
    const [one, two, three] = contestOfRuns([a, b, c]).arms.map(({ pairKeys }) => pairKeys[0]);
    assert.equal(one, two);
    assert.notEqual(one, three);
  });
});

describe('values', () => {
  test('of the test split, by the first metric of each task, in the order of the tasks', () => {
    const contest = contestOfRuns([run({ result: whole(0.75, 3) }), run({ seed: 2, result: whole(0.5, 4) })]);
    assert.deepEqual(contest.measures, [
      { task: 'kind', type: 'classification', metric: 'accuracy', higherIsBetter: true, margin: null },
      { task: 'size', type: 'regression', metric: 'mae', higherIsBetter: false, margin: null },
    ]);
    const [arm] = contest.arms;
    assert.deepEqual(
      [...(arm?.rows ?? [])],
      [
        ['kind', [{ state: 'value', value: 0.75 }, { state: 'value', value: 0.5 }]], // prettier-ignore
        ['size', [{ state: 'value', value: 3 }, { state: 'value', value: 4 }]], // prettier-ignore
      ],
    );
    assert.deepEqual([arm?.split, arm?.confirmed], ['test', true]);
  });

  test('of the validation split where one run has no test split: nothing is confirmed by them', () => {
    const contest = contestOfRuns([run(), run({ seed: 2, result: whole(0.5, 2, withoutTest) })]);
    const [arm] = contest.arms;
    assert.deepEqual(
      arm?.rows.get('kind')?.map(({ value }) => value),
      [0.125, 0.125],
    );
    assert.deepEqual([arm.split, arm.confirmed], ['validation', false]);
    assert.match(said(contest), /Not every run has a test split/);
    // One that has no result yet says nothing about its splits.
    const early = contestOfRuns([run(), run({ seed: 2, state: 'running', result: null })]);
    assert.deepEqual([early.arms[0]?.split, early.arms[0]?.confirmed], ['test', true]);
  });

  test('failed, not there yet, or no number', () => {
    const states = [
      run({ seed: 1, state: 'failed' }),
      run({ seed: 2, state: 'crashed', result: null }),
      run({ seed: 3, state: 'running', result: null }),
      run({ seed: 4, result: whole('NaN') }),
      run({ seed: 5, result: whole(null) }),
      run({ seed: 6, result: whole(0.5, 2, { splits: { test: { metrics: {} } } }) }),
    ];
    assert.deepEqual(
      only(...states)
        .rows.get('kind')
        ?.map(({ state, value }) => [state, value]),
      ['failed', 'failed', 'missing', 'undefined', 'undefined', 'undefined'].map((state) => [state, null]),
    );
  });

  test('a task that only another arm has is in no row of this one', () => {
    const alone = {
      tasks: { size: { type: 'regression', target: 'size', input: 'trunk' } },
      weights: {},
      network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 8 }] } },
    };
    const contest = contestOfRuns([run(), run({ name: 'alone' }, { ...variable, ...alone })]);
    assert.deepEqual(
      contest.arms.map(({ rows }) => [...rows.keys()]),
      [['kind', 'size'], ['size']],
    );
  });
});

describe('costs', () => {
  test('seconds of a run and of an epoch, means over those that have ended; parameters', () => {
    const long = whole(0.5, 2, { epochs: 5, seconds: 40 });
    const arm = only(run(), run({ seed: 2, result: long }), run({ seed: 3, state: 'running', result: null }));
    assert.deepEqual(arm.costs, { seconds: 30, secondsPerEpoch: 4 });
    assert.equal(arm.parameters, 77);
  });

  test('none where nothing has ended, none of an epoch where there was none', () => {
    const none = only(run({ state: 'running', result: null }));
    assert.deepEqual([none.costs, none.parameters], [{ seconds: null, secondsPerEpoch: null }, null]);
    const short = only(run({ result: whole(0.5, 2, { epochs: 0, seconds: 3, parameters: {} }) }));
    assert.deepEqual([short.costs, short.parameters], [{ seconds: 3, secondsPerEpoch: null }, null]);
  });
});

describe('overlap of training sets', () => {
  const samples = (train: unknown, tested: unknown) =>
    whole(0.5, 2, { samples: { train, validation: 1, test: tested } });
  const overlap = (...results: readonly (PlainRun['result'] | undefined)[]): number =>
    contestOfRuns(results.map((result, i) => run({ seed: i, settings: [split(i)], result: result ?? null }))).overlap;

  test('test over train, the largest of the runs that tell, where splits differ', () => {
    close(overlap(whole(0.5), whole(0.5)), 15 / 70);
    close(overlap(samples(80, 20), samples(50, 50)), 1);
    close(overlap(samples(80, 20), samples(0, 50), samples(null, 9), samples(9, null), undefined), 0.25);
    assert.equal(overlap(undefined, undefined), 0);
  });

  test('none where all have one split, or where another seed would give no other', () => {
    assert.equal(contestOfRuns([run({ seed: 1 }), run({ seed: 2 })]).overlap, 0);
    assert.deepEqual(only(run({ settings: [split(8)] })).splits, ['8']);
    const fixed = { data: { ...variable.data, split: { column: 'part' } } };
    assert.deepEqual(only(run({}, fixed)).splits, ['given']);
    assert.equal(contestOfRuns([run({ settings: [split(4)] }), run({ seed: 2 }, fixed)]).overlap, 0);
  });
});

describe('what is told beside', () => {
  test('failures with their reason; what was stopped or goes on', () => {
    const problem = text('No rows.', '没有行。');
    const contest = contestOfRuns([
      run({ seed: 1, state: 'failed', problem }),
      run({ seed: 2, state: 'crashed', result: null }),
      run({ seed: 3, state: 'stopped' }),
      run({ seed: 4, state: 'running', result: null }),
      run({ seed: 5 }),
    ]);
    assert.deepEqual(contest.failures, [
      { arm: 'plain', seed: 1, task: null, failure: 'crash', reason: problem },
      { arm: 'plain', seed: 2, task: null, failure: 'crash', reason: null },
    ]);
    assert.equal(said(contest), '"run-3" was stopped before its end.\n"run-4" has not ended.');
    assert.deepEqual(
      contest.remarks.map(({ zh }) => zh),
      ['“run-3”在结束前被停止。', '“run-4”尚未结束。'],
    );
  });

  test('engines and files once each, and of each content of a file', () => {
    const file = (path: string, sha256: string) => ({ path, sha256 });
    const { provenance } = contestOfRuns([
      run({ seed: 1, files: [file('a', '1'), file('b', '2')] }),
      run({ seed: 2, files: [file('a', '1'), file('b', '3')], engine: 'native 2' }),
      run({ seed: 3, engine: null }),
    ]);
    assert.deepEqual(provenance, {
      engines: ['wasm 1', 'native 2'],
      files: [file('a', '1'), file('b', '2'), file('b', '3')],
      ...{ plan: null, versions: [], varies: [], held: [] },
    });
  });
});

test('a run is read from its directory: spec, state, result, engine and files', async (context) => {
  const here = makePlace(quickFolder(context), tableSpec({ replicates: 1, arms: [{ id: 'joint' }] }));
  const [planned] = planningOf(here.plan).expand(new Map()).runs;
  assert.ok(planned);
  const directory = `${here.directory}/runs/${planned.id}`;
  const place = { plan: here.plan, root: here.folder, specFile: here.specFile };
  makeRun(place, planned, directory, new Forms().of(planned));
  const before = readPlainRun(directory);
  assert.deepEqual([before.id, before.state, before.result, before.engine], [planned.id, before.state, null, null]);
  assert.deepEqual(before.files, []);
  await live(directory, 'done', { value: 0.25, files: new Map([['table.csv', 'f00d']]) });
  const after = readPlainRun(directory);
  assert.deepEqual([after.state, after.problem, after.engine], ['completed', null, 'wasm']);
  assert.deepEqual(after.files, [{ path: 'table.csv', sha256: 'f00d' }]);
  assert.deepEqual([...after.spec.tasks.keys()], ['kind', 'y']);
  // The test split's values are a hundred times the run's number.
  assert.deepEqual(only(after).rows.get('kind'), [{ state: 'value', value: 25 }]);
});
