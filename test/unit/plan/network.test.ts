// Blocks and tasks of a plan with everything that is said of them, counted by hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planSummary, sharesOf } from '../../../src/plan/index.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { planText, specText, squiggles, table } from './helpers.ts';

const dense = (units: number): object => ({ type: 'dense', units });
const normal = { type: 'batchNormalization' };
const parts = {
  data: {
    source: 't.csv',
    inputs: { x: { type: 'number', from: ['a', 'b', 'c'] }, y: { type: 'number', from: 'id' } },
  },
  network: {
    late: { input: ['trunk', 'y'], layers: [dense(2)] },
    trunk: { input: 'x', layers: [dense(4), normal] },
  },
  tasks: {
    mass: { type: 'regression', target: 'mass', input: ['late', 'task:kind'], layers: [dense(5)] },
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk', metrics: ['accuracy', 'macroF1'] },
  },
  weights: { mass: 0.25 },
};
const planOf = (more: object = {}): Plan => planText(specText({ ...parts, ...more }), table).plan;

test('a block has its input, output, counts, readers and the tasks whose losses reach it', () => {
  const plan = planOf();
  const { layers, sharing, ...trunk } = plan.blocks.get('trunk') ?? assert.fail();
  assert.deepEqual(trunk, {
    ...{ name: 'trunk', pointer: '/network/trunk', sources: [{ kind: 'input', name: 'x' }] },
    // 3 · 4 + 4 of the dense layer, 4 · 4 of the normalization, half of it not trained.
    ...{ inputShape: [3], outputShape: [4], parameters: 32, trainable: 24 },
    ...{ consumers: ['late', 'kind'], tasks: ['mass', 'kind'], shared: true },
  });
  assert.equal(sharing, undefined);
  assert.deepEqual(layers.map(({ pointer, path }) => [pointer, path]), [['/network/trunk/layers/0', 'trunk/0'], ['/network/trunk/layers/1', 'trunk/1']]); // prettier-ignore
  const late = plan.blocks.get('late') ?? assert.fail();
  assert.deepEqual([late.inputShape, late.outputShape, late.parameters], [[5], [2], 12]);
  assert.deepEqual([late.consumers, late.tasks, late.shared], [['mass'], ['mass'], false]);
});

test('a task has its layers, its head, and who reaches it', () => {
  const { spec: _, head, layers, ...mass } = planOf().tasks.get('mass') ?? assert.fail();
  assert.deepEqual(mass, {
    ...{
      name: 'mass',
      pointer: '/tasks/mass',
      inputShape: [5],
      outputShape: [1],
      targetColumns: ['mass'],
      weight: 0.25,
    },
    sources: [
      { kind: 'block', name: 'late' },
      { kind: 'task', name: 'kind', stopGradient: false },
    ],
    // 5 · 5 + 5 and 5 + 1.
    ...{ parameters: 36, tasks: ['mass'], metrics: mass.metrics },
  });
  assert.deepEqual(layers.map(({ pointer, path, parameters }) => [pointer, path, parameters]), [['/tasks/mass/layers/0', 'tasks/mass/0', 30]]); // prettier-ignore
  assert.deepEqual([head.pointer, head.path, head.inputShape, head.outputShape], ['/tasks/mass', 'tasks/mass/head', [5], [1]]); // prettier-ignore
  assert.deepEqual([head.parameters, head.trainable], [6, 6]);
  assert.deepEqual(head.weights.map(({ name, shape }) => [name, shape]), [['kernel', [5, 1]], ['bias', [1]]]); // prettier-ignore
  const kind = planOf().tasks.get('kind') ?? assert.fail();
  assert.deepEqual([kind.weight, kind.metrics, kind.tasks, kind.outputShape], [1, ['accuracy', 'macroF1'], ['mass', 'kind'], [3]]); // prettier-ignore
});

test('a head is linear, and starts as its conventions have it', () => {
  const head = (training: object): unknown => planOf({ training }).tasks.get('kind')?.head.spec;
  const common = { type: 'dense', units: 3, activation: 'linear', useBias: true };
  assert.deepEqual(head({}), { ...common, kernelInitializer: 'glorotUniform', biasInitializer: 'zeros' });
  assert.deepEqual(head({ conventions: 'pytorch' }), { ...common, kernelInitializer: 'torchUniform', biasInitializer: 'torchUniform' }); // prettier-ignore
});

test('inputs, blocks and tasks stand as they are written, the order is one of definition', () => {
  const plan = planOf();
  assert.deepEqual([...plan.inputs.keys(), ...plan.blocks.keys(), ...plan.tasks.keys()], ['x', 'y', 'late', 'trunk', 'mass', 'kind']); // prettier-ignore
  assert.deepEqual(plan.order.map(({ kind, name }) => `${kind} ${name}`), ['block trunk', 'block late', 'task kind', 'task mass']); // prettier-ignore
  const { spec: _, ...x } = plan.inputs.get('x') ?? assert.fail();
  assert.deepEqual(x, {
    ...{ name: 'x', pointer: '/data/inputs/x', columns: ['a', 'b', 'c'], shape: [3], dtype: 'float32' },
    consumers: ['trunk'],
  });
  assert.deepEqual(plan.inputs.get('y')?.consumers, ['late']);
});

