// What is wrong with the section `experiment`, where, and what mends it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDesign } from '../../../../src/experiment/design.ts';
import type { Speed } from '../../../../src/experiment/estimate.ts';
import { checkExperiment } from '../../../../src/experiment/problems/index.ts';
import { applyEdits, readSpec, type Problem } from '../../../../src/spec/index.ts';
import { assertBilingual } from '../../bilingual.ts';
import { spec } from '../specs.ts';

const found = (
  experiment: unknown,
  rest: Readonly<Record<string, unknown>> = {},
  speed: Speed | null = null,
): { readonly problems: readonly Problem[]; readonly text: string } => {
  const text = spec(experiment, rest);
  const problems = checkExperiment(readSpec(text), readDesign(text), { speed, parallel: 2 });
  for (const { message, fixes } of problems)
    for (const told of [message, ...fixes.map(({ title }) => title)]) assertBilingual(told);
  return { problems, text };
};
/** Without what every small design is told. */
const shown = (experiment: unknown, rest: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  found(experiment, rest)
    .problems.filter(({ code }) => code !== 'pilot' && code !== 'low-power')
    .map(({ severity, code, pointer }) => `${severity} ${code} ${pointer.replace('/experiment', '')}`);
const fixed = (experiment: unknown, code: string, rest: Readonly<Record<string, unknown>> = {}): unknown => {
  const { problems, text } = found(experiment, rest);
  const fix = problems.find((problem) => problem.code === code)?.fixes[0];
  assert.ok(fix, `${code} has a fix`);
  return (JSON.parse(applyEdits(text, fix.edits)) as { readonly experiment: unknown }).experiment;
};

const rate = { name: 'lr', path: '/training/learningRate', levels: [0.1, 0.01] };
const joint = { id: 'joint' };
const single = { id: 'single', auto: 'single-task' };

test('a sound design has none', () => {
  assert.deepEqual(shown({ replicates: 20 }), []);
  assert.deepEqual(found({ replicates: { n: 40, hold: ['split'] } }).problems, []);
});

describe('names', () => {
  const stages = [
    { id: 'a', method: 'grid' },
    { id: 'b', take: { from: 'a' } },
  ];
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['baseline', { arms: [joint, single], baseline: 'singel' }, ['error unknown-arm /baseline']],
    ['tune', { factors: [rate], arms: [{ id: 'a', tune: { factors: ['lt'], runs: 2 } }] }, ['error unknown-factor /arms/0/tune/factors/0']], // prettier-ignore
    ['when', { factors: [rate, { name: 'b', path: '/weights/kind', levels: [1], when: { lx: [0.1] } }] }, ['error unknown-factor /factors/1/when/lx']], // prettier-ignore
    ['when of itself', { factors: [{ ...rate, when: { lr: [0.1] } }] }, ['error unknown-factor /factors/0/when/lr']],
    ['take', { factors: [rate], stages: [stages[0], { id: 'b', take: { from: 'x' } }] }, ['error unknown-stage /stages/1/take/from']], // prettier-ignore
    ['take of the third, behind one that is right', { factors: [rate], stages: [...stages, { id: 'c', take: { from: 'x' } }] }, ['error unknown-stage /stages/2/take/from']], // prettier-ignore
    ['take of one that comes later', { factors: [rate], stages: [{ id: 'b', take: { from: 'a' } }, stages[0]] }, ['error take-from /stages/0/take/from']], // prettier-ignore
    ['measure', { measures: { kint: 'accuracy' } }, ['error unknown-task /measures/kint']],
    ['hypothesis on no task', { arms: [joint, single], hypotheses: [{ id: 'H', claim: 'superior', measure: 'x', arms: ['joint', 'single'] }] }, ['error unknown-task /hypotheses/0/measure']], // prettier-ignore
    ['hypothesis on no arm', { arms: [joint, single], hypotheses: [{ id: 'H', claim: 'superior', measure: 'kind', arms: ['joint', 'other'] }] }, ['error unknown-arm /hypotheses/0/arms/1']], // prettier-ignore
    ['one arm with itself', { arms: [joint, single], hypotheses: [{ id: 'H', claim: 'superior', measure: 'kind', arms: ['joint', 'joint'] }] }, ['error same-arm /hypotheses/0/arms']], // prettier-ignore
    ['a name twice', { arms: [joint, { ...single, id: 'joint' }] }, ['error duplicate-name /arms/1/id']],
    ['a factor twice', { factors: [rate, { ...rate, path: '/training/batchSize', levels: [8, 16] }] }, ['error duplicate-name /factors/1/name']], // prettier-ignore
    ['selection', { selection: 'validation/skil' }, ['error unknown-monitor /selection']],
    ['selection by what no run knows', { selection: 'validation/deltaM' }, ['error unknown-monitor /selection']],
  ];
  for (const [name, experiment, expected] of cases) {
    test(name, () => assert.deepEqual([...shown(experiment)].toSorted(), [...expected].toSorted()));
  }
  test('points of a frontier and settings that are compared may be named', () => {
    const curve = { id: 'curve', auto: 'static-weights', points: 2 };
    const claim = (arms: readonly string[]): object => ({ id: 'H', claim: 'superior', measure: 'kind', arms });
    assert.deepEqual(shown({ arms: [joint, curve], hypotheses: [claim(['joint', 'curve/0.333:0.667'])] }).filter((line) => line.includes('unknown-arm')), []); // prettier-ignore
    assert.deepEqual(shown({ factors: [rate], hypotheses: [claim(['lr=0.1', 'lr=0.01'])] }), []);
  });
  test('the nearest name mends it', () => {
    assert.deepEqual(fixed({ arms: [joint, single], baseline: 'singel' }, 'unknown-arm'), {
      arms: [joint, single],
      baseline: 'single',
    });
    assert.deepEqual(fixed({ measures: { kint: 'accuracy' } }, 'unknown-task'), { measures: { kind: 'accuracy' } });
    const speed = { ...rate, name: 'speed' };
    const conditional = { name: 'b', path: '/weights/kind', levels: [1] };
    assert.deepEqual(fixed({ factors: [speed, { ...conditional, when: { sped: [0.1] } }] }, 'unknown-factor'), {
      factors: [speed, { ...conditional, when: { speed: [0.1] } }],
    });
    const tuned = (factor: string): unknown => ({ factors: [speed], arms: [{ id: 'a', tune: { factors: [factor], runs: 2 } }] }); // prettier-ignore
    assert.deepEqual(fixed(tuned('sped'), 'unknown-factor'), tuned('speed'));
  });
});

