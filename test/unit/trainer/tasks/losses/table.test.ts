import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { losses as language } from '../../../../../src/spec/schema/losses.ts';
import { type Entry, extraOf } from '../../../../../src/spec/schema/build.ts';
import { infimumOf } from '../../../../../src/spec/losses.ts';
import type { AvailableTask } from '../../../../../src/spec/resolved.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { lossCases } from './cases.ts';
import { lossNamed, trainedLosses, type Given } from '../../resolved.ts';
import { assertClose } from '../vectors.ts';

const cases = lossCases();

describe('losses', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  for (const entry of cases) {
    const title = `${entry.loss} ${JSON.stringify(entry.parameters)}`;
    it(`${title}: value and gradient are PyTorch's, without a leak`, () => {
      const loss = lossNamed(entry.task, entry.loss, entry.parameters, entry.context);
      const target = tf.tensor2d(entry.target);
      const weights = tf.tensor1d(entry.weights);
      const raw = tf.tensor2d(entry.raw);
      const held = tf.memory().numTensors;
      const value = tf.tidy(() => {
        const sums = loss.evaluate(raw, target, weights);
        return [sums.sum.dataSync()[0] ?? NaN, sums.weight.dataSync()[0] ?? NaN];
      });
      assertClose(value, [entry.sum, entry.weight], 2e-6, title);
      const gradient = tf.tidy(() =>
        tf
          .grad((x) => loss.evaluate(x as tf.Tensor2D, target, weights).sum)(raw)
          .dataSync(),
      );
      assertClose(gradient, entry.gradient.flat(), 5e-6, `${title} gradient`);
      assert.equal(tf.memory().numTensors, held);
      tf.dispose([target, weights, raw]);
    });

    it(`${title}: in double precision, sample by sample`, () => {
      const loss = lossNamed(entry.task, entry.loss, entry.parameters, entry.context);
      const values = entry.raw.map((raw, row) => loss.sample(raw, entry.target[row] ?? []).loss);
      assertClose(values, entry.losses, 1e-10, title);
      const weight = entry.raw.reduce(
        (sum, raw, row) => sum + loss.sample(raw, entry.target[row] ?? []).weight * (entry.weights[row] ?? 0),
        0,
      );
      assertClose([weight], [entry.weight], 1e-10, title);
    });
  }

  it('gradients agree with finite differences of the double-precision loss', () => {
    for (const entry of cases) {
      const loss = lossNamed(entry.task, entry.loss, entry.parameters, entry.context);
      // Rows at a kink or at the edge of saturation have no useful difference quotient.
      const [raw = []] = entry.raw;
      const [target = []] = entry.target;
      const step = 1e-5;
      const expected = raw.map((_, index) => {
        const moved = (by: number): number =>
          loss.sample(
            raw.map((value, at) => (at === index ? value + by : value)),
            target,
          ).loss;
        return (moved(step) - moved(-step)) / (2 * step);
      });
      const gradient = tf.tidy(() =>
        tf
          .grad((x) => loss.evaluate(x as tf.Tensor2D, tf.tensor2d([target]), tf.tensor1d([1])).sum)(tf.tensor2d([raw]))
          .dataSync(),
      );
      // CIoU's α is held constant in its gradient, so the quotient differs there by design.
      if (entry.loss !== 'ciou') assertClose(gradient, expected, 2e-5, entry.loss);
    }
  });

  describe('of several columns', () => {
    const rows = [
      { raw: [0.3, -1, 2], target: [0.5, 2, 1], there: [1, 0, 1], weight: 1 },
      { raw: [1.5, 0.2, -0.4], target: [3, 0, 0.1], there: [1, 1, 1], weight: 0.5 },
      { raw: [-2, 0.6, 0.1], target: [7, 1, 7], there: [0, 1, 0], weight: 2 },
      { raw: [0.1, 0.1, 0.1], target: [0, 0, 0], there: [0, 0, 0], weight: 0 },
    ];
    const kinds: readonly (readonly [string, Given])[] = [
      ['mse', {}],
      ['mae', {}],
      ['huber', { delta: 0.7 }],
      ['log-cosh', {}],
      ['poisson', {}],
      ['quantile', { quantiles: [0.25, 0.9] }],
    ];
    for (const [name, parameters] of kinds) {
      // Two outputs a column for two quantiles.
      const outputs = name === 'quantile' ? 2 : 1;
      const rawOf = (values: readonly number[]): number[] =>
        values.flatMap((value) => Array.from({ length: outputs }, (_, index) => value + index * 0.8));
      const loss = lossNamed('regression', name, parameters, { width: 3 * outputs });
      const single = lossNamed('regression', name, parameters, { width: outputs });
      const raw = rows.map((row) => rawOf(row.raw));
      const weights = rows.map(({ there, weight }) => there.map((mask) => mask * weight));

      it(`${name}: with gaps every number that is there counts as in a task of its column alone`, () => {
        let [sum, weight] = [0, 0];
        const gradient = raw.map((row) => row.map(() => 0));
        for (let column = 0; column < 3; column++) {
          tf.tidy(() => {
            const own = tf.tensor2d(raw.map((row) => row.slice(column * outputs, (column + 1) * outputs)));
            const target = tf.tensor2d(rows.map((row) => [row.target[column] ?? NaN]));
            const factors = tf.tensor1d(weights.map((row) => row[column] ?? NaN));
            const sums = single.evaluate(own, target, factors);
            sum += (sums.sum.dataSync()[0] ?? NaN) / 3;
            weight += (sums.weight.dataSync()[0] ?? NaN) / 3;
            const slope = tf
              .grad((x) => single.evaluate(x as tf.Tensor2D, target, factors).sum)(own)
              .dataSync();
            slope.forEach((value, at) => {
              const place = column * outputs + (at % outputs);
              (gradient[Math.floor(at / outputs)] as number[])[place] = value / 3;
            });
          });
        }
        const targets = tf.tensor2d(rows.map((row) => row.target));
        const factors = tf.tensor2d(weights);
        const held = tf.memory().numTensors;
        const found = tf.tidy(() => {
          const sums = loss.evaluate(tf.tensor2d(raw), targets, factors);
          const slope = tf.grad((x) => loss.evaluate(x, targets, factors).sum)(tf.tensor2d(raw));
          return [sums.sum, sums.weight, slope].map((tensor) => [...tensor.dataSync()]);
        });
        assert.equal(tf.memory().numTensors, held);
        assertClose(found.flat(), [sum, weight, ...gradient.flat()], 2e-6, name);
        const samples = rows.map((row, index) => loss.sample(raw[index] ?? [], row.target, row.there));
        const of = (key: 'loss' | 'weight'): number =>
          samples.reduce((total, sample, index) => total + sample[key] * (rows[index]?.weight ?? NaN), 0);
        assertClose([of('loss'), of('weight')], [sum, weight], 2e-6, `${name} in numbers`);
        tf.dispose([targets, factors]);
      });

      it(`${name}: without a gap weights of numbers and of samples say the same`, () => {
        const whole = rows.slice(0, 2);
        const both = tf.tidy(() => {
          const x = tf.tensor2d(raw.slice(0, 2));
          const target = tf.tensor2d(whole.map((row) => row.target));
          const own = whole.map((row) => row.weight);
          return [tf.tensor1d(own), tf.tensor2d(own.map((weight) => [weight, weight, weight]))].map((factors) => {
            const sums = loss.evaluate(x, target, factors);
            const slope = tf.grad((at) => loss.evaluate(at, target, factors).sum)(x);
            return [sums.sum, sums.weight, slope].flatMap((tensor) => [...tensor.dataSync()]);
          });
        });
        assertClose(both[1] ?? [], both[0] ?? [NaN], 2e-6, name);
      });
    }

    it('a gap is no number: nonsense there changes nothing in double precision', () => {
      const loss = lossNamed('regression', 'mse', {}, { width: 2 });
      assert.deepEqual(loss.sample([3, NaN], [1, 0], [1, 0]), { loss: 2, weight: 0.5 });
      assert.deepEqual(loss.sample([3, 1], [1, 0], [1, 1]), loss.sample([3, 1], [1, 0]));
    });
  });

  it('never falls below the infimum that its word tells', () => {
    for (const { task, name } of trainedLosses) {
      const width = task === 'regression' ? 3 : 4;
      const loss = lossNamed(task, name, {}, { width, classCounts: [1, 2, 3, 4], classes: ['a', 'b', 'c', 'd'] });
      const raw = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: width, maxLength: width });
      const target = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(raw, target, (x, [a = 0, b = 0, c = 0, d = 0]) => {
          const goal =
            task === 'classification'
              ? [Math.floor(a * 3.99)]
              : [Math.min(a, b), Math.min(c, d), Math.max(a, b), Math.max(c, d)];
          assert.ok(loss.sample(x, goal).loss >= infimumOf(task, name) - 1e-9, name);
        }),
      );
    }
  });

  it('refuses balanced weights when a class has no training label, and names it', () => {
    const context = { width: 3, classCounts: [5, 0, 2], classes: ['猫', '狗', '鸟'] };
    const create = (parameters: Given): unknown =>
      lossNamed('classification', 'weighted-cross-entropy', parameters, context);
    assert.throws(() => create({ classWeights: 'balanced' }), /"狗" has none/);
    assert.throws(() => create({ classWeights: new Map([['鱼', 2]]) }), /"鱼"/);
    assert.ok(create({ classWeights: new Map([['猫', 2]]) }));
  });

  it('refuses weights by which no training label counts, and says which classes count', () => {
    const context = { width: 3, classCounts: [5, 0, 2], classes: ['猫', '狗', '鸟'] };
    const create = (weights: readonly (readonly [string, number])[], more: object = {}) =>
      lossNamed(
        'classification',
        'weighted-cross-entropy',
        { classWeights: new Map(weights) },
        { ...context, ...more },
      );
    assert.throws(() => create([['猫', 0], ['鸟', 0]]), /0 for every class that has training labels/); // prettier-ignore
    assert.throws(() => create([['猫', 0], ['狗', 0], ['鸟', 0]], { classCounts: undefined }), /every class/); // prettier-ignore
    const some = create([['猫', 0], ['狗', 0.5]]); // prettier-ignore
    assert.deepEqual([0, 1, 2].map((label) => some.counts?.([label])), [false, true, true]); // prettier-ignore
    assert.ok(!('counts' in create([['猫', 0.5]])));
    assert.ok(!('counts' in lossNamed('classification', 'cross-entropy', {}, context)));
  });

  it('stays finite and right far out', () => {
    const loss = lossNamed('classification', 'cross-entropy', {}, { width: 2 });
    const value = tf.tidy(() => {
      const raw = tf.tensor2d([[1000, -1000]]);
      return loss.evaluate(raw, tf.tensor2d([[1]]), tf.tensor1d([1])).sum.dataSync()[0];
    });
    assert.equal(value, 2000);
  });

  it('quantile reads its levels: max(q·d, (q − 1)·d), mean over levels and columns', () => {
    for (const quantiles of [[0.2, 0.3, 0.4], [0.05, 0.25, 0.75, 0.99], [0.8]]) {
      const width = 2 * quantiles.length;
      const loss = lossNamed('regression', 'quantile', { quantiles }, { width });
      const rows = [0, 1].map((row) => Array.from({ length: width }, (_, at) => Math.sin(3 * row + at) * 2));
      const goals = [
        [1, -1],
        [0.25, 3],
      ];
      const expected = rows.map((raw, row) => {
        const parts = raw.map((value, at) => {
          const q = quantiles[at % quantiles.length] ?? NaN;
          const d = (goals[row]?.[Math.floor(at / quantiles.length)] ?? NaN) - value;
          return Math.max(q * d, (q - 1) * d);
        });
        return parts.reduce((sum, part) => sum + part, 0) / width;
      });
      assertClose(
        rows.map((raw, row) => loss.sample(raw, goals[row] ?? []).loss),
        expected,
        1e-12,
      );
      const sum = tf.tidy(
        () => loss.evaluate(tf.tensor2d(rows), tf.tensor2d(goals), tf.tensor1d([1, 0.5])).sum.dataSync()[0],
      );
      assertClose([sum ?? NaN], [(expected[0] ?? NaN) + 0.5 * (expected[1] ?? NaN)], 1e-6);
      const gradient = tf.tidy(() =>
        tf
          .grad((x) => loss.evaluate(x as tf.Tensor2D, tf.tensor2d(goals), tf.tensor1d([1, 1])).sum)(tf.tensor2d(rows))
          .dataSync(),
      );
      const slopes = rows.flatMap((raw, row) =>
        raw.map((value, at) => {
          const q = quantiles[at % quantiles.length] ?? NaN;
          return (value < (goals[row]?.[Math.floor(at / quantiles.length)] ?? NaN) ? -q : 1 - q) / width;
        }),
      );
      assertClose(gradient, slopes, 1e-6);
    }
  });

  it('every parameter of every loss meets its reference away from its default', () => {
    // Away from its default in the test above.
    const elsewhere = new Set(['quantile.quantiles']);
    const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
    const missing = trainedLosses.flatMap(({ name, task }) =>
      parametersOf(task, name)
        .filter(
          (parameter) =>
            !elsewhere.has(`${name}.${parameter.name}`) &&
            !cases.some(
              (entry) =>
                entry.loss === name &&
                entry.task === task &&
                Object.hasOwn(entry.parameters, parameter.name) &&
                !same(entry.parameters[parameter.name], parameter.fallback),
            ),
        )
        .map((parameter) => `${task} ${name}.${parameter.name}`),
    );
    assert.deepEqual(missing, []);
  });
});

/** Parameters of a loss, with the default of the language. */
function parametersOf(
  task: AvailableTask,
  name: string,
): readonly { readonly name: string; readonly fallback: unknown }[] {
  const entry = (language[task] as Readonly<Record<string, { readonly properties: Readonly<Record<string, Entry>> }>>)[
    name
  ];
  assert.ok(entry);
  return Object.entries(entry.properties)
    .filter(([key]) => key !== 'type')
    .map(([key, schema]) => ({ name: key, fallback: extraOf(schema).fallback }));
}
