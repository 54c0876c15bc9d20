// AdaTask and M-ConFIG, which give an optimizer's step, against PyTorch's Adam and the authors' package.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at, dot, plus } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, worksOnEntries } from '../../golden/runner/strategies.ts';
import type { Memory } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';

interface Step {
  readonly present?: readonly number[];
  readonly matrix: readonly (readonly number[])[];
  readonly direction: readonly number[];
}

interface Case {
  readonly betas: readonly [number, number];
  readonly steps: readonly Step[];
}

const file = new URL('../../reference/strategies.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as { adatask: Case[]; 'm-config': Case[] };

const size = (v: readonly number[]): number => Math.sqrt(dot(v, v));

function follow(name: string, parameters: Record<string, unknown>, { betas, steps }: Case, scale = 1): void {
  const [beta1, beta2] = betas;
  const all = (steps[0]?.matrix ?? []).map((_, i) => `task${i}`);
  const context = { parameters: { ...parameters, beta1, beta2 }, tasks: all };
  const strategy = createEntryStrategy(name, context);
  assert.equal(strategy.steps, true);
  let state = strategy.initialState;
  let memory: Memory<Float64Array> = {};
  for (const [step, { present = [...all.keys()], matrix, direction }] of steps.entries()) {
    const found = strategy.combine(
      {
        ...{ step, tasks: present.map((i) => all[i] ?? ''), space: doubleVectors, memory },
        ...{ losses: present.map(() => 1), weights: present.map(() => 1) },
        rows: present.map((i) => Float64Array.from(matrix[i] ?? [])),
      },
      state,
    );
    // The state survives being written down.
    state = JSON.parse(JSON.stringify(found.state)) as typeof state;
    ({ memory } = found);
    const off = size(plus([...found.direction], direction, -scale));
    assert.ok(off <= 1e-9 * Math.max(size(direction), 1e-12), `${name}, step ${step}: off by ${off}`);
  }
}

test('AdaTask is one Adam a task, and an absent task keeps its moments', () => {
  for (const one of vectors.adatask) follow('adatask', {}, one);
});

test('M-ConFIG follows the package of its authors', () => {
  for (const one of vectors['m-config']) follow('config', { momentum: true }, one);
});

test('a scale multiplies the step', () => {
  const [first] = vectors.adatask;
  if (first) follow('adatask', { scale: 'mean' }, first, 1 / 3);
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
