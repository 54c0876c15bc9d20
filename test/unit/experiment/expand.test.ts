// From a design to its runs: which there are, in which order, with which seeds, and what waits for results.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Design, Expansion, Outcome, PlannedRun } from '../../../src/experiment/contract.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { expand } from '../../../src/experiment/expand.ts';
import { done, failed } from './outcomes.ts';
import { spec, surroundings } from './specs.ts';

const designOf = (experiment: unknown, rest: Readonly<Record<string, unknown>> = {}): Design => {
  const { design, refusals } = readDesign(spec(experiment, rest));
  assert.deepEqual(refusals, []);
  assert.ok(design);
  return design;
};
const none = new Map<string, Outcome>();
const plan = (experiment: unknown, outcomes: ReadonlyMap<string, Outcome> = none): Expansion =>
  expand(designOf(experiment), surroundings, outcomes);
const shown = ({ runs }: Pick<Expansion, 'runs'>): readonly string[] =>
  runs.map(({ stage, arm, task, seed }) => `${stage} ${arm}${task === null ? '' : `:${task}`} ${String(seed)}`);
const pointers = (run: PlannedRun | undefined): readonly string[] =>
  [...(run?.variant.settings ?? []), ...(run?.replicate.settings ?? [])].map(
    ({ pointer, value }) => `${pointer}=${JSON.stringify(value)}`,
  );

describe('short forms', () => {
  test('replicates alone: the spec and its single-task baselines, paired, seed by seed', () => {
    const expansion = plan({ replicates: 2 });
    assert.deepEqual(shown(expansion), [
      'main joint 3',
      'main single:kind 3',
      'main single:size 3',
      'main joint 4',
      'main single:kind 4',
      'main single:size 4',
    ]);
    assert.deepEqual(pointers(expansion.runs[3]), ['/training/seed=4', '/data/split/seed=4']);
    assert.deepEqual(expansion.pending, []);
    assert.deepEqual(expansion.remarks, []);
    const [joint, single] = expansion.compared;
    assert.deepEqual(
      [joint?.id, joint?.of, joint?.stage, joint?.tuned, joint?.confirmed, joint?.seeds],
      ['joint', 'joint', 'main', false, true, [3, 4]],
    );
    assert.equal(single?.runs.length, 4);
    assert.equal(designOf({ replicates: 2 }).baseline, 'single');
  });

  test('an empty section: five replicates', () => {
    assert.equal(plan({}).runs.length, 15);
  });

  test('factors alone: every combination is an arm, the first is the baseline', () => {
    const experiment = {
      replicates: 2,
      factors: [
        { name: 'w', path: '/weights/kind', levels: [0.25, 1] },
        { name: 's', path: '/strategy/name', levels: ['static', 'uncertainty'] },
      ],
    };
    const expansion = plan(experiment);
    assert.equal(expansion.runs.length, 8);
    assert.deepEqual(
      expansion.compared.map(({ id, confirmed }) => `${id} ${String(confirmed)}`),
      ['w=0.25, s=static true', 'w=0.25, s=uncertainty true', 'w=1, s=static true', 'w=1, s=uncertainty true'],
    );
    // The strategy first: naming one resets its parameters.
    assert.deepEqual(pointers(expansion.runs[0]).slice(0, 2), ['/strategy/name="static"', '/weights/kind=0.25']);
    assert.deepEqual([...new Set(expansion.runs.map(({ role }) => role))], ['compare']);
  });
});

