/**
 * Captured steps have the numbers of the eager ones: for every loss, layer and optimizer of the tables (strategies and
 * mechanisms have files of their own), so that a new row is tested, or refused by name, from the day it is there.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Programs } from '../../../../../../src/trainer/step/executors/captured/programs.ts';
import { layerTypes } from '../../../../../../src/trainer/model/layers.ts';
import { optimizers } from '../../../../../../src/spec/schema/optimizers.ts';
import { trainedLosses } from '../../../resolved.ts';
import { filesOf } from '../../../../matrix/cases.ts';
import { imageFiles } from '../../../layers/images.ts';
import { assertNear, assertSame, capturedSuite, kinked, problemsOf, smooth, specWith, type Spec } from './cases.ts';
import { compare, half } from './pair.ts';

/** An example of each layer type: what stands before and after it, on images of 6×6. */
const image = { type: 'flatten' };
const layerExamples: Readonly<Record<string, readonly object[]>> = {
  dense: [image, { type: 'dense', units: 5, activation: 'relu' }],
  conv2d: [{ type: 'conv2d', filters: 3, kernelSize: 3, activation: 'relu' }, image],
  maxPooling2d: [{ type: 'maxPooling2d' }, image],
  averagePooling2d: [{ type: 'averagePooling2d' }, image],
  globalAveragePooling2d: [{ type: 'conv2d', filters: 3, kernelSize: 3 }, { type: 'globalAveragePooling2d' }],
  globalMaxPooling2d: [{ type: 'conv2d', filters: 3, kernelSize: 3 }, { type: 'globalMaxPooling2d' }],
  flatten: [image],
  activation: [image, { type: 'dense', units: 4 }, { type: 'activation', activation: 'sigmoid' }],
  dropout: [image, { type: 'dense', units: 6, activation: 'tanh' }, { type: 'dropout', rate: 0.4 }],
  // Without a bias, whose gradient before batch normalization is nothing but rounding, which Adam makes whole steps of.
  batchNormalization: [
    { type: 'conv2d', filters: 3, kernelSize: 3, useBias: false },
    { type: 'batchNormalization' },
    image,
  ],
};

function layerSpec(layers: readonly object[]): Spec {
  return {
    data: { source: 'data.npz', inputs: { x: { type: 'image', from: 'x', normalize: 'none' } } },
    network: { trunk: { input: 'x', layers } },
    tasks: {
      first: { type: 'classification', input: 'trunk', target: 'kind' },
      second: { type: 'regression', input: 'trunk', target: 'value' },
    },
    training: { batchSize: 16, steps: 1000, seed: 3, learningRate: 0.005 },
  };
}

/** An embedding reads categories, not images. */
function embeddingSpec(): Spec {
  const made = specWith({}, {});
  return {
    ...made,
    data: { ...(made['data'] as object), inputs: { x: { type: 'category', from: 'kind', encoding: 'index' } } },
    network: { trunk: { input: 'x', layers: [{ type: 'embedding', outputDim: 3 }, { type: 'flatten' }] } },
  };
}

