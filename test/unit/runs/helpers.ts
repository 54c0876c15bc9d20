/** Small things that the tests of the run directory share. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'node:test';
import type { EventInput, ResumedFrom } from '../../../src/runs/events.ts';

/** A fresh folder, removed after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-runs-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function startBody(attempt: number, resumedFrom?: ResumedFrom): EventInput {
  return {
    kind: 'start',
    attempt,
    engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
    tasks: ['10', '2'].map((name) => ({
      name,
      type: 'regression',
      loss: 'mse',
      metrics: ['mae'],
      primary: 'mae',
      higherIsBetter: false,
    })),
    parameters: { total: 5, shared: 3, byTask: new Map([['10', 1], ['2', 1]]) }, // prettier-ignore
    samples: {
      train: 8,
      validation: 1,
      test: 1,
      labelled: new Map(['10', '2'].map((name) => [name, { train: 8, validation: 1, test: 1 }])),
    },
    stepsPerEpoch: 2,
    epochs: 3,
    strategy: 'static',
    seed: 7,
    ...(resumedFrom ? { resumedFrom } : {}),
  };
}

export function stepBody(step: number, loss: number | null = 1 / step): EventInput {
  return {
    kind: 'step',
    step,
    steps: 1,
    epoch: 1,
    losses: new Map([
      ['10', loss],
      ['2', 0.5],
    ]),
    weights: new Map([
      ['10', 0.25],
      ['2', 0.75],
    ]),
    total: NaN,
    objective: Infinity,
    penalty: 0,
    learningRate: 0.001,
    stepsPerSecond: 100,
  };
}