describe('identity', () => {
  test('the same text, data and engine give the same ids, anything else others', () => {
    const ids = (expansion: Expansion): string => expansion.runs.map(({ id }) => id).join();
    const design = designOf({ replicates: 1 });
    const first = ids(expand(design, surroundings, none));
    assert.equal(ids(expand(designOf({ replicates: 1 }), surroundings, none)), first);
    for (const changed of [
      { ...surroundings, engine: { name: 'native', version: '4.22.0' } },
      { ...surroundings, engine: { name: 'wasm', version: '4.23.0' } },
      { ...surroundings, files: new Map([['a.csv', 'beef']]) },
      { ...surroundings, files: new Map([['b.csv', 'f00d']]) },
    ]) {
      assert.notEqual(ids(expand(design, changed, none)), first);
    }
    assert.notEqual(ids(expand(designOf({ replicates: 1 }, { training: { epochs: 11, seed: 3 } }), surroundings, none)), first); // prettier-ignore
    assert.match(first, /^[0-9a-f]{20}(,[0-9a-f]{20}){2}$/);
  });

  test('names, descriptions and the experiment itself do not count', () => {
    const ids = (text: string): readonly string[] => {
      const { design } = readDesign(text);
      assert.ok(design);
      return expand(design, surroundings, none).runs.map(({ id }) => id);
    };
    assert.deepEqual(
      ids(spec({ replicates: 2 }, { name: 'other', description: 'text' })).slice(0, 1),
      ids(spec({ replicates: 1, question: 'Why?' })).slice(0, 1),
    );
  });

  test('the order in which files are named does not count', () => {
    const design = designOf({ replicates: 1 });
    const files = [['a.csv', '1'], ['b.csv', '2']] as const; // prettier-ignore
    const [one, two] = [files, files.toReversed()].map((list) => expand(design, { ...surroundings, files: new Map(list) }, none)); // prettier-ignore
    assert.deepEqual(one?.runs.map(({ id }) => id), two?.runs.map(({ id }) => id)); // prettier-ignore
  });

  test('a seed that the spec gives otherwise is the same run', () => {
    const one = plan({ replicates: { n: 1, hold: ['split'] } });
    const two = plan({ replicates: { n: 1, seeds: [3], hold: ['split'] } });
    assert.equal(one.runs[0]?.id, two.runs[0]?.id);
  });
});

describe('arms', () => {
  const arms = [
    { id: 'joint' },
    { id: 'wide', set: { '/network/trunk/layers/0/units': 16 } },
    { id: 'curve', auto: 'static-weights', points: 3 },
    { id: 'ones', auto: 'unitary' },
  ];
  test('what they set, and the points of a frontier as arms of their own', () => {
    const expansion = plan({ arms, replicates: 1 });
    assert.deepEqual(
      expansion.compared.map(({ id, of }) => `${id} of ${of}`),
      ['joint of joint', 'wide of wide', 'curve/0.25:0.75 of curve', 'curve/0.5:0.5 of curve', 'curve/0.75:0.25 of curve', 'ones of ones'], // prettier-ignore
    );
    const byArm = (name: string): readonly string[] => pointers(expansion.runs.find(({ arm }) => arm === name));
    assert.deepEqual(byArm('wide').slice(0, 1), ['/network/trunk/layers/0/units=16']);
    assert.deepEqual(byArm('curve/0.25:0.75').slice(0, 3), ['/strategy/name="static"', '/weights/kind=0.25', '/weights/size=0.75']); // prettier-ignore
    assert.deepEqual(byArm('ones').slice(0, 3), ['/strategy/name="static"', '/weights/kind=1', '/weights/size=1']);
    assert.equal(designOf({ arms, replicates: 1 }).baseline, 'joint', 'without single-task baselines the first arm');
    assert.equal(designOf({ arms, replicates: 1, baseline: 'ones' }).baseline, 'ones');
  });

  test('the points of a frontier keep the sum of the weights', () => {
    const design = designOf({ arms: [arms[0], arms[2]], replicates: 1 }, { weights: { kind: 1, size: 3 } });
    const { runs } = expand(design, surroundings, none);
    const point = runs.find(({ arm }) => arm === 'curve/0.75:0.25');
    assert.deepEqual(pointers(point).slice(1, 3), ['/weights/kind=3', '/weights/size=1']);
  });

  test('a run that two arms share is run once and counts for both', () => {
    // The middle of the frontier is the spec as it stands.
    const expansion = plan({ arms: [arms[0], arms[2]], replicates: 2 });
    assert.equal(expansion.runs.length, 6);
    const [joint, , middle] = expansion.compared;
    assert.deepEqual(joint?.runs.map(({ id }) => id), middle?.runs.map(({ id }) => id)); // prettier-ignore
    assert.equal(middle?.runs[0]?.arm, 'curve/0.5:0.5');
  });

  test('unpaired seeds differ from arm to arm', () => {
    const expansion = plan({ arms: arms.slice(0, 2), replicates: { n: 2, paired: false } });
    assert.deepEqual(expansion.compared.map(({ seeds }) => seeds), [[3, 4], [5, 6]]); // prettier-ignore
  });

  test('what cannot be trained is refused at its arm', () => {
    const { refusals } = readDesign(spec({ arms: [{ id: 'a' }, { id: 'b', set: { '/training/epoch': 3 } }, { id: 'c', set: { '/training/epochs': 0 } }] })); // prettier-ignore
    assert.deepEqual(refusals.map(({ pointer, code }) => `${pointer} ${code}`), ['/experiment/arms/1 unknown-pointer', '/experiment/arms/2 out-of-range']); // prettier-ignore
    const tuned = readDesign(spec({ factors: [{ name: 'lr', path: '/training/learningRate', levels: [1] }], arms: [{ id: 'a', auto: 'static-weights', tune: { factors: 'lr', runs: 2 } }] })); // prettier-ignore
    assert.deepEqual(tuned.refusals.map(({ pointer, code }) => `${pointer} ${code}`), ['/experiment/arms/0/tune tune-frontier']); // prettier-ignore
  });
});

