import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { optimizers as language } from '../../../../src/spec/schema/optimizers.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import {
  createOptimizer,
  type OptimizedVariable,
  type Optimizer,
} from '../../../../src/trainer/optimizers/optimizer.ts';
import type { Conventions } from '../../../../src/spec/resolved.ts';
import { resolvedOptimizer } from '../resolved.ts';
import { assertClose, vectors } from '../tasks/vectors.ts';

interface Reference {
  readonly start: number[];
  readonly gradients: number[][];
  readonly rates: number[];
  readonly cases: { name: string; constants: Record<string, number | boolean>; path: number[][] }[];
}

const reference = vectors<Reference>('optimizers');

function variable(path: string, values: readonly number[]): OptimizedVariable {
  return {
    path,
    variable: tf.tidy(() => tf.variable(tf.tensor1d([...values]))),
    trainable: true,
    decays: true,
    learningRate: 1,
  };
}

function step(
  optimizer: Optimizer,
  target: OptimizedVariable,
  gradient: readonly number[],
  rate: number,
): Float32Array {
  tf.tidy(() => {
    optimizer.apply(new Map([[target.path, tf.tensor1d([...gradient])]]), rate);
  });
  return target.variable.dataSync() as Float32Array;
}

function newOptimizer(target: OptimizedVariable, settings: { name: string }, conventions: Conventions): Optimizer {
  return createOptimizer([target], { optimizer: resolvedOptimizer(settings, conventions), conventions });
}

