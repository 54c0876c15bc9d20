/** DualProj: the mean is projected onto the dual cone of the gradients. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

const conflict = [[1, 0], [-1, 1]]; // prettier-ignore
const more = { weights: [3, 1] };

test('dualproj: two gradients that conflict, by hand', () => {
  // ¾ g₀ + ¼ g₁ goes by −¼ along g₁, which ⅛ g₁ makes good.
  const found = weigh('dualproj', conflict, { regEps: 1e-12, more });
  near(found.weights, [0.75, 0.375], 1e-6);
  assert.deepEqual(said(found), []);
  // Without a conflict nothing is changed.
  near(weigh('dualproj', [[1, 0], [1, 1]], { regEps: 1e-12, more }).weights, [0.75, 0.25], 1e-9); // prettier-ignore
});

test('dualproj: below the border the preferences stand as they are', () => {
  const usual = weigh('dualproj', conflict, { more }).weights;
  assert.notDeepEqual(usual, [0.75, 0.25]);
  assert.deepEqual(weigh('dualproj', conflict, { normEps: 3, more }).weights, usual, 'a trace of 3 is not below 3');
  near(weigh('dualproj', conflict, { normEps: 3.001, more }).weights, [0.75, 0.25]);
  near(weigh('dualproj', [[0], [0]], { normEps: 0, more }).weights, [0.75, 0.25]); // prettier-ignore
});

test('dualproj: the regularizer is added to G over its trace', () => {
  // G/3 + ½ I = ((5/6, −⅓), (−⅓, 7/6)): along g₁ the mean goes by −⅓ · ¾ + 7/6 · ¼ = 1/24, which is no conflict.
  near(weigh('dualproj', conflict, { regEps: 0.5, more }).weights, [0.75, 0.25], 1e-9);
  // + .1 I: −.25 + (2/3 + .1)/4 = −.0583…, over 2/3 + .1.
  near(weigh('dualproj', conflict, { regEps: 0.1, more }).weights, [0.75, 0.25 / (2 / 3 + 0.1)], 1e-9);
});

test('dualproj says nothing where its solver converged', () => {
  assert.deepEqual(said(weigh('dualproj', [[1, 0], [0, 2]])), []); // prettier-ignore
});
