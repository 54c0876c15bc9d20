/** From proportions to suggested weights: the sum, the cap and the digits that conventions 5 asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ratioCap, suggestedWeights } from '../../../../src/trainer/suggest/weights.ts';

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

test('shares become weights that sum to T, with two decimals', () => {
  assert.deepEqual(suggestedWeights([1, 1]), [1, 1]);
  assert.deepEqual(suggestedWeights([1, 3]), [0.5, 1.5]);
  assert.deepEqual(suggestedWeights([1, 1, 1]), [1, 1, 1]);
  assert.deepEqual(suggestedWeights([1, 2, 4]), [0.43, 0.86, 1.71]);
});

test('no weight is more than 100 times another', () => {
  assert.deepEqual(suggestedWeights([1, 1e9]), [0.02, 1.98]);
  assert.deepEqual(suggestedWeights([1, 1e4, 1e4]), [0.015, 1.5, 1.49]);
});

test('any shares: sum T to half a cent a small weight, ratio within the cap, order kept', () => {
  const share = fc.double({ min: -20, max: 20, noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 12 }), (shares) => {
      const weights = suggestedWeights(shares);
      const small = weights.filter((weight) => weight < 0.1).length;
      assert.ok(Math.abs(sumOf(weights) - shares.length) <= 0.006 * Math.max(1, small) + 1e-9, String(weights));
      assert.ok(Math.max(...weights) / Math.min(...weights) <= ratioCap + 1e-9, String(weights));
      for (const [index, weight] of weights.entries()) {
        const digits = weight < 0.1 ? weight.toPrecision(2) : weight.toFixed(2);
        assert.ok(Math.abs(Number(digits) - weight) < 1e-12, String(weight));
        for (const [other, value] of weights.entries()) {
          if ((shares[index] ?? 0) > (shares[other] ?? 0)) assert.ok(weight >= value - 0.01 - 1e-9);
        }
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});
