/** FairGrad: α-fair weights, (G a)ᵢ = (rᵢ/aᵢ)^{1/α}. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { multiply } from '../../../../src/numbers/linear.ts';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

test('fairgrad: at right angles a = (r^{1/α}/‖g‖²)^{α/(1+α)}; elsewhere the equation itself', () => {
  const rows = [[2, 0], [0, 0.5]]; // prettier-ignore
  const r = [0.5, 1.5];
  for (const alpha of [0.5, 2, 3]) {
    const expected = r.map((share, i) => (share ** (1 / alpha) / (i === 0 ? 4 : 0.25)) ** (alpha / (1 + alpha))); // prettier-ignore
    const found = weigh('fairgrad', rows, { alpha, more: { weights: [1, 3] } });
    near(found.weights, expected, 1e-9);
    assert.deepEqual(said(found), []);
  }
  const gram = [[4, -1], [-1, 1]]; // prettier-ignore
  const { weights } = weigh('fairgrad', [[1], [1]], { alpha: 2, more: { gram } });
  near(multiply(gram, weights), weights.map((weight) => weight ** -0.5), 1e-8); // prettier-ignore
});

test('fairgrad: a zero gradient has the largest weight of the others, a preference of 0 has none', () => {
  near(weigh('fairgrad', [[2, 0], [0, 0], [0, 1]]).weights, [0.5, 1, 1]); // prettier-ignore
  near(weigh('fairgrad', [[2, 0], [0, 1]], { more: { weights: [0, 3] } }).weights, [0, Math.SQRT2], 1e-9); // prettier-ignore
  near(weigh('fairgrad', [[0], [0]]).weights, [0.5, 0.5]); // prettier-ignore
  near(weigh('fairgrad', [[2, 0], [0, 1]], { alpha: 0, more: { weights: [1, 3] } }).weights, [0.25, 0.75]); // prettier-ignore
});

test('fairgrad tells where its solver did not reach an answer', () => {
  const cancels = [[1, 0], [-1, 1], [0, -1]]; // prettier-ignore
  assert.match(said(weigh('fairgrad', cancels)).join(), /^fairgrad: the solver stopped after \d+ iterations/u);
  assert.deepEqual(said(weigh('fairgrad', [[1, 0], [0, 2]])), []); // prettier-ignore
});

test('fairgrad: a task whose preference is 0 has no say in the weights of the others, whatever its angle to them', () => {
  // r = (0, 2): of the second gradient alone, a = √2/√2 of its own length.
  const conflicting = [[2, 0], [-1, 1]]; // prettier-ignore
  near(weigh('fairgrad', conflicting, { alpha: 1, more: { weights: [0, 3] } }).weights, [0, 1], 1e-9);
  // r = (0, 3/2, 3/2), the others at right angles: aᵢ = √r/‖gᵢ‖.
  const three = [[1, 1, 0], [2, 0, 0], [0, 0, 4]]; // prettier-ignore
  const { weights } = weigh('fairgrad', three, { alpha: 1, more: { weights: [0, 1, 1] } });
  near(weights, [0, Math.sqrt(1.5) / 2, Math.sqrt(1.5) / 4], 1e-9);
});
