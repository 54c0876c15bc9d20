/** UPGrad: every gradient is projected onto the dual cone of all, and the projections are summed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, dot, plus, scaled } from '../../../../src/numbers/linear.ts';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

const conflict = [[1, 0], [-1, 1]]; // prettier-ignore
const more = { weights: [3, 1] };

test('upgrad: two gradients that conflict, by hand', () => {
  // Alone ¾ g₀ needs ⅜ g₁, and ¼ g₁ needs ¼ g₀.
  const found = weigh('upgrad', conflict, { regEps: 1e-12, more });
  near(found.weights, [0.75 + 0.25, 0.375 + 0.25], 1e-6);
  assert.deepEqual(said(found), []);
  // Without a conflict nothing is changed.
  near(weigh('upgrad', [[1, 0], [1, 1]], { regEps: 1e-12, more }).weights, [0.75, 0.25], 1e-9); // prettier-ignore
});

test('upgrad: below the border the preferences stand as they are', () => {
  const usual = weigh('upgrad', conflict, { more }).weights;
  assert.notDeepEqual(usual, [0.75, 0.25]);
  assert.deepEqual(weigh('upgrad', conflict, { normEps: 3, more }).weights, usual, 'a trace of 3 is not below 3');
  near(weigh('upgrad', conflict, { normEps: 3.001, more }).weights, [0.75, 0.25]);
  near(weigh('upgrad', [[0], [0]], { normEps: 0, more }).weights, [0.75, 0.25]); // prettier-ignore
});

test('upgrad: the regularizer is added to G over its trace', () => {
  // G/3 + ½ I = ((5/6, −⅓), (−⅓, 7/6)): ¾ g₀ needs .75 · (⅓)/(7/6) of g₁, ¼ g₁ needs .25 · (⅓)/(5/6) of g₀.
  near(weigh('upgrad', conflict, { regEps: 0.5, more }).weights, [0.75 + 0.1, 0.25 + 1.5 / 7], 1e-9);
});

test('upgrad of two conflicting tasks tends to half of PCGrad', () => {
  const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
  const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      fc.pre(norm(a) > 0.1 && norm(b) > 0.1 && dot(a, b) < 0 && dot(a, b) > -0.99 * norm(a) * norm(b));
      const of = (name: string, parameters: object): number[] => {
        const { weights } = weigh(name, [a, b], { more: { draws: { orders: [[1], [0]] } }, ...parameters });
        return plus(scaled(a, at(weights, 0)), b, at(weights, 1));
      };
      const half = scaled(of('pcgrad', {}), 0.5);
      const found = of('upgrad', { regEps: 1e-13, normEps: 0 });
      assert.ok(norm(plus(found, half, -1)) < 1e-6 * (norm(a) + norm(b)));
    }),
  );
});

test('upgrad says nothing where its solver converged', () => {
  assert.deepEqual(said(weigh('upgrad', [[1, 0], [0, 2]])), []); // prettier-ignore
});