const rate = { name: 'lr', path: '/training/learningRate', levels: [0.1, 0.01, 0.001] };

describe('tuning', () => {
  const experiment = {
    factors: [rate],
    arms: [
      { id: 'joint', tune: { factors: ['lr'], runs: 3 } },
      { id: 'single', auto: 'single-task', tune: { factors: ['lr'], runs: 3 } },
    ],
    stages: [{ id: 'confirm', replicates: { n: 2 } }],
  };
  const first = plan(experiment);

  test('comes first, with the seed of the spec and no replicates; what is compared waits', () => {
    assert.deepEqual(shown(first).slice(0, 4), ['tune joint 3', 'tune joint 3', 'tune joint 3', 'tune single:kind 3']);
    assert.equal(first.runs.length, 9);
    assert.deepEqual(pointers(first.runs[1]), ['/training/learningRate=0.01']);
    assert.deepEqual([...new Set(first.runs.map(({ role }) => role))], ['tune']);
    assert.deepEqual(first.pending, [
      { stage: 'confirm', arm: 'joint', runs: 2 },
      { stage: 'confirm', arm: 'single', runs: 4 },
    ]);
    assert.deepEqual(first.compared, []);
  });

  const results = (of: (run: PlannedRun) => Outcome): ReadonlyMap<string, Outcome> =>
    new Map(first.runs.map((run) => [run.id, of(run)]));

  test('the best of each task goes on, with seeds that nothing was chosen by', () => {
    const best: Readonly<Record<string, string>> = { joint: 'lr=0.01', kind: 'lr=0.1', size: 'lr=0.001' };
    const next = plan(
      experiment,
      results((run) => {
        const good = run.label === best[run.task ?? 'joint'];
        return done(good ? 0.9 : 0.8, good ? 1 : 2);
      }),
    );
    assert.deepEqual(next.pending, []);
    assert.deepEqual(shown({ runs: next.runs.slice(9) }), [
      'confirm joint 4',
      'confirm single:kind 4',
      'confirm single:size 4',
      'confirm joint 5',
      'confirm single:kind 5',
      'confirm single:size 5',
    ]);
    const settings = (index: number): string | undefined => pointers(next.runs[index])[0];
    assert.deepEqual([9, 10, 11].map(settings), ['/training/learningRate=0.01', '/training/learningRate=0.1', '/training/learningRate=0.001']); // prettier-ignore
    assert.deepEqual(next.compared.map(({ tuned, confirmed }) => [tuned, confirmed]), [[true, true], [true, true]]); // prettier-ignore
  });

  test('of equals the first; failed ones never', () => {
    const next = plan(
      experiment,
      results((run) => (run.label === 'lr=0.1' ? failed : done(0.5, 1))),
    );
    assert.equal(pointers(next.runs[9])[0], '/training/learningRate=0.01');
  });

  test('an arm for which nothing can be chosen is said, and not compared', () => {
    const next = plan(
      experiment,
      results((run) => (run.arm === 'joint' ? failed : done(0.5, 1))),
    );
    assert.deepEqual(next.compared.map(({ id }) => id), ['single']); // prettier-ignore
    assert.match(
      next.remarks[0]?.en ?? '',
      /^Nothing could be chosen for "joint": no setting has a value of validation\/skill/,
    );
  });

  test('one that goes on holds its own arm back alone', () => {
    const all = results(() => done(0.5, 1));
    const missing = new Map([...all].filter(([id]) => id !== first.runs[0]?.id));
    const next = plan(experiment, missing);
    assert.deepEqual(next.pending, [{ stage: 'confirm', arm: 'joint', runs: 2 }]);
    assert.deepEqual(next.compared.map(({ id }) => id), ['single']); // prettier-ignore
  });

  test('the points of a frontier are its tuning where others are tuned', () => {
    const curve = { id: 'curve', auto: 'static-weights', points: 3 };
    const mixed = { ...experiment, arms: [experiment.arms[0], curve] };
    const begun = plan(mixed);
    assert.deepEqual(begun.pending.map(({ arm }) => arm), ['joint', 'curve']); // prettier-ignore
    const looked = begun.compared.map(({ id, of, stage, confirmed, seeds }) => `${stage} ${id} of ${of} ${String(confirmed)} ${seeds.join()}`); // prettier-ignore
    assert.deepEqual(looked, ['0.25:0.75', '0.5:0.5', '0.75:0.25'].map((label) => `tune curve/${label} of curve false 3`)); // prettier-ignore
    const next = plan(
      mixed,
      new Map(begun.runs.map((run) => [run.id, done(run.label === '0.75:0.25' ? 0.9 : 0.5, 1)])),
    );
    const chosen = next.compared.find(({ id }) => id === 'curve');
    assert.deepEqual([chosen?.stage, chosen?.tuned, chosen?.confirmed, chosen?.seeds], ['confirm', true, true, [4, 5]]);
    assert.equal(pointers(chosen?.runs[0])[1], '/weights/kind=0.75');
  });

  test('more combinations than runs: spread over them', () => {
    const range = { ...experiment, factors: [{ name: 'lr', path: '/training/learningRate', range: [0.001, 0.1], scale: 'log' }] }; // prettier-ignore
    const { runs } = plan(range);
    assert.equal(runs.length, 9);
    const values = new Set(runs.map(({ point }) => point.get('lr')));
    assert.equal(values.size, 3);
    for (const value of values) assert.ok(typeof value === 'number' && value >= 0.001 && value <= 0.1);
  });
});