describe('factors and arms', () => {
  const cases: readonly (readonly [string, unknown, readonly string[], Readonly<Record<string, unknown>>?])[] = [
    ['a path that leads nowhere', { factors: [{ ...rate, path: '/training/learningrate' }], stages: [{ id: 'a', method: 'grid', replicates: 2 }] }, ['error unknown-pointer /factors/0/path']], // prettier-ignore
    ['a level that its place cannot hold', { factors: [{ ...rate, levels: [0.1, -1] }] }, ['error out-of-range /factors/0/levels/1']], // prettier-ignore
    ['an end of a range', { factors: [{ name: 'd', path: '/training/epochs', range: [0, 4], integer: true }], stages: [{ id: 'a', method: 'random', runs: 4 }] }, ['information not-confirmed /stages', 'error out-of-range /factors/0/range/0']], // prettier-ignore
    ['a level that a condition never meets', { factors: [rate, { name: 'b', path: '/weights/kind', levels: [1, 2], when: { lr: [0.2] } }] }, ['error unknown-level /factors/1/when/lr/0']], // prettier-ignore
    ['a condition on a range', { factors: [{ name: 'lr', path: '/training/learningRate', range: [0.1, 1] }, { name: 'b', path: '/weights/kind', levels: [1, 2], when: { lr: [0.2] } }], stages: [{ id: 'a', method: 'random', runs: 4 }] }, ['error unknown-level /factors/1/when/lr', 'information not-confirmed /stages']], // prettier-ignore
    ['what an arm sets', { arms: [joint, { id: 'b', set: { '/x': 1 } }] }, ['error unknown-pointer /arms/1']],
    ['single tasks for as long as theirs, and for as many epochs', { arms: [joint, single, { id: 'slow', auto: 'single-task', match: 'time' }], baseline: 'single' }, ['information time-matched /arms/2/match']], // prettier-ignore
    ['two arms that are one', { arms: [joint, { id: 'b', set: { '/training/epochs': 10 } }] }, ['error equal-arms /arms/1']], // prettier-ignore
    ['as long as the spec', { arms: [joint, { ...single, match: 'time' }] }, ['information time-matched /arms/1/match']], // prettier-ignore
    ['as large as the spec', { arms: [joint, { ...single, match: 'parameters' }] }, ['information parameters-matched /arms/1/match']], // prettier-ignore
    ['a width beside the match', { arms: [joint, { ...single, match: 'parameters', set: { '/network/trunk/layers/0/units': 9 } }] }, ['error match-set /arms/1/match', 'information parameters-matched /arms/1/match']], // prettier-ignore
    ['epochs beside the match', { arms: [joint, { ...single, match: 'time', set: { '/training/epochs': 9 } }] }, ['error match-set /arms/1/match', 'information time-matched /arms/1/match']], // prettier-ignore
    ['epochs beside other matches', { arms: [joint, { ...single, match: 'parameters', set: { '/training/epochs': 9 } }, { ...single, id: 'b', set: { '/training/epochs': 9 } }] }, ['information parameters-matched /arms/1/match']], // prettier-ignore
    ['a width that is tuned beside the match', { factors: [{ name: 'u', path: '/network/trunk/layers/0/units', levels: [4, 8] }], arms: [joint, { ...single, match: 'parameters', tune: { factors: 'u', runs: 2 } }] }, ['error match-set /arms/1/tune/factors', 'information parameters-matched /arms/1/match', 'warning tuning-unequal /arms/0']], // prettier-ignore
    ['unequal tuning', { factors: [rate], arms: [{ id: 'a', tune: { factors: 'lr', runs: 2 } }, { id: 'b', auto: 'unitary', tune: { factors: 'lr', runs: 1 } }] }, ['warning tuning-unequal /arms/1']], // prettier-ignore
    ['strategies under sgd', { arms: [joint, { id: 'b', set: { '/strategy/name': 'uncertainty' } }] }, ['warning lr-confounded /arms/0'], { training: { optimizer: 'sgd' } }], // prettier-ignore
    ['strategies under adam', { arms: [joint, { id: 'b', set: { '/strategy/name': 'uncertainty' } }] }, []],
    ['one strategy under sgd', { arms: [joint, { id: 'b', set: { '/training/batchSize': 8 } }] }, [], { training: { optimizer: 'sgd' } }], // prettier-ignore
    ['strategies under sgd, tuned', { factors: [rate], arms: [{ id: 'a', tune: { factors: 'lr', runs: 2 } }, { id: 'b', set: { '/strategy/name': 'uncertainty' }, tune: { factors: 'lr', runs: 2 } }] }, [], { training: { optimizer: 'sgd' } }], // prettier-ignore
  ];
  for (const [name, experiment, expected, rest] of cases) {
    test(name, () => assert.deepEqual([...shown(experiment, rest)].toSorted(), [...expected].toSorted()));
  }
  test('a task that reads a prediction is trained without it', () => {
    const tasks = {
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
      size: { type: 'regression', target: 'size', input: ['own', 'task:kind'] },
    };
    assert.deepEqual(shown({ arms: [joint, single] }, { tasks }), ['information single-task-input /arms/1']);
  });
});

