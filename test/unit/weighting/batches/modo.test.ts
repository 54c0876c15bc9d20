/** MoDo: one projected step of the weights with gradients of two independent batches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

const cross = [[1, 2], [3, -1]]; // prettier-ignore

test('modo: λ − γ (J₁ J₂ᵀ λ + ρ λ), projected on the simplex, from step to step', () => {
  const strategy = made('modo', { gamma: 0.1, rho: 0.5 });
  // λ = r = (¼, ¾): slopes 1.75 + .125 and 0 + .375: (.0625, .7125), each lifted by .1125.
  const first = strategy.weigh(stepOf([1, 1], { cross, weights: [1, 3] }), strategy.initialState);
  near(first.weights, [0.175, 0.825]);
  // Slopes 1.9125 and .1125: (−.01625, .81375), lifted by .10125.
  const second = strategy.weigh(stepOf([1, 1], { cross, weights: [1, 3] }), first.state);
  near(second.weights, [0.085, 0.915]);
  assert.deepEqual(second.state, { lambda: { a: second.weights[0], b: second.weights[1] } });
  assert.throws(() => strategy.weigh(stepOf([1, 1]), null), /J₁ J₂ᵀ/);
});

test('modo: tasks that were away leave the simplex of those present', () => {
  const strategy = made('modo', { gamma: 0.1, rho: 0.5 });
  // (.4, 1.2) counts as (¼, ¾).
  const found = strategy.weigh(stepOf([1, 1], { cross }), { lambda: { a: 0.4, b: 1.2 } });
  near(found.weights, [0.175, 0.825]);
  near(strategy.weigh({ ...stepOf([1]), cross: [[1]] }, { lambda: { a: 0.085, b: 0.915 } }).weights, [1]);
  // Nothing to divide by: 0 stays 0 before the projection.
  near(strategy.weigh(stepOf([1, 1], { cross }), { lambda: { a: 0, b: 0 } }).weights, [0.5, 0.5]);
});
