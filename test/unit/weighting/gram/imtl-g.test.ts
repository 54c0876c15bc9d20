/** IMTL-G: the combination with equal projections on all unit gradients. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

test('imtl-g: weights of sum 1 with equal projections, by hand', () => {
  // Norms 2, 1 and 5; the last two have the cosine .6: C y = 1 gives y = (1, 1/1.6, 1/1.6), α ∝ y/n.
  const found = weigh('imtl-g', [
    [2, 0, 0],
    [0, 1, 0],
    [0, 3, 4],
  ]);
  near(found.weights, [0.4, 0.5, 0.1]);
  assert.deepEqual(said(found), []);
  // Of dependent rows the pseudo-inverse decides: the same gradient twice shares its weight.
  near(
    weigh('imtl-g', [
      [2, 0],
      [2, 0],
      [0, 1],
    ]).weights,
    [1 / 6, 1 / 6, 2 / 3],
    1e-9,
  );
});

test('imtl-g: where the weights would sum to 0 there is no such direction, which is said', () => {
  // Unit gradients with cosines .7, .7 and 0: y = (−20, 15, 15); of norms 2, 3 and 3: −10 + 5 + 5.
  const gram = [[4, 4.2, 4.2], [4.2, 9, 0], [4.2, 0, 9]]; // prettier-ignore
  const found = weigh('imtl-g', [[1], [1], [1]], { more: { gram } });
  assert.deepEqual(found.weights, [0, 0, 0]);
  assert.deepEqual(said(found), ['imtl-g: the gradients cancel; there is no direction with equal projections.']);
});

test('imtl-g: opposite gradients cancel: equal projections of 0, which is said', () => {
  const found = weigh('imtl-g', [[1, 0], [-2, 0]]); // prettier-ignore
  near(found.weights, [2 / 3, 1 / 3], 1e-9);
  assert.deepEqual(said(found), ['imtl-g: the gradients cancel (a Pareto stationary point); all projections are 0.']);
});

test('imtl-g: gradients of 0 have weight 0; others are weighed as if alone, and nothing is said', () => {
  const found = weigh('imtl-g', [[2, 0], [0, 0], [0, 1]]); // prettier-ignore
  near(found.weights, [1 / 3, 0, 2 / 3]);
  assert.deepEqual(said(found), []);
  const none = weigh('imtl-g', [[0], [0]]); // prettier-ignore
  assert.deepEqual([none.weights, said(none)], [[0, 0], []]);
});

test('imtl-g: a combination with shares of both signs may sum to less than 0 and is the direction all the same', () => {
  // Cosines .7, .7 and 0 again: y = (−20, 15, 15); of norms 1, 3 and 3: −20 + 5 + 5 = −10.
  const gram = [[1, 2.1, 2.1], [2.1, 9, 0], [2.1, 0, 9]]; // prettier-ignore
  const found = weigh('imtl-g', [[1], [1], [1]], { more: { gram } });
  near(found.weights, [2, -0.5, -0.5], 1e-9);
  assert.deepEqual(said(found), []);
});

test('imtl-g: where only some of the gradients cancel, no direction has equal projections either', () => {
  // The pseudo-inverse gives the third gradient alone, on which the first two have no projection.
  const found = weigh('imtl-g', [[1, 0], [-1, 0], [0, 1]]); // prettier-ignore
  near(found.weights, [0.5, 0.5, 0], 1e-9);
  assert.deepEqual(said(found), ['imtl-g: the gradients cancel (a Pareto stationary point); all projections are 0.']);
});