describe('measures', () => {
  test('a metric that the task does not measure', () => {
    assert.deepEqual(shown({ measures: { size: 'rmse' } }), ['error metric-not-measured /measures/size']);
    assert.deepEqual(fixed({ measures: { size: { metric: 'rmse' } } }, 'metric-not-measured'), {
      measures: { size: { metric: 'mae' } },
    });
  });
  const claim = (name: string, measure: string): object => ({
    id: 'H',
    claim: name,
    measure,
    arms: ['joint', 'single'],
  });
  const arms = [joint, single];
  test('no worse, and equal, need a margin', () => {
    for (const name of ['non-inferior', 'equivalent']) {
      assert.deepEqual(shown({ arms, hypotheses: [claim(name, 'size')] }), [
        'error margin-missing /hypotheses/0/claim',
      ]);
      assert.deepEqual(shown({ arms, measures: { size: { margin: 1 } }, hypotheses: [claim(name, 'size')] }), []);
    }
    assert.deepEqual(shown({ arms, hypotheses: [claim('superior', 'size')] }), []);
  });
  test('the fix writes one where it belongs', () => {
    const hypotheses = [claim('equivalent', 'kind')];
    const mended = (measures?: unknown): unknown =>
      (fixed({ arms, hypotheses, ...(measures === undefined ? {} : { measures }) }, 'margin-missing') as { readonly measures: unknown }).measures; // prettier-ignore
    assert.deepEqual(mended(), { kind: { metric: 'accuracy', margin: 0.01 } });
    assert.deepEqual(mended({ size: 'mae' }), { size: 'mae', kind: { metric: 'accuracy', margin: 0.01 } });
    assert.deepEqual(mended({ kind: 'accuracy' }), { kind: { metric: 'accuracy', margin: 0.01 } });
    const size = fixed({ arms, hypotheses: [claim('equivalent', 'size')] }, 'margin-missing');
    assert.deepEqual((size as { readonly measures: unknown }).measures, { size: { metric: 'mae', margin: 0.1 } });
  });
});

