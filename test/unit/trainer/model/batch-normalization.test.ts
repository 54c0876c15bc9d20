import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../../../src/trainer/model/build.ts';
import { assertClose, vectors } from '../tasks/vectors.ts';
import { planOf } from './fixture.ts';

type Nested = number | Nested[];
interface Reference {
  readonly x: number[][][][];
  readonly dy: number[][][][];
  readonly y: Nested[];
  readonly dx: Nested[];
  readonly evaluated: Nested[];
  readonly [key: string]: Nested[];
}

const reference = vectors<Reference>('batch-normalization');
const flat = (values: Nested[] | undefined): number[] => [values ?? []].flat(Infinity as 20) as number[];

function modelOf(trainable: boolean, conventions: 'tf' | 'pytorch', more: object = {}): Model {
  const layers = [{ type: 'batchNormalization', ...more }, { type: 'flatten' }];
  const plan = planOf({
    inputs: { x: { shape: [3, 2, 4] } },
    blocks: { b: { input: ['x'], layers, trainable } },
    tasks: { t: { type: 'regression', input: ['b'], units: 24 } },
  });
  const model = buildModel(plan, { seed: 0, conventions });
  tf.tidy(() => {
    for (const { path, variable } of model.variables) {
      const values = path.startsWith('b/0') ? reference[path.split('/').at(-1) ?? ''] : undefined;
      if (values) variable.assign(tf.tensor(flat(values), variable.shape));
      // The head passes its input through, so that the layer's output can be read.
      if (path === 'tasks/t/head/kernel') variable.assign(tf.eye(24));
      if (path === 'tasks/t/head/bias') variable.assign(tf.zeros([24]));
    }
  });
  return model;
}

function valueOf(model: Model, path: string): number[] {
  return [...(model.kept.find((entry) => entry.path === path)?.variable.dataSync() ?? [])];
}