describe('exploring, then confirming', () => {
  const experiment = {
    factors: [rate],
    arms: [{ id: 'joint' }, { id: 'curve', auto: 'static-weights', points: 2 }],
    stages: [
      { id: 'explore', method: 'grid' },
      { id: 'confirm', take: { from: 'explore', max: 2 }, replicates: { n: 2 } },
    ],
  };
  const first = plan(experiment);

  test('settings and points of the frontier have one run each; arms that are known are compared at once', () => {
    assert.deepEqual(shown(first), [
      'explore curve 3',
      'explore curve 3',
      'explore explore/lr=0.1 3',
      'explore explore/lr=0.01 3',
      'explore explore/lr=0.001 3',
      'confirm joint 4',
      'confirm joint 5',
    ]);
    assert.deepEqual(first.pending, [
      { stage: 'confirm', arm: 'curve', runs: 2 },
      { stage: 'confirm', arm: null, runs: 2 },
      { stage: 'confirm', arm: null, runs: 2 },
    ]);
  });

  const after = (
    explored: Readonly<Record<string, Outcome>>,
    take: object = { from: 'explore', max: 2 },
  ): Expansion => {
    const outcomes = new Map(
      first.runs.slice(0, 5).map((run) => [run.id, explored[run.label] ?? done(0.5, 1)] as const),
    );
    return plan({ ...experiment, stages: [experiment.stages[0], { ...experiment.stages[1], take }] }, outcomes);
  };
  const taken = (expansion: Expansion): readonly string[] =>
    expansion.compared.filter(({ of }) => of === 'explore').map(({ id }) => id);

  test('the Pareto front is taken, the best score first, at most so many', () => {
    const explored = {
      'lr=0.1': done(0.9, 3, 0.1),
      'lr=0.01': done(0.8, 2, 0.3),
      'lr=0.001': done(0.7, 2.5, 0.9),
    };
    assert.deepEqual(taken(after(explored)), ['lr=0.01', 'lr=0.1'], 'the third is behind the second on both tasks');
    assert.deepEqual(taken(after(explored, { from: 'explore', max: 1 })), ['lr=0.01']);
    assert.deepEqual(taken(after(explored, { from: 'explore', max: 3, pareto: false })), ['lr=0.001', 'lr=0.01', 'lr=0.1']); // prettier-ignore
  });

  test('what lacks a value or failed is not taken; nothing at all is said', () => {
    assert.deepEqual(taken(after({ 'lr=0.1': failed, 'lr=0.01': done(null, 1), 'lr=0.001': done(0.1, 9, null) })), []);
    const expansion = after({ 'lr=0.1': failed, 'lr=0.01': failed, 'lr=0.001': failed });
    assert.match(expansion.remarks[0]?.en ?? '', /^No setting of stage "explore" has values to be taken by/);
    assert.deepEqual(expansion.pending, []);
  });

  test('nothing but exploring: what was found is shown, not confirmed', () => {
    const expansion = plan({ factors: [rate], stages: [{ id: 'look', method: 'grid' }] });
    assert.deepEqual(expansion.compared.map(({ id, confirmed }) => [id, confirmed]), [['lr=0.1', false], ['lr=0.01', false], ['lr=0.001', false]]); // prettier-ignore
    assert.deepEqual(expansion.pending, []);
  });

  test('a last stage with a method and replicates compares its settings', () => {
    const expansion = plan({ factors: [rate], stages: [{ id: 'all', method: 'grid', replicates: { n: 2 } }] });
    assert.deepEqual(expansion.compared.map(({ id, confirmed }) => [id, confirmed]), [['lr=0.1', true], ['lr=0.01', true], ['lr=0.001', true]]); // prettier-ignore
    assert.deepEqual(shown(expansion).slice(0, 4), ['all lr=0.1 3', 'all lr=0.01 3', 'all lr=0.001 3', 'all lr=0.1 4']);
    const once = plan({ factors: [rate], stages: [{ id: 'all', method: 'grid', replicates: { n: 1 } }] });
    assert.deepEqual(once.compared.map(({ confirmed }) => confirmed), [false, false, false]); // prettier-ignore
  });

  test('a setting that cannot be trained is said', () => {
    const levels = [0.1, 0.01];
    const expansion = plan({
      factors: [{ ...rate, levels }, { name: 's', path: '/strategy/name', levels: ['pcd'] }],
      stages: [{ id: 'look', method: 'grid' }],
    }); // prettier-ignore
    assert.equal(expansion.runs.length, 0);
    assert.match(
      expansion.remarks[0]?.en ?? '',
      /^The setting lr=0\.1, s=pcd of "look" cannot be trained and is left out\.$/,
    );
    assert.equal(expansion.remarks.length, 2);
  });
});

