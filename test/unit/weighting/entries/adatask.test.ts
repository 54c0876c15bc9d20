/** AdaTask: one Adam a task over the shared parameters. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { follow, type AdamCase } from '../parts/recorded.ts';
import { course, near } from '../worked.ts';

const file = new URL('../../../reference/strategies.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as { adatask: AdamCase[] };

test('adatask is one Adam a task, and an absent task keeps its moments', () => {
  for (const one of recorded.adatask) follow('adatask', {}, one);
});

test('adatask: a scale multiplies the step', () => {
  const [first] = recorded.adatask;
  assert.ok(first);
  follow('adatask', { scale: 'mean' }, first, 1 / 3);
});

test('adatask: by hand, with weights on the steps and ε beside the root; a task that was away goes on from its first step', () => {
  const [one, two, three] = course('adatask', { beta1: 0.5, beta2: 0.75, epsilon: 0.1 }, [
    { rows: [[2], [-4]], weights: [1, 3] },
    { rows: [[1]], weights: [1] },
    { rows: [[0], [2]], weights: [1, 3] },
  ]); // prettier-ignore
  // First steps are g/(|g| + ε).
  near(one?.direction, [2 / 2.1 - (3 * 4) / 4.1]);
  assert.equal(one?.weights, null);
  // m = (1, ½ + ½)/¾, v = (¾ + ¼)/(1 − .75²).
  near(two?.direction, [1 / 0.75 / (Math.sqrt(1 / 0.4375) + 0.1)]);
  const a = 0.5 / 0.875 / (Math.sqrt(0.75 / (1 - 0.75 ** 3)) + 0.1);
  // Of the second task this is the second step: m = −2/2 + 1, v = ¾ · 4 + 1.
  near(three?.direction, [a]);
  assert.deepEqual(three?.state, { counts: { a: 3, b: 2 } });
});