capturedSuite('captured steps', (run, engine) => {
  for (const name of Object.keys(optimizers)) {
    test(`optimizer ${name}: smooth, 200 steps`, async () => {
      const conventions = name === 'adam' ? 'tf' : 'pytorch';
      const training = { optimizer: name, conventions, learningRate: 0.01, schedule: 'cosine', steps: 200 };
      assertSame(name, await run(specWith({}, training), 'full', 200), smooth);
    });
  }

  test('penalties, clipping, a last smaller batch, absent tasks', async () => {
    const training = { l1: 0.0001, l2: 0.001, clipNorm: 0.05, batchSize: 6, learningRate: 0.01 };
    assertSame('penalties', await run(specWith({}, training), 'rare', 60), smooth);
    assertSame('batch-mean', await run(specWith({}, { ...training, reduction: 'batch-mean' }), 'half', 60), smooth);
  });

  for (const { name, task } of trainedLosses) {
    test(`loss ${name} of ${task}`, async () => {
      const spec = specWith({ task }, { learningRate: 0.002 });
      const tasks = spec['tasks'] as Record<string, object>;
      const normalize = name === 'poisson' ? { normalize: 'none', target: 'grade' } : {};
      const first = { ...tasks['first'], loss: name, ...normalize };
      assertSame(name, await run({ ...spec, tasks: { ...tasks, first } }, 'half', 10), kinked);
    });
  }

  test('every layer type has an example here', () => {
    assert.deepEqual(
      layerTypes.filter((type) => type !== 'embedding' && !(type in layerExamples)),
      [],
    );
  });

  for (const [type, layers] of Object.entries(layerExamples)) {
    test(`layer ${type}`, async () => {
      const spec = layerSpec(layers);
      assert.deepEqual(problemsOf(spec), []);
      assertSame(type, await compare(engine(), spec, imageFiles(48, [6, 6, 1]), 10), kinked);
    });
  }

  test('layer embedding', async () => {
    assertSame('embedding', await run(embeddingSpec(), 'full', 20), kinked);
  });

  // TensorFlow may refuse a graph only when it runs.
  for (const [strategy, place] of [
    ['static', 1],
    ['mgda', 1],
    ['mgda', 2],
  ] as const) {
    test(`${strategy}: graph ${String(place)} fails on its first run, and the training goes on without it`, async (t) => {
      const programs = new Set<object>();
      // oxlint-disable-next-line typescript/unbound-method -- called with the `this` of the call below
      const original = Programs.prototype.run;
      t.mock.method(Programs.prototype, 'run', function (this: Programs, ...args: Parameters<Programs['run']>) {
        const [program] = args;
        programs.add(program);
        if ([...programs][place - 1] === program) throw new Error('no such kernel');
        return original.apply(this, args);
      });
      const made = specWith({ strategy }, { optimizer: 'momentum', learningRate: 0.05, steps: 6 });
      const compared = await run(made, 'full', 6);
      assert.match([compared.detail, ...compared.refusals].join('; '), /it does not run \(no such kernel\)/);
      assertNear(strategy, compared, kinked);
    });
  }

  test('a batch of nothing but a class of weight 0 has the task absent', async () => {
    const spec = specWith({ task: 'classification' }, { optimizer: 'momentum', batchSize: 2, learningRate: 0.05 });
    const tasks = spec['tasks'] as Record<string, object>;
    const loss = { type: 'weighted-cross-entropy', classWeights: { '1': 0 } };
    assertSame(
      'weightless',
      await run({ ...spec, tasks: { ...tasks, first: { ...tasks['first'], loss } } }, 'half', 12),
      kinked,
    );
  });

  test('penalties stand in the records as they are added', async () => {
    for (const strategy of ['static', 'mgda']) {
      const training = { optimizer: 'sgd', learningRate: 0.05, steps: 6, l1: 0.01, l2: 0.1, clipNorm: 1 };
      assertSame(strategy, await run(specWith({ strategy }, training), 'full', 6), kinked);
    }
  });

  for (const name of Object.keys(optimizers)) {
    test(`optimizer ${name}, tasks absent`, async () => {
      const conventions = name === 'adam' ? 'tf' : 'pytorch';
      const training = { optimizer: name, conventions, learningRate: 0.01, steps: 40, batchSize: 4, clipNorm: 0.5 };
      assertSame(name, await run(specWith({}, training), 'disjoint', 40), smooth);
    });
  }

  test('a run too short to save by graphs goes operation by operation, and says so', async () => {
    const files = filesOf({ labels: 'half' });
    for (const [steps, graph] of [
      [63, false],
      [64, true],
    ] as const) {
      const made = await half(engine(), specWith({}, { steps }), files, true, undefined, false);
      assert.equal(made.graph, graph, made.detail);
      assert.equal(/for 63 steps graphs would cost more than they save/.test(made.detail), !graph, made.detail);
      made.dispose();
    }
  });

  test('statistics of the layers of an absent task stay, those of a task that another reads move', async () => {
    const normal = [{ type: 'dense', units: 4, useBias: false }, { type: 'batchNormalization' }];
    const made = specWith({}, { learningRate: 0.005, steps: 12, batchSize: 4 });
    const { first, second, third } = made['tasks'] as Record<string, object>;
    const tasks = {
      first: { ...first, layers: normal },
      second: { ...second, input: ['trunk', 'task:first'], stopGradient: true, layers: normal },
      third: { ...third, layers: [...normal, { type: 'dropout', rate: 0.3 }] },
    };
    const spec = { ...made, tasks };
    assert.deepEqual(problemsOf(spec), []);
    assertSame('statistics', await run(spec, 'disjoint', 12), kinked);
  });

  test('sets of tasks that never come back share one graph, in training and in evaluation', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `t${String(index)}`);
    const rows = Array.from({ length: 120 }, (_, row) => {
      const [x, z] = [Math.sin(row), Math.cos(3 * row)];
      const labels = names.map((_, task) => ((row * 7 + task * task * 5) % 11 < 3 ? String(x * task - z) : ''));
      return [x, z, ...labels, row < 80 ? 'train' : 'validation'].join();
    });
    const spec = {
      data: {
        source: 'd.csv',
        inputs: { x: { type: 'number', from: ['x', 'z'] } },
        split: { column: 'part' },
      },
      network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 6, activation: 'tanh' }] } },
      tasks: Object.fromEntries(names.map((name) => [name, { type: 'regression', input: 'trunk', target: name }])),
      training: { batchSize: 3, epochs: 3, seed: 5, learningRate: 0.01 },
    };
    assert.deepEqual(problemsOf(spec), []);
    const files = { 'd.csv': ['x', 'z', ...names, 'part'].join() + '\n' + rows.join('\n') + '\n' };
    // 27 steps an epoch, nearly each with a set of its own.
    assertSame('sets', await compare(engine(), spec, files, 81), kinked);
  });
});
