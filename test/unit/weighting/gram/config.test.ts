/** ConFIG: the direction with equal cosines to all gradients, and M-ConFIG, on running gradients. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { createEntryStrategy, worksOnEntries } from '../../../golden/runner/strategies.ts';
import type { Memory } from '../../../../src/weighting/contract.ts';
import { renewed } from '../../../../src/weighting/parts/m-config.ts';
import { doubleVectors } from '../../../../src/weighting/parts/vectors.ts';
import { follow, type AdamCase } from '../parts/recorded.ts';
import { course, near, weigh } from '../worked.ts';

const file = new URL('../../../reference/strategies.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as { 'm-config': AdamCase[] };

test('config: cosines in proportion to the preferences, of length Σ gᵢ·d̂', () => {
  // At right angles, r = (¼, ¾): d̂ ∝ r, and weights (Σ nᵢ rᵢ/‖r‖²) rᵢ/nᵢ = 2 r/n.
  near(weigh('config', [[2, 0], [0, 1]], { more: { weights: [1, 3] } }).weights, [0.25, 1.5]); // prettier-ignore
  // Norms 2 and 1 with the cosine .6: y = r/1.6, and 1.5/n.
  near(weigh('config', [[2, 0], [0.6, 0.8]]).weights, [0.75, 1.5]); // prettier-ignore
});

test('config without any gradient, or with one of 0', () => {
  assert.deepEqual(weigh('config', [[0], [0]]).weights, [0, 0]); // prettier-ignore
  near(weigh('config', [[2, 0], [0, 0], [0, 1]]).weights, [0.5 * 1.5, 0, 1.5]); // prettier-ignore
});

test('m-config follows the package of its authors', () => {
  for (const one of recorded['m-config']) follow('config', { momentum: true }, one);
});

test('ConFIG with momentum is told from ConFIG without', () => {
  assert.equal(worksOnEntries('config', { momentum: true }), true);
  assert.equal(worksOnEntries('config', { momentum: false }), false);
});

test('M-ConFIG reads the gradient of one task a step, in turn', () => {
  const strategy = createEntryStrategy('config', { parameters: { momentum: true }, tasks: ['a', 'b'] });
  let state = strategy.initialState;
  let memory: Memory<Float64Array> = {};
  const due: number[] = [];
  for (let step = 0; step < 4; step += 1) {
    const [position = -1] = strategy.renews?.(['a', 'b'], state) ?? [];
    due.push(position);
    // What is not read may be anything.
    const rows = [0, 1].map((i) => Float64Array.from(i === position ? [1, i] : [NaN, NaN]));
    const found = strategy.combine(
      { ...{ step, tasks: ['a', 'b'], losses: [1, 1], weights: [1, 1] }, space: doubleVectors, rows, memory },
      state,
    );
    ({ state, memory } = found);
    assert.ok(
      found.direction.every((value, k) => Number.isFinite(value) && (step > 0 || at(found.direction, k) === 0)),
    );
  }
  assert.deepEqual(due, [0, 1, 0, 1]);
});

test('config with momentum: the task renewed least often is next, the first of equal ones; none is an error', () => {
  assert.equal(renewed({ counts: { a: 2, b: 1, c: 1 } }, ['a', 'b', 'c']), 1);
  assert.equal(renewed(null, ['a', 'b']), 0);
  assert.throws(() => course('config', { momentum: true }, [{ rows: [], tasks: [] }]), /M-ConFIG needs a task/);
});
