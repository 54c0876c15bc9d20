import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import { buildModel, type BuildOptions, type Model } from '../../../../src/trainer/model/build.ts';
import { article, type LoosePlan, planOf } from './fixture.ts';

const options: BuildOptions = { seed: 1, conventions: 'tf' };

function values(model: Model): Map<string, Float32Array> {
  return new Map(model.variables.map(({ path, variable }) => [path, variable.dataSync() as Float32Array]));
}

/** Raw heads of one forward pass in training, as numbers. */
function pass(model: Model, x: tf.Tensor): number[] {
  return tf.tidy(() => model.forward([x], true).flatMap((head) => [...head.dataSync()]));
}

const small: LoosePlan = {
  inputs: { x: { shape: [4] } },
  blocks: {
    trunk: { input: ['x'], layers: [{ type: 'dense', units: 5, activation: 'tanh' }] },
    left: { input: ['trunk'], layers: [{ type: 'dense', units: 3, regularization: { l1: 0.1, l2: 0.2 } }] },
    frozen: { input: ['x'], layers: [{ type: 'dense', units: 2 }], trainable: false },
  },
  tasks: {
    a: { type: 'classification', input: ['left'], units: 3 },
    b: { type: 'regression', input: ['trunk', 'frozen', 'task:a'], units: 1 },
    c: { type: 'box', input: ['x', 'task:b'], units: 4, stopGradient: true },
  },
};