describe('parameters', () => {
  test('are of all, of several tasks, or of one alone', () => {
    // Shared: the trunk's 32 and the head of kind, 4 · 3 + 3, which mass reads. Of mass alone: 12 + 36; of kind none.
    assert.deepEqual(planOf().parameters, { total: 95, shared: 47, byTask: new Map([['mass', 48], ['kind', 0]]) }); // prettier-ignore
    assert.deepEqual(planSummary(planOf()).parameters, { total: 95, shared: 47, byTask: { mass: 48, kind: 0 } });
    assert.deepEqual(planSummary(planOf()).blocks, {
      late: { shape: [2], parameters: 12, shared: false },
      trunk: { shape: [4], parameters: 32, shared: true },
    });
  });

  test('what is not known makes the sums unknown that it belongs to', () => {
    const open = { ...parts.tasks, kind: { type: 'classification', target: 'kind', input: 'trunk' }, mass: { type: 'regression', target: 'mass', input: 'late' } }; // prettier-ignore
    const { parameters } = planOf({ tasks: open });
    assert.deepEqual(parameters, { total: null, shared: 32, byTask: new Map([['mass', 15], ['kind', null]]) }); // prettier-ignore
  });
});

test('shares of weights: w / Σw, 0 where there is nothing to share, 1 for a task without one', () => {
  const shares = (weights: object): unknown => [...sharesOf(planOf({ weights }))];
  assert.deepEqual(shares({ mass: 1, kind: 3 }), [['mass', 0.25], ['kind', 0.75]]); // prettier-ignore
  assert.deepEqual(shares({ mass: 3 }), [['mass', 0.75], ['kind', 0.25]]); // prettier-ignore
  assert.deepEqual(shares({ mass: 0, kind: 0 }), [['mass', 0], ['kind', 0]]); // prettier-ignore
});

test('a mechanism of sharing has its parameters in its parts; a stage has its place', () => {
  const network = {
    late: parts.network.late,
    trunk: { input: 'x', stages: [[dense(4)], [dense(4), normal]], sharing: 'cross-stitch' },
  };
  const plan = planOf({ network });
  const trunk = plan.blocks.get('trunk') ?? assert.fail();
  assert.deepEqual(trunk.layers.map(({ pointer, path }) => [pointer, path]), [['/network/trunk/stages/0/0', 'trunk/0'], ['/network/trunk/stages/1/0', 'trunk/1'], ['/network/trunk/stages/1/1', 'trunk/2']]); // prettier-ignore
  // Two columns of 16 and 20 + 16, of which 8 are not trained, and two rows of two for each of two stages.
  assert.deepEqual([trunk.parameters, trunk.trainable, trunk.shared], [2 * 52 + 8, 2 * 44 + 8, true]);
  assert.deepEqual([...(trunk.sharing?.outputs.keys() ?? [])], ['block:late', 'task:kind']);
  // The last units of late are of mass alone, those of kind of both: mass reads its prediction.
  assert.equal(plan.parameters.byTask.get('mass'), 2 + 12 + 36);
});

test('a mechanism whose only shared parts have no parameters shares nothing', () => {
  const network = {
    trunk: { input: 'x', layers: [{ type: 'activation', activation: 'relu' }], sharing: { type: 'mmoe', experts: 2 } },
  };
  const tasks = {
    mass: { type: 'regression', target: 'mass', input: 'trunk' },
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
  };
  const data = { source: 't.csv', inputs: { x: parts.data.inputs.x } };
  assert.equal(planOf({ network, tasks, data }).blocks.get('trunk')?.shared, false);
});

test('a block and a task of the same name are two, each with what it reads', () => {
  const plan = planOf({
    network: { ...parts.network, kind: { input: 'trunk', layers: [dense(6)] } },
    tasks: { ...parts.tasks, kind: { type: 'classification', target: 'kind', classes: 3, input: 'kind' } },
  });
  const [block, task] = [plan.blocks.get('kind'), plan.tasks.get('kind')];
  assert.deepEqual([block?.pointer, block?.inputShape, block?.outputShape, block?.consumers], ['/network/kind', [4], [6], ['kind']]); // prettier-ignore
  assert.deepEqual([task?.pointer, task?.inputShape, task?.outputShape], ['/tasks/kind', [6], [3]]);
  assert.deepEqual(plan.tasks.get('mass')?.inputShape, [5]);
});

test('behind a mechanism that its block cannot take nothing is known', () => {
  // The columns of a cross-stitch read what is no number.
  const codes = { type: 'category', from: ['a', 'b'], encoding: 'index' };
  const { plan, problems } = planText(
    specText({
      data: { source: 't.csv', inputs: { codes } },
      network: { trunk: { input: 'codes', layers: [{ type: 'embedding', inputDim: 9, outputDim: 2 }, { type: 'flatten' }], sharing: { type: 'mmoe', experts: 2 } } }, // prettier-ignore
    }),
    table,
  );
  assert.deepEqual([...new Set(problems.map(({ code }) => code))], ['sharing-input']);
  const trunk = plan.blocks.get('trunk') ?? assert.fail();
  assert.deepEqual([trunk.inputShape, trunk.outputShape, trunk.sharing], [[2], [null], undefined]);
  // Its layers are still those that it has, 9 · 2 numbers of the embedding.
  assert.deepEqual([trunk.parameters, trunk.shared], [18, true]);
  assert.deepEqual(plan.tasks.get('mass')?.inputShape, [null]);
});

test('a head that reads index numbers is told of, once, with where they come from', () => {
  const codes = { type: 'category', from: 'id', encoding: 'index' };
  const reading = planText(
    specText({
      data: { source: 't.csv', inputs: { x: parts.data.inputs.x, codes } },
      network: { trunk: { input: 'x', layers: [dense(4)] } },
      tasks: { ...parts.tasks, mass: { type: 'regression', target: 'mass', input: 'codes' } },
    }),
    table,
  );
  assert.deepEqual(squiggles(reading).map(([, at]) => at), ['"codes"']); // prettier-ignore
  assert.match(reading.problems[0]?.pointer ?? '', /^\/tasks\/mass\/input/);
});