describe('stages', () => {
  const explore = { id: 'explore', method: 'grid' };
  const cases: readonly (readonly [string, unknown, readonly string[], Readonly<Record<string, unknown>>?])[] = [
    ['a grid of a range', { factors: [{ name: 'lr', path: '/training/learningRate', range: [0.1, 1] }], stages: [explore, { id: 'b', take: { from: 'explore' } }] }, ['error design-impossible /stages/0']], // prettier-ignore
    ['nothing is confirmed', { factors: [rate], stages: [explore] }, ['information not-confirmed /stages']],
    ['pruning what is compared', { factors: [rate], stages: [{ ...explore, prune: 'asha', replicates: 2 }] }, ['error prune-comparing /stages/0/prune']], // prettier-ignore
    ['the seeds that it was chosen by', { factors: [rate], stages: [explore, { id: 'b', take: { from: 'explore' }, replicates: { seeds: 'same' } }] }, ['warning same-seeds /stages/1/replicates/seeds']], // prettier-ignore
    ['nothing varies', { replicates: { n: 3, vary: ['init'], hold: ['init'] } }, ['error nothing-varies /replicates']],
    ['only a split that is given varies', { replicates: { n: 3, vary: ['split'] } }, ['error nothing-varies /replicates'], { data: { source: 'a.csv', split: { file: 's.csv' }, inputs: { x: { type: 'number', from: ['p'] } } } }], // prettier-ignore
    ['the split is given', { replicates: 3 }, ['information split-fixed /replicates'], { data: { source: 'a.csv', split: { file: 's.csv' }, inputs: { x: { type: 'number', from: ['p'] } } } }], // prettier-ignore
    ['a seed twice', { replicates: { seeds: [1, 2, 1] } }, ['error duplicate-seed /replicates/seeds/2']],
    ['seeds that are all the same', { replicates: { n: 2, paired: true } }, []],
    ['seeds that differ', { replicates: { n: 2, paired: false } }, ['information unpaired /replicates/paired']],
    ['looks out of order', { looks: [0.5, 0.5, 1] }, ['error looks-order /looks/1']],
    ['looks in order', { looks: [0.5, 1] }, []],
    ['looks by number', { looks: 3 }, []],
  ];
  for (const [name, experiment, expected, rest] of cases) {
    test(name, () => assert.deepEqual([...shown(experiment, rest)].toSorted(), [...expected].toSorted()));
  }
  test('designs that learn confirm nothing', () => {
    const learning = { factors: [rate], stages: [{ id: 'a', method: 'tpe', runs: 4, replicates: 2 }] };
    assert.ok(shown(learning).includes('warning adaptive-comparison /stages/0/method'));
  });
  test('fresh seeds mend it', () => {
    const stage = (seeds: string): object => ({ id: 'b', take: { from: 'explore' }, replicates: { n: 2, seeds } });
    const mended = fixed({ factors: [rate], stages: [explore, stage('same')] }, 'same-seeds');
    assert.deepEqual((mended as { readonly stages: unknown }).stages, [explore, stage('fresh')]);
  });
});