describe('optimizers', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  for (const { name, constants, path } of reference.cases) {
    it(`${name} ${JSON.stringify(constants)} follows torch.optim for 30 steps`, () => {
      const target = variable('w', reference.start);
      const optimizer = newOptimizer(target, { ...constants, name }, 'pytorch');
      for (const [index, expected] of path.entries()) {
        const values = step(optimizer, target, reference.gradients[index] ?? [], reference.rates[index] ?? 0);
        assertClose(values, expected, 2e-5, `${name} step ${String(index)}`);
      }
      optimizer.dispose();
      target.variable.dispose();
    });
  }

  const own: Readonly<Record<string, () => tf.Optimizer>> = {
    sgd: () => tf.train.sgd(0.05),
    momentum: () => tf.train.momentum(0.05, 0.9),
    nesterov: () => tf.train.momentum(0.05, 0.9, true),
    adam: () => tf.train.adam(0.05, 0.9, 0.999, 1e-7),
    adamax: () => tf.train.adamax(0.05, 0.9, 0.999, 1e-7),
    adagrad: () => tf.train.adagrad(0.05, 0.1),
    rmsprop: () => tf.train.rmsprop(0.05, 0.9, 0, 1e-7),
  };
  for (const [name, make] of Object.entries(own)) {
    it(`${name} under tf conventions is tf.train.${name}`, () => {
      const target = variable('w', reference.start);
      const twin = tf.variable(tf.tensor1d(reference.start));
      const optimizer = newOptimizer(target, { name }, 'tf');
      const theirs = make();
      for (const gradient of reference.gradients) {
        tf.tidy(() => {
          theirs.applyGradients({ [twin.name]: tf.tensor1d(gradient) });
        });
        const values = step(optimizer, target, gradient, 0.05);
        // tfjs divides by √(s + ε) with the backend's ε where ours has the constant's: equal at 1e-7.
        assertClose(values, twin.dataSync(), 2e-5, name);
      }
      theirs.dispose();
      twin.dispose();
      optimizer.dispose();
      target.variable.dispose();
    });
  }

  // tfjs's own adadelta divides by the mean of squares *before* this step, which is neither the paper's nor TensorFlow's.
  it('adadelta under tf conventions is the formula of the paper with the constants of TensorFlow', () => {
    const target = variable('w', [0.7]);
    const optimizer = newOptimizer(target, { name: 'adadelta' }, 'tf');
    let [w, square, update] = [0.7, 0, 0];
    for (const [gradient = 0] of reference.gradients) {
      square = 0.95 * square + 0.05 * gradient ** 2;
      const change = (Math.sqrt(update + 1e-7) / Math.sqrt(square + 1e-7)) * gradient;
      update = 0.95 * update + 0.05 * change ** 2;
      w -= 0.5 * change;
      assertClose(step(optimizer, target, [gradient], 0.5), [w], 1e-6);
    }
  });

  it('leaves variables without a gradient alone: value, slots, count', () => {
    const [a, b] = [variable('a', [1, 2]), variable('b', [3])];
    const optimizer = createOptimizer([a, b], {
      optimizer: resolvedOptimizer({ name: 'adamw' }, 'tf'),
      conventions: 'tf',
    });
    step(optimizer, a, [1, -1], 0.1);
    step(optimizer, a, [1, -1], 0.1);
    assert.deepEqual([...b.variable.dataSync()], [3]);
    assert.deepEqual(optimizer.counts(), [2, 0]);
    const ofB = optimizer.slots().filter(({ path }) => path === 'b');
    assert.deepEqual(
      ofB.map(({ name, tensor }) => [name, ...tensor.dataSync()]),
      [
        ['mean', 0],
        ['square', 0],
      ],
    );
    // b's first update is a first update: bias correction by its own count.
    const fresh = variable('b', [3]);
    const single = newOptimizer(fresh, { name: 'adamw' }, 'tf');
    assert.deepEqual([...step(optimizer, b, [2], 0.1)], [...step(single, fresh, [2], 0.1)]);
  });

  it('does not decay biases, takes block rates, skips frozen variables, leaks nothing', () => {
    const held = tf.memory().numTensors;
    const bias = { ...variable('bias', [2]), decays: false };
    const slow = { ...variable('slow', [2]), learningRate: 0.5 };
    const frozen = { ...variable('frozen', [2]), trainable: false };
    const all = [bias, slow, frozen];
    const optimizer = createOptimizer(all, {
      optimizer: resolvedOptimizer({ name: 'adamw', weightDecay: 1 }, 'pytorch'),
      conventions: 'pytorch',
    });
    const before = tf.memory().numTensors;
    for (const target of all) step(optimizer, target, [0], 0.1);
    const values = all.map(({ variable: value }) => value.dataSync()[0]);
    assert.deepEqual(values, [2, Math.fround(2 * 0.95), 2]);
    assert.equal(tf.memory().numTensors, before);
    optimizer.dispose();
    tf.dispose(all.map(({ variable: value }) => value));
    assert.equal(tf.memory().numTensors, held);
  });

  it('goes on after a restore exactly as without one, for every optimizer', () => {
    for (const name of Object.keys(language)) {
      const settings = { name, ...(name === 'rmsprop' ? { momentum: 0.5, centered: true } : {}) };
      const [one, two] = [variable('w', reference.start), variable('w', reference.start)];
      const whole = newOptimizer(one, settings, 'tf');
      for (const gradient of reference.gradients.slice(0, 5)) step(whole, one, gradient, 0.05);
      const saved = {
        counts: whole.counts(),
        slots: whole.slots().map(({ tensor }) => tensor.dataSync() as Float32Array),
      };
      two.variable.assign(tf.clone(one.variable));
      const resumed = newOptimizer(two, settings, 'tf');
      resumed.restore(saved);
      for (const gradient of reference.gradients.slice(5, 10)) {
        assert.deepEqual([...step(resumed, two, gradient, 0.05)], [...step(whole, one, gradient, 0.05)], name);
      }
      assert.throws(() => {
        resumed.restore({ counts: [1, 2], slots: [] });
      }, /another model or optimizer/);
    }
  });

  it('refuses saved slots of another size, and says whose', () => {
    const w = variable('w', [1, 2, 3]);
    const optimizer = newOptimizer(w, { name: 'adam' }, 'tf');
    const saved = { counts: [1], slots: [Float32Array.of(1, 2, 3), Float32Array.of(1, 2)] };
    assert.throws(() => optimizer.restore(saved), {
      code: 'checkpoint-unusable',
      message: 'A saved slot of "w" has 2 values instead of 3.',
    });
  });
});