describe('BatchNormalization', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('trains and evaluates as torch.nn.BatchNorm2d: outputs, gradients, moving statistics', () => {
    const model = modelOf(true, 'pytorch');
    tf.tidy(() => {
      const x = tf.tensor4d(reference.x);
      const dy = tf.tensor2d(flat(reference.dy), [6, 24]);
      model.setStep(0, { updateStatistics: false });
      const dx = tf.grad((input) => tf.sum(tf.mul(model.forward([input], true)[0] as tf.Tensor, dy)))(x);
      assertClose(dx.dataSync(), flat(reference.dx), 1e-5, 'dx');
      assert.deepEqual(valueOf(model, 'b/0/moving_mean'), [0, 0, 0, 0]);
      const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.mul(model.forward([x], true)[0] as tf.Tensor, dy)));
      for (const name of ['gamma', 'beta']) {
        const variable = model.variables.find(({ path }) => path === `b/0/${name}`)?.variable;
        assertClose(grads[variable?.name ?? '']?.dataSync() ?? [], flat(reference[`d${name}`]), 1e-5, name);
      }
      model.setStep(0);
      assertClose(model.forward([x], true)[0]?.dataSync() ?? [], flat(reference.y), 1e-5, 'y');
      assertClose(valueOf(model, 'b/0/moving_mean'), flat(reference['mean']), 1e-5, 'mean');
      assertClose(valueOf(model, 'b/0/moving_variance'), flat(reference['variance']), 1e-5, 'variance');
      assertClose(model.forward([x], false)[0]?.dataSync() ?? [], flat(reference.evaluated), 1e-5, 'evaluated');
    });
    model.dispose();
  });

  it('under tf conventions without debias keeps .99 of the moving statistics and takes the biased variance', () => {
    const model = modelOf(true, 'tf', { debias: false });
    tf.tidy(() => {
      const x = tf.tensor4d(reference.x);
      model.forward([x], true);
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      assertClose(valueOf(model, 'b/0/moving_mean'), tf.mul(mean, 0.01).dataSync(), 1e-5);
      assertClose(valueOf(model, 'b/0/moving_variance'), tf.add(tf.mul(variance, 0.01), 0.99).dataSync(), 1e-5);
    });
    model.dispose();
  });

  for (const [name, conventions, more, m, unbiased] of [
    ['under tf conventions', 'tf', {}, 0.99, false],
    ['asked for under those of PyTorch', 'pytorch', { debias: true }, 0.9, true],
    ['with a momentum near 1', 'tf', { momentum: 0.99999 }, 0.99999, false],
    ['with the momentum 0', 'tf', { momentum: 0 }, 0, false],
  ] as const) {
    it(`${name} divides its averages by 1 − momentumᵗ, with averages that would start at 0`, () => {
      const model = modelOf(true, conventions, more);
      // Before the first update the first values are all there is.
      assert.deepEqual([valueOf(model, 'b/0/moving_mean'), valueOf(model, 'b/0/moving_variance')].flat(), [
        ...[0, 0, 0, 0],
        ...[1, 1, 1, 1],
      ]);
      const sums = { mean: [0, 0, 0, 0], variance: [0, 0, 0, 0] };
      for (let t = 1; t <= 5; t++) {
        tf.tidy(() => {
          const x = tf.randomNormal([6, 3, 2, 4], t, 0.01 * t, 'float32', t);
          model.setStep(t);
          model.forward([x], true);
          // A second pass on the same batch is no update.
          model.setStep(t, { updateStatistics: false });
          model.forward([x], true);
          const { mean, variance } = tf.moments(x, [0, 1, 2]);
          const correct = unbiased ? 36 / 35 : 1;
          sums.mean = [...mean.dataSync()].map((value, i) => m * (sums.mean[i] ?? 0) + (1 - m) * value);
          sums.variance = [...variance.dataSync()].map(
            (value, i) => m * (sums.variance[i] ?? 0) + (1 - m) * value * correct,
          );
        });
        const whole = 1 - m ** t;
        const expected = (values: readonly number[]): number[] => values.map((value) => value / whole);
        assertClose(valueOf(model, 'b/0/moving_mean'), expected(sums.mean), 2e-5, `mean after ${String(t)}`);
        const variance = valueOf(model, 'b/0/moving_variance').map(
          (value, i) => value / (expected(sums.variance)[i] ?? 0),
        );
        assertClose(variance, [1, 1, 1, 1], 2e-5, `variance after ${String(t)}`);
        assert.deepEqual(valueOf(model, 'b/0/updates'), [t]);
      }
      assert.deepEqual(
        model.averages.map(({ path, pointer, momentum, debias }) => [path, pointer, momentum, debias]),
        [['b/0', '/b/0', m, true]],
      );
      model.dispose();
    });
  }

  it('in a frozen block uses its moving statistics and leaves them', () => {
    const model = modelOf(false, 'tf');
    assert.ok(model.variables.filter(({ path }) => path.startsWith('b/')).every(({ trainable }) => !trainable));
    tf.tidy(() => {
      const x = tf.tensor4d(reference.x);
      assertClose(model.forward([x], true)[0]?.dataSync() ?? [], model.forward([x], false)[0]?.dataSync() ?? [], 1e-7);
    });
    assert.deepEqual(valueOf(model, 'b/0/moving_mean'), [0, 0, 0, 0]);
    assert.deepEqual(valueOf(model, 'b/0/updates'), [0]);
    assert.deepEqual(model.averages, []);
    model.dispose();
  });

  it('has a factor and an offset where they are asked for; its averages are kept and never trained', () => {
    for (const [more, trained] of [
      [{}, ['gamma', 'beta']],
      [{ scale: false }, ['beta']],
      [{ center: false }, ['gamma']],
      [{ scale: false, center: false }, []],
    ] as const) {
      const model = modelOf(true, 'tf', more);
      const own = model.variables.filter(({ path }) => path.startsWith('b/'));
      assert.deepEqual(
        own.filter(({ trainable }) => trainable).map(({ path }) => path),
        trained.map((name) => `b/0/${name}`),
        JSON.stringify(more),
      );
      const averages = ['b/0/moving_mean', 'b/0/moving_variance', 'b/0/updates'];
      for (const path of averages) assert.ok(model.kept.some((entry) => entry.path === path));
      model.dispose();
    }
  });

  it('takes the variance of a batch of one value as it is: there is no unbiased one', () => {
    const plan = planOf({
      inputs: { x: { shape: [2] } },
      blocks: { b: { input: ['x'], layers: [{ type: 'batchNormalization' }] } },
      tasks: { t: { type: 'regression', input: ['b'], units: 1 } },
    });
    const model = buildModel(plan, { seed: 0, conventions: 'pytorch' });
    tf.tidy(() => {
      model.forward([tf.tensor2d([[3, -5]])], true);
    });
    // A tenth of the batch's mean, and of its variance of 0.
    assertClose(valueOf(model, 'b/0/moving_mean'), [0.3, -0.5], 1e-6);
    assertClose(valueOf(model, 'b/0/moving_variance'), [0.9, 0.9], 1e-6);
    model.dispose();
  });
});