describe('buildModel', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('builds the article network, frees everything, and leaks nothing in a step', () => {
    const before = tf.memory().numTensors;
    const model = buildModel(planOf(article), options);
    assert.deepEqual(
      model.variables.map(({ path }) => path),
      [
        ...['特征提取/0/kernel', '特征提取/0/bias'],
        ...['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => `特征提取/1/${name}`),
        ...['特征提取/5/kernel', '特征提取/5/bias'],
        ...['tasks/分类/head/kernel', 'tasks/分类/head/bias'],
        ...['tasks/回归/0/kernel', 'tasks/回归/0/bias', 'tasks/回归/head/kernel', 'tasks/回归/head/bias'],
        ...['tasks/检测/head/kernel', 'tasks/检测/head/bias'],
      ],
    );
    assert.equal(tf.memory().numTensors, before + model.kept.length);
    const x = tf.randomNormal([5, 8, 8, 1], 0, 1, 'float32', 7);
    const held = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) {
      model.setStep(step);
      const { value, grads } = tf.variableGrads(() => {
        const sums = model.forward([x], true).map((head) => tf.sum(tf.square(head)));
        return tf.addN(sums) as tf.Scalar;
      });
      value.dispose();
      tf.dispose(grads);
      tf.dispose(model.predict([x]));
    }
    assert.equal(tf.memory().numTensors, held);
    x.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('gives a gradient that finite differences confirm', () => {
    const model = buildModel(planOf(article), options);
    const x = tf.randomNormal([5, 8, 8, 1], 0, 1, 'float32', 7);
    const loss = (): tf.Scalar =>
      tf.addN<tf.Scalar>(model.forward([x], true).map((head) => tf.sum<tf.Scalar>(tf.square(head))));
    model.setStep(3, { updateStatistics: false });
    const { grads } = tf.variableGrads(loss);
    assert.ok(model.variables.filter(({ trainable }) => trainable).length >= 4, 'there is something to compare');
    for (const { variable, path, trainable } of model.variables) {
      if (!trainable) continue;
      const gradient = (grads[variable.name] as tf.Tensor).dataSync() as Float32Array;
      // Along the gradient itself: one quotient a variable, far above float32's rounding.
      const norm = Math.hypot(...gradient);
      const start = variable.dataSync() as Float32Array;
      const at = (by: number): number =>
        tf.tidy(() => {
          variable.assign(
            tf.tensor(
              start.map((value, index) => value + (by * (gradient[index] ?? 0)) / norm),
              variable.shape,
            ),
          );
          return loss().dataSync()[0] ?? NaN;
        });
      const step = 2e-3;
      const quotient = (at(step) - at(-step)) / (2 * step);
      at(0);
      // A bias in front of batch normalization has no effect at all: both are rounding there.
      assert.ok(
        Math.abs(quotient - norm) < 2e-2 * norm + 2e-3,
        `${path}: ${String(quotient)} instead of ${String(norm)}`,
      );
    }
    tf.dispose(grads);
    x.dispose();
    model.dispose();
  });

  it('says of every variable which losses reach it, what regularizes it, and whether it is trained', () => {
    const model = buildModel(planOf(small), options);
    const facts = new Map(model.variables.map((variable) => [variable.path, variable]));
    const tasks = (path: string): readonly string[] | undefined => facts.get(path)?.tasks;
    // b reads a's prediction, so its loss reaches a's head; c is cut off from b.
    assert.deepEqual(tasks('trunk/0/kernel'), ['a', 'b']);
    assert.deepEqual(tasks('left/0/kernel'), ['a', 'b']);
    assert.deepEqual(tasks('tasks/a/head/bias'), ['a', 'b']);
    assert.deepEqual(tasks('tasks/b/head/kernel'), ['b']);
    assert.deepEqual(tasks('tasks/c/head/kernel'), ['c']);
    assert.equal(facts.get('tasks/a/head/kernel')?.shared, true);
    assert.equal(facts.get('tasks/b/head/kernel')?.shared, false);
    const { l1, l2, kernel, decays } = facts.get('left/0/kernel') ?? {};
    assert.deepEqual([l1, l2, kernel, decays], [0.1, 0.2, true, true]);
    const bias = facts.get('left/0/bias');
    assert.deepEqual([bias?.l1, bias?.l2, bias?.kernel, bias?.decays], [0, 0, false, false]);
    assert.equal(facts.get('frozen/0/kernel')?.trainable, false);
    assert.equal(facts.get('trunk/0/kernel')?.trainable, true);
    model.dispose();
  });

  it('lets no gradient through stopGradient, and lets it through otherwise', () => {
    const model = buildModel(planOf(small), options);
    const reaches = (task: number, path: string): boolean =>
      tf.tidy(() => {
        const x = tf.ones([2, 4]);
        const variable = model.variables.find((entry) => entry.path === path)?.variable as tf.Variable;
        const { grads } = tf.variableGrads(
          () => tf.sum<tf.Scalar>(tf.square(model.forward([x], true)[task] as tf.Tensor)),
          [variable],
        );
        return (grads[variable.name]?.dataSync() ?? []).some((value) => value !== 0);
      });
    assert.equal(reaches(1, 'tasks/a/head/kernel'), true);
    assert.equal(reaches(2, 'tasks/b/head/kernel'), false);
    model.dispose();
  });

  it('draws first values that a further head does not change, and starts heads at a given bias', () => {
    const one = buildModel(planOf(small), options);
    const { c, ...fewer } = small.tasks;
    assert.ok(c);
    const two = buildModel(planOf({ ...small, tasks: { z: { type: 'box', input: ['x'], units: 4 }, ...fewer } }), {
      ...options,
      headBias: new Map([['z', [1, 2, 3, 4]]]),
    });
    const first = values(one);
    for (const [path, numbers] of values(two)) {
      if (path.startsWith('tasks/z')) continue;
      assert.deepEqual(numbers, first.get(path), path);
    }
    assert.deepEqual([...(values(two).get('tasks/z/head/bias') ?? [])], [1, 2, 3, 4]);
    assert.throws(
      () => buildModel(planOf(small), { ...options, headBias: new Map([['a', [1]]]) }),
      /tasks\/a\/head\/bias has 3 values, but 1 first values were given/,
    );
    one.dispose();
    two.dispose();
  });

  it('keys dropout by seed, layer, step and part: the same step has the same mask, in a new process too', () => {
    const plan = planOf({
      inputs: { x: { shape: [6] } },
      blocks: {
        b: {
          input: ['x'],
          layers: [
            { type: 'dropout', rate: 0.4 },
            { type: 'dropout', rate: 0.4 },
          ],
        },
      },
      tasks: { t: { type: 'regression', input: ['b'], units: 1 } },
    });
    const model = buildModel(plan, options);
    const twin = buildModel(plan, options);
    const x = tf.ones([50, 6]);
    const at = (which: Model, step: number, part = 0): number[] => {
      which.setStep(step, { part });
      return pass(which, x);
    };
    assert.deepEqual(at(model, 5), at(twin, 5));
    assert.deepEqual(at(model, 5), at(model, 5));
    assert.notDeepEqual(at(model, 5), at(model, 6));
    assert.notDeepEqual(at(model, 5), at(model, 5, 1));
    // Kept values are divided by 1 − rate: the mean stays.
    const kept = tf.tidy(
      () =>
        model.network.layers
          .find(({ name }) => name === 'b.0')
          ?.apply(tf.ones([4000, 1]), { training: true }) as tf.Tensor,
    );
    const numbers = [...kept.dataSync()];
    const share = numbers.filter((value) => value > 0).length / numbers.length;
    assert.ok(Math.abs(share - 0.6) < 0.03);
    assert.ok(numbers.every((value) => value === 0 || Math.abs(value - 1 / 0.6) < 1e-6));
    const idle = tf.tidy(() => model.predict([x])[0]?.dataSync()[0]);
    assert.equal(
      idle,
      tf.tidy(() => model.predict([x])[0]?.dataSync()[0]),
    );
    tf.dispose([x, kept]);
    model.dispose();
    twin.dispose();
  });

  it('leaves out inputs that no task needs, and layers that feed nothing', () => {
    const model = buildModel(
      planOf({
        inputs: { unused: { shape: [2] }, x: { shape: [3] } },
        blocks: { dead: { input: ['unused'], layers: [{ type: 'dense', units: 2 }] } },
        tasks: { t: { type: 'regression', input: ['x'], units: 1 } },
      }),
      options,
    );
    assert.deepEqual(model.inputs, ['x']);
    assert.deepEqual(
      model.variables.map(({ path }) => path),
      ['tasks/t/head/kernel', 'tasks/t/head/bias'],
    );
    model.dispose();
  });

  it('refuses a layer it cannot train and a size that is not known, and frees what it had built', () => {
    const held = tf.memory().numTensors;
    const magic = {
      ...small,
      blocks: { ...small.blocks, left: { input: ['trunk'], layers: [{ type: 'lstm', units: 2 }] } },
    };
    assert.throws(() => buildModel(planOf(magic), options), /"lstm" \(\/left\/0\) cannot be trained/);
    const open = planOf(small);
    const input = open.inputs.get('x');
    assert.ok(input);
    const unknown = { ...open, inputs: new Map([['x', { ...input, shape: [null] }]]) };
    assert.throws(() => buildModel(unknown, options), /input "x" is not known yet/);
    assert.equal(tf.memory().numTensors, held);
  });
});
