/** IMTL: IMTL-L scales the losses, IMTL-G combines the gradients of the scaled ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { made, near, stepOn } from '../worked.ts';

test('imtl: α exp(s) for the shared parameters, exp(s) for the heads, slopes exp(s) L − 1', () => {
  const strategy = made('imtl', { init: Math.log(2), stateLearningRate: 0.02 });
  assert.equal(strategy.learned?.learningRate, 0.02);
  const step = stepOn([[1, 0], [0, 2]], { losses: [0.25, 4] }); // prettier-ignore
  // Both scaled by 2: norms 2 and 4 at a right angle, α = (⅔, ⅓).
  const first = strategy.weigh(step, null);
  near(first.weights, [4 / 3, 2 / 3]);
  near(first.heads, [2, 2]);
  near(first.gradient, [-0.5, 7]);
  assert.deepEqual([first.state, said(first)], [null, []]);
  // Scaled by 2 and 3: norms 2 and 6, α = (¾, ¼).
  const state = strategy.learned.replace(null, ['b'], [Math.log(3)]);
  const later = strategy.weigh(step, state);
  near(later.weights, [1.5, 0.75]);
  near(later.heads, [2, 3]);
  near(later.gradient, [-0.5, 11]);
  assert.deepEqual(later.state, state);
});

test('imtl: gradients that cancel are told, as IMTL-G tells it', () => {
  const found = made('imtl').weigh(stepOn([[1, 0], [-2, 0]]), null); // prettier-ignore
  assert.match(said(found).join(), /^imtl-g: the gradients cancel/u);
});