describe('what it can find', () => {
  const power = (experiment: unknown): readonly (string | undefined)[] =>
    found(experiment).problems.map(
      ({ code, pointer, message, severity }) => `${severity} ${code} ${pointer}: ${message.en}`,
    );
  const held = { hold: ['split'] };

  test('up to five seeds are a pilot', () => {
    assert.match(power({ replicates: { n: 5, paired: false, ...held } }).join('\n'), /pilot .*under Holm's correction, 5 seeds of each arm, unpaired, see/); // prettier-ignore
    assert.match(power({ replicates: { n: 5, ...held }, analysis: { family: 'all' } })[0] ?? '', /2 comparisons, each by itself, 5 seeds see/); // prettier-ignore
    assert.match(power({ replicates: { n: 5, ...held } })[0] ?? '', /^information pilot \/experiment\/replicates\/n: This is a pilot: with 2 tasks and 2 comparisons under Holm's correction, 5 seeds see a difference of one standard deviation \d+ % of the time\. For 80 % it takes \d+\.$/); // prettier-ignore
    assert.match(power({ replicates: { n: 6, ...held } })[0] ?? '', /^information low-power .*: With 2 tasks/);
  });

  test('eight seeds and four comparisons at one standard deviation: 39 % (published)', () => {
    const arms = [joint, { id: 'b', set: { '/training/batchSize': 8 } }, { id: 'c', set: { '/training/batchSize': 16 } }]; // prettier-ignore
    assert.match(power({ arms, replicates: { n: 8, ...held } })[0] ?? '', /8 seeds see a difference of one standard deviation 39 % of the time/); // prettier-ignore
  });

  test('the fix takes as many as it needs, where the number stands', () => {
    const mended = fixed({ replicates: { n: 5, ...held } }, 'pilot') as { readonly replicates: { readonly n: number } };
    assert.ok(mended.replicates.n > 8 && mended.replicates.n < 16);
    assert.deepEqual(power(mended), [], 'and then all is well');
    const data = { source: 'a.csv', split: { file: 's.csv' }, inputs: { x: { type: 'number', from: ['p'] } } };
    const taken = (experiment: unknown): unknown => (fixed(experiment, 'pilot', { data }) as { readonly replicates: unknown }).replicates; // prettier-ignore
    assert.equal(taken({ replicates: 5 }), mended.replicates.n);
    assert.equal(taken({ question: 'Why?' }), mended.replicates.n);
    const stage = fixed({ stages: [{ id: 'a', replicates: { n: 4, ...held } }] }, 'pilot') as { readonly stages: readonly { readonly replicates: { readonly n: number } }[] }; // prettier-ignore
    assert.ok((stage.stages[0]?.replicates.n ?? 0) > 8);
  });

  test('with splits that overlap no number of seeds may be enough', () => {
    assert.match(power({ replicates: 40 })[0] ?? '', /^information low-power .*40 seeds see a difference of one standard deviation 100 % of the time; since their training sets overlap, 40 % is what the verdicts have\. No number of seeds comes to 80 %/); // prettier-ignore
    assert.deepEqual(found({ replicates: 40 }).problems[0]?.fixes, []);
  });

  test('a list of seeds has no fix: which ones would be a guess', () => {
    assert.deepEqual(found({ replicates: { seeds: [1, 2, 3] } }).problems.map(({ code, fixes }) => [code, fixes]), [['pilot', []]]); // prettier-ignore
  });

  test('the wanted power counts', () => {
    const experiment = { replicates: { n: 8, ...held }, analysis: { power: { target: 0.4 } } };
    assert.deepEqual(power(experiment), []);
  });
});

describe('the budget', () => {
  test('more runs than it allows', () => {
    const experiment = { replicates: 40, budget: { runs: 119 } };
    assert.deepEqual(shown(experiment), ['error over-budget /budget/runs']);
    assert.deepEqual(fixed(experiment, 'over-budget'), { replicates: 40, budget: { runs: 120 } });
    assert.deepEqual(shown({ replicates: 40, budget: { runs: 120 } }), []);
  });

  test('more hours, at the speed that was measured', () => {
    const speed = { secondsPerEpoch: 6, secondsPerStep: 1, startup: 0 };
    // 120 runs of 10 epochs of 6 s, two at once: one hour.
    const codes = (hours: number, known: Speed | null = speed): readonly string[] =>
      found({ replicates: { n: 40, hold: ['split'] }, budget: { hours } }, {}, known).problems.map(
        ({ code, severity }) => `${severity} ${code}`,
      );
    assert.deepEqual(codes(0.99), ['warning over-budget']);
    assert.deepEqual(codes(1), []);
    assert.deepEqual(codes(0.1, null), [], 'nothing was measured');
  });
});

describe('designs that nobody could run', () => {
  const arms = Array.from({ length: 21 }, (_, index) => ({ id: `a${index}`, set: { '/training/epochs': index + 1 } }));
  test('are refused before they are written out', () => {
    assert.deepEqual(shown({ arms, replicates: { n: 953, hold: ['split'] } }), ['error too-many-runs ']);
    assert.deepEqual(shown({ replicates: { n: 1000, hold: ['split'] }, factors: [{ ...rate, levels: Array.from({ length: 21 }, (_, k) => (k + 1) / 100) }] }), ['error too-many-runs ']); // prettier-ignore
    assert.deepEqual(shown({ factors: [rate], arms: [{ id: 'a', tune: { factors: 'lr', runs: 10000 } }, { id: 'b', set: { '/training/batchSize': 8 }, tune: { factors: 'lr', runs: 10000 } }, { id: 'c', set: { '/training/batchSize': 9 }, tune: { factors: 'lr', runs: 10000 } }] }), ['error too-many-runs ']); // prettier-ignore
  });
  test('numbers beyond the language are told by the language', () => {
    const codes = (experiment: unknown): readonly string[] => readSpec(spec(experiment)).problems.map(({ code, pointer }) => `${code} ${pointer}`); // prettier-ignore
    assert.deepEqual(codes({ replicates: 1001 }), ['out-of-range /experiment/replicates']);
    assert.deepEqual(codes({ replicates: 1000 }), []);
    assert.deepEqual(codes({ replicates: { seeds: [4294967296] } }), ['out-of-range /experiment/replicates/seeds/0']);
    assert.deepEqual(codes({ replicates: { seeds: [4294967295] } }), []);
    assert.deepEqual(codes({ stages: [{ id: 'a', method: 'random', runs: 10001 }] }), ['out-of-range /experiment/stages/0/runs']); // prettier-ignore
    assert.deepEqual(codes({ arms: [{ id: 'a', auto: 'static-weights', points: 1001 }] }), ['out-of-range /experiment/arms/0/points']); // prettier-ignore
  });
  test('seeds that go on beyond the largest', () => {
    const training = { epochs: 10, seed: 4294967293 };
    assert.deepEqual(shown({ replicates: { n: 4, hold: ['split'] } }, { training }), ['error seed-range /training/seed']); // prettier-ignore
    assert.deepEqual(shown({ replicates: { n: 3, hold: ['split'] } }, { training }), []);
  });
});

test('a spec without the section has no problems of it', () => {
  const text = spec(undefined);
  assert.deepEqual(checkExperiment(readSpec(text), readDesign(text), { speed: null, parallel: 1 }), []);
});

test('every message is there in both languages', () => {
  const { problems } = found({ baseline: 'x', measures: { y: 'mae' }, selection: 'z', looks: [1, 0.5], replicates: { seeds: [1, 1] } }); // prettier-ignore
  assert.ok(problems.length >= 5);
  for (const { message } of problems) assert.match(message.zh, /\p{Script=Han}/u);
});

describe('what would be ignored in silence', () => {
  const stages = (replicates: unknown) => [
    { id: 'a', method: 'grid', replicates: 3 },
    { id: 'b', take: { from: 'a' }, replicates },
  ];
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['a factor that is a seed', { factors: [{ name: 's', path: '/training/seed', levels: [1, 2] }], replicates: 20 }, ['error factor-without-effect /factors/0/path']], // prettier-ignore
    ['a factor within the experiment', { factors: [{ name: 'n', path: '/experiment/replicates/n', levels: [20, 21] }], replicates: { n: 20 } }, ['error factor-without-effect /factors/0/path']], // prettier-ignore
    ['a factor of one level', { factors: [{ name: 's', path: '/training/learningRate', levels: [0.1] }], replicates: 20 }, []], // prettier-ignore
    [
      'a number beside a list of seeds',
      { replicates: { n: 5, seeds: [1, 2] } },
      ['warning replicates-n /replicates/n'],
    ],
    ['the same number', { replicates: { n: 2, seeds: [1, 2] } }, []],
    ['none written', { replicates: { seeds: [1, 2] } }, []],
    ['a number beside the seeds of the stage before', { factors: [rate], stages: stages({ n: 5, seeds: 'same' }) }, ['warning same-seeds /stages/1/replicates/seeds', 'warning replicates-n /stages/1/replicates/n']], // prettier-ignore
    ['an executor that is none', { replicates: 20, executor: 'locl' }, ['error unknown-executor /executor']],
    ['the one that there is', { replicates: 20, executor: 'local' }, []],
  ];
  for (const [what, experiment, expected] of cases) {
    test(what, () => assert.deepEqual([...shown(experiment)].toSorted(), [...expected].toSorted()));
  }

  test('points of a frontier are arms where nothing tunes, and its tuning where something does', () => {
    const frontier = { id: 'static', auto: 'static-weights', points: 5 };
    assert.ok(!shown({ arms: [joint, frontier], replicates: 20 }).some((one) => one.includes('tuning-unequal')));
    const tuned = { id: 'tuned', tune: { factors: ['lr'], runs: 2 } };
    const found = shown({ factors: [rate], arms: [joint, frontier, tuned], replicates: 20 });
    assert.ok(found.some((one) => one.startsWith('warning tuning-unequal')));
  });
});
