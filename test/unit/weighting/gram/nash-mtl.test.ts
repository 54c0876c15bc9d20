/** Nash-MTL: the bargaining solution G a = r ⊘ a. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, dot, gramOf, multiply, scaled } from '../../../../src/numbers/linear.ts';
import { said } from '../said.ts';
import { made, near, stepOf, weigh } from '../worked.ts';

const state = { alpha: { a: 0.5, b: 0.25 } };

test('nash-mtl for two tasks: aᵢ = 1/(‖gᵢ‖ √(1 + cos φ))', () => {
  const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
  const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      fc.pre(norm(a) > 0.1 && norm(b) > 0.1);
      const cosine = dot(scaled(a, 1 / norm(a)), scaled(b, 1 / norm(b)));
      fc.pre(Math.abs(cosine) < 0.99);
      const found = made('nash-mtl', { maxNorm: 0 }).weigh(stepOf([1, 1], { gram: gramOf([a, b]) }), null);
      for (const [i, g] of [a, b].entries()) {
        const expected = 1 / (norm(g) * Math.sqrt(1 + cosine));
        assert.ok(Math.abs(at(found.weights, i) - expected) < 1e-9 * expected);
      }
    }),
  );
});

test('nash-mtl: preferences of mean 1, and the norm √T brought down to the largest allowed', () => {
  // At right angles aᵢ = √rᵢ/‖gᵢ‖, r = (½, 3/2).
  const rows = [[2, 0], [0, 0.5]]; // prettier-ignore
  const more = { weights: [1, 3] };
  const free = [Math.sqrt(0.5) / 2, Math.sqrt(1.5) / 0.5];
  const found = weigh('nash-mtl', rows, { maxNorm: 0, more });
  near(found.weights, free, 1e-9);
  near(Object.values((found.state as { alpha: Record<string, number> }).alpha), free, 1e-9);
  near(weigh('nash-mtl', rows, { more }).weights, scaled(free, 1 / Math.SQRT2), 1e-9);
  const clipped = weigh('nash-mtl', rows, { maxNorm: 0.5, more });
  near(clipped.weights, scaled(free, 0.5 / Math.SQRT2), 1e-9);
  near(Object.values((clipped.state as { alpha: Record<string, number> }).alpha), free, 1e-9);
  near(weigh('nash-mtl', rows, { maxNorm: 1.5, more }).weights, free, 1e-9);
  // Three at any angle: the equation itself.
  const gram = [[4, -1, 0.5], [-1, 1, 0.2], [0.5, 0.2, 9]]; // prettier-ignore
  const { weights } = weigh('nash-mtl', [[1], [1], [1]], { maxNorm: 0, more: { gram, weights: [1, 2, 3] } });
  near(multiply(gram, weights), weights.map((weight, i) => (i + 1) / 2 / weight), 1e-8); // prettier-ignore
});

test('nash-mtl: a zero gradient or preference: the last weights stay', () => {
  const zero = weigh('nash-mtl', [[1, 0], [0, 0]], { state }); // prettier-ignore
  assert.deepEqual([zero.weights, zero.state], [[0.5, 0.25], state]);
  assert.match(said(zero).join(), /^nash-mtl: a gradient is zero.*the last weights stay\.$/u);
  const first = weigh('nash-mtl', [[0.1, 0], [0, 0]]); // prettier-ignore
  assert.deepEqual(first.weights, [1, 1], 'ones at the start');
  const idle = weigh('nash-mtl', [[1, 0], [0, 1]], { state, more: { weights: [1, 0] } }); // prettier-ignore
  assert.deepEqual(idle.weights, [0.5, 0.25]);
  assert.match(said(idle).join(), /^nash-mtl: a preference is 0/u);
});

test('nash-mtl: gradients that cancel: the weights with which they do, of the size of the last ones', () => {
  // a₀ g₀ + a₁ g₁ = 0 with a₀ : a₁ = 2 : 1, and Σ aᵢ ‖gᵢ‖ = .5 · 1 + .25 · 2.
  const found = weigh('nash-mtl', [[1, 0], [-2, 0]], { state }); // prettier-ignore
  near(found.weights, [0.5, 0.25], 1e-6);
  assert.match(said(found).join(), /^nash-mtl: the gradients cancel/u);
});

test('nash-mtl: between its updates it keeps the solution, a new task apart, and clips in each step', () => {
  const rows = [[0.3, 0], [0, 0.1]]; // prettier-ignore
  const kept = weigh('nash-mtl', rows, { state, updateEvery: 2, more: { step: 3 } });
  assert.deepEqual([kept.weights, kept.state, said(kept)], [[0.5, 0.25], state, []]);
  // G a = 1/a of orthogonal gradients: aᵢ = 1/‖gᵢ‖, of norm √2.
  const solved = weigh('nash-mtl', rows, { state, updateEvery: 2, more: { step: 4 } });
  near(solved.weights, [10 / 3 / Math.SQRT2, 10 / Math.SQRT2], 1e-6);
  const free = weigh('nash-mtl', rows, { state, updateEvery: 2, maxNorm: 0, more: { step: 4 } });
  near(free.weights, [10 / 3, 10], 1e-6);
  const early = weigh('nash-mtl', rows, {
    state: { alpha: { a: 1 } },
    updateEvery: 2,
    maxNorm: 0,
    more: { step: 3 },
  });
  near(early.weights, [10 / 3, 10], 1e-6);
});

test('nash-mtl says nothing where its solver converged', () => {
  assert.deepEqual(said(weigh('nash-mtl', [[1, 0], [0, 2]])), []); // prettier-ignore
});
