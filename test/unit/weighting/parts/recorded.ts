/** Recorded steps of the strategies that give an optimizer’s step: those of PyTorch’s Adam and of the authors’ package. */
import assert from 'node:assert/strict';
import { dot, plus } from '../../../../src/numbers/linear.ts';
import { createEntryStrategy } from '../../../golden/runner/strategies.ts';
import type { Memory } from '../../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../../src/weighting/parts/vectors.ts';

interface Step {
  readonly present?: readonly number[];
  readonly matrix: readonly (readonly number[])[];
  readonly direction: readonly number[];
}

export interface AdamCase {
  readonly betas: readonly [number, number];
  readonly steps: readonly Step[];
}

const size = (v: readonly number[]): number => Math.sqrt(dot(v, v));

/** Walks the steps; @param scale what the recorded directions are multiplied by */
export function follow(name: string, parameters: Record<string, unknown>, { betas, steps }: AdamCase, scale = 1): void {
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