describe('methods that learn', () => {
  const experiment = {
    factors: [{ name: 'lr', path: '/training/learningRate', range: [0.001, 0.1], scale: 'log' }],
    stages: [{ id: 'look', method: 'tpe', runs: 5 }],
    budget: { parallel: 2 },
  };
  const first = plan(experiment);

  test('choose a batch at a time, as many at once as the text says', () => {
    assert.equal(first.runs.length, 2);
    assert.deepEqual(first.pending, [{ stage: 'look', arm: null, runs: 3 }]);
    assert.deepEqual([...new Set(first.runs.map(({ role }) => role))], ['explore']);
  });

  test('wait for the whole batch, and then go on the same way whatever came first', () => {
    const [a, b] = first.runs;
    assert.ok(a && b);
    const half = plan(experiment, new Map([[a.id, done(0.5, 1)]]));
    assert.equal(half.runs.length, 2);
    const both = [[a.id, done(0.5, 1)], [b.id, failed]] as const; // prettier-ignore
    const [one, two] = [both, both.toReversed()].map((list) => plan(experiment, new Map(list)));
    assert.equal(one?.runs.length, 4);
    assert.deepEqual(one.runs.map(({ id }) => id), two?.runs.map(({ id }) => id)); // prettier-ignore
    assert.deepEqual(one.pending, [{ stage: 'look', arm: null, runs: 1 }]);
  });

  test('without a word on that, four at once', () => {
    assert.equal(plan({ ...experiment, budget: {} }).runs.length, 4);
  });

  test('what they find is not confirmed, though it is compared', () => {
    const stages = [{ id: 'look', method: 'tpe', runs: 2, replicates: 2 }];
    assert.deepEqual(plan({ ...experiment, stages }).compared.map(({ confirmed }) => confirmed), [false, false]); // prettier-ignore
  });
});
