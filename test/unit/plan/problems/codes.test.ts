// Problems that stand in no other test: the code, what is underlined, and what the sentence says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { losses } from '../../../../src/spec/schema/losses.ts';
import { makePlan } from '../../../../src/plan/index.ts';
import { readSpec, type Problem, type Spec } from '../../../../src/spec/index.ts';
import { planText, specText, squiggles, table } from '../helpers.ts';

const dense = { type: 'dense', units: 4 };
const read = (parts: Record<string, unknown>) => planText(specText(parts), table, true);

/** The plan of a spec that the grammar does not let through, or that the tables have no words for yet. */
function planOf(change: (spec: Spec) => Partial<Spec>): readonly Problem[] {
  const { spec, tree } = readSpec(specText());
  assert.ok(spec);
  return makePlan({ ...spec, ...change(spec) }, tree, table).problems;
}

test('no-tasks: a spec without a task has nothing to learn', () => {
  const found = planOf(() => ({ tasks: new Map(), weights: new Map() })).filter(({ code }) => code === 'no-tasks');
  assert.deepEqual(
    found.map(({ pointer, severity }) => [pointer, severity]),
    [['/tasks', 'error']],
  );
});

test('task-in-block: a block reads no prediction', () => {
  const network = {
    trunk: { input: 'measures', layers: [dense] },
    late: { input: 'task:kind', layers: [dense] },
  };
  const tasks = {
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
    mass: { type: 'regression', target: 'mass', input: 'late' },
  };
  const reading = read({ network, tasks });
  const [first] = reading.problems.filter(({ code }) => code === 'task-in-block');
  assert.ok(first);
  assert.equal(first.pointer, '/network/late/input');
  assert.match(first.message.en, /Block "late" cannot read the prediction "task:kind"/);
});

test('split-fold: folds are counted from 0', () => {
  const data = (fold: number): object => ({
    source: 'table.csv',
    inputs: { measures: { type: 'number', from: ['a', 'b', 'c'] } },
    split: { folds: { k: 5, fold } },
  });
  assert.deepEqual(squiggles(read({ data: data(5) })), [['split-fold', '5']]);
  assert.match(read({ data: data(5) }).problems[0]?.message.en ?? '', /with 5 folds the last is 4/);
  assert.deepEqual(squiggles(read({ data: data(4) })), []);
});

test('top-k-trivial: as many guesses as classes are always right', () => {
  const tasks = (k: number): object => ({
    kind: {
      type: 'classification',
      target: 'kind',
      classes: 3,
      input: 'trunk',
      metrics: ['accuracy', { type: 'topK', k }],
    },
    mass: { type: 'regression', target: 'mass', input: 'trunk' },
  });
  const reading = read({ tasks: tasks(3) });
  assert.deepEqual(
    reading.problems.map(({ code, pointer, severity }) => [code, pointer, severity]),
    [['top-k-trivial', '/tasks/kind/metrics/1', 'warning']],
  );
  assert.match(reading.problems[0]?.message.en ?? '', /With 3 classes, the 3 most probable/);
  assert.deepEqual(read({ tasks: tasks(2) }).problems, []);
  assert.deepEqual(read({ tasks: tasks(4) }).problems.map(({ code }) => code), ['top-k-trivial']); // prettier-ignore
});

test('stages-missing: columns meet between stages', () => {
  for (const type of ['cross-stitch', 'ple', 'mtan', 'branch']) {
    const trunk = { input: 'measures', layers: [dense], sharing: type };
    const { problems } = readSpec(specText({ network: { trunk } }));
    assert.deepEqual(
      problems.map(({ code, pointer }) => [code, pointer]),
      [['stages-missing', '/network/trunk/sharing']],
      type,
    );
  }
  const { problems } = readSpec(
    specText({ network: { trunk: { input: 'measures', layers: [dense], sharing: 'mmoe' } } }),
  );
  assert.deepEqual(problems, []);
});

test('negative-loss: quotients and logarithms of losses want losses that are never negative', (context) => {
  // Every loss of today's table is at least 0; the next one may not be.
  const { mtl } = losses.regression.poisson as unknown as { mtl: { infimum: number } };
  const known = mtl.infimum;
  context.after(() => (mtl.infimum = known));
  mtl.infimum = -1;
  const found = (strategy: unknown): (readonly [string, string])[] => {
    const tasks = {
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
      mass: { type: 'regression', target: 'mass', input: 'trunk', loss: 'poisson' },
    };
    const { problems } = read({ tasks, weights: { kind: 1, mass: 1 }, strategy });
    return problems.map(({ code, pointer }) => [code, pointer] as const);
  };
  const expected = [['negative-loss', '/tasks/mass/loss']];
  const wanting = [
    ...['dwa', 'geometric', 'log', 'uncertainty', 'uncertainty-optimal', 'uncertainty-softmax', 'imtl-l', 'imtl'],
    ...['gradnorm', 'db-mtl', 'initial-loss', 'complexity', 'famo'],
    { name: 'stch', form: 'log-nadir' },
    { name: 'mgda', gradientNormalization: 'loss' },
    { name: 'mgda', gradientNormalization: 'loss+' },
    { name: 'moco', convention: 'libmtl' },
  ];
  for (const strategy of wanting) assert.deepEqual(found(strategy), expected, JSON.stringify(strategy));
  const content = ['static', 'pcgrad', 'stch', 'mgda', { name: 'famo', minLosses: [-1, -1] }, { name: 'mgda', gradientNormalization: 'l2' }]; // prettier-ignore
  for (const strategy of content) assert.deepEqual(found(strategy), [], JSON.stringify(strategy));
  const { problems } = read({
    tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk', loss: 'poisson' } },
    weights: { mass: 1 },
    strategy: 'dwa',
  });
  assert.match(problems[0]?.message.en ?? '', /"dwa" takes quotients .* those of "mass" may be negative/);
});
