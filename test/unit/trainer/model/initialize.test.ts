import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { initializers as language } from '../../../../src/spec/schema/fields.ts';
import { fanInOf, initialValue, type NewParameter } from '../../../../src/trainer/model/initialize.ts';

const kernel: NewParameter = { path: 'trunk/0', name: 'kernel', shape: [3, 3, 16, 64], fanIn: 144 };

function moments(values: Float32Array): { mean: number; sd: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, sd, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

describe('initialValue', () => {
  const fanOut = 9 * 64;
  const truncation = 0.8796256610342398; // sd of a standard normal cut off at ±2
  const expected: readonly (readonly [string, number, number])[] = [
    // initializer, sd, bound
    ['glorotUniform', Math.sqrt(2 / (144 + fanOut)), Math.sqrt(6 / (144 + fanOut))],
    ['glorotNormal', truncation * Math.sqrt(2 / (144 + fanOut)), 2 * Math.sqrt(2 / (144 + fanOut))],
    ['heUniform', Math.sqrt(2 / 144), Math.sqrt(6 / 144)],
    ['heNormal', truncation * Math.sqrt(2 / 144), 2 * Math.sqrt(2 / 144)],
    ['leCunUniform', Math.sqrt(1 / 144), Math.sqrt(3 / 144)],
    ['leCunNormal', truncation * Math.sqrt(1 / 144), 2 * Math.sqrt(1 / 144)],
    ['torchUniform', 1 / Math.sqrt(3 * 144), 1 / Math.sqrt(144)],
    ['randomUniform', 0.05 / Math.sqrt(3), 0.05],
    ['randomNormal', 0.05, Infinity],
  ];

  for (const [initializer, sd, bound] of expected) {
    it(`${initializer} has its spread and its bound`, () => {
      const seen = moments(initialValue({ ...kernel, initializer }, 1, 'tf'));
      assert.ok(Math.abs(seen.sd / sd - 1) < 0.03, `sd ${String(seen.sd)} instead of ${String(sd)}`);
      assert.ok(Math.abs(seen.mean) < 0.05 * sd);
      assert.ok(seen.largest <= bound * (1 + 1e-6));
    });
  }

  it('draws an orthonormal matrix', () => {
    for (const shape of [
      [6, 4],
      [4, 6],
    ]) {
      const values = initialValue(
        { path: 'a', name: 'kernel', shape, fanIn: shape[0] ?? 0, initializer: 'orthogonal' },
        1,
        'tf',
      );
      const [rows = 0, columns = 0] = shape;
      const at = (short: number, long: number): number =>
        values[rows < columns ? short * columns + long : long * columns + short] ?? 0;
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          let product = 0;
          for (let k = 0; k < 6; k++) product += at(i, k) * at(j, k);
          assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-6);
        }
      }
    }
  });

  it('knows every initializer of the language', () => {
    for (const initializer of language) {
      const values = initialValue({ path: 'a', name: 'kernel', shape: [3, 2], fanIn: 3, initializer }, 1, 'tf');
      assert.ok(values.every(Number.isFinite), initializer);
    }
    assert.throws(() => initialValue({ ...kernel, initializer: 'magic' }, 1, 'tf'), /unknown initializer "magic"/);
  });

  it('takes the defaults of each world', () => {
    const bias: NewParameter = { path: 'trunk/0', name: 'bias', shape: [400], fanIn: 25 };
    assert.ok(initialValue(bias, 1, 'tf').every((value) => value === 0));
    const torch = moments(initialValue(bias, 1, 'pytorch'));
    assert.ok(torch.largest <= 0.2 && torch.largest > 0.19);
    const embedding: NewParameter = { path: 'e', name: 'embeddings', shape: [100, 20], fanIn: 0 };
    assert.ok(moments(initialValue(embedding, 1, 'tf')).largest <= 0.05);
    assert.ok(Math.abs(moments(initialValue(embedding, 1, 'pytorch')).sd - 1) < 0.05);
    assert.deepEqual([...initialValue({ path: 'b', name: 'gamma', shape: [2], fanIn: 0 }, 1, 'tf')], [1, 1]);
    assert.deepEqual([...initialValue({ path: 'b', name: 'moving_mean', shape: [2], fanIn: 0 }, 1, 'tf')], [0, 0]);
  });

  it('depends on seed, path and name alone', () => {
    assert.deepEqual(initialValue(kernel, 1, 'tf'), initialValue(kernel, 1, 'tf'));
    assert.notDeepEqual(initialValue(kernel, 1, 'tf'), initialValue(kernel, 2, 'tf'));
    assert.notDeepEqual(initialValue(kernel, 1, 'tf'), initialValue({ ...kernel, path: 'trunk/1' }, 1, 'tf'));
    assert.equal(fanInOf([3, 3, 16, 64]), 144);
  });
});
