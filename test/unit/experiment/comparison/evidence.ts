/** Experiments with made-up results: a design's own expansion, and values by arm, task and seed. */
import assert from 'node:assert/strict';
import type { Outcome, PlannedRun } from '../../../../src/experiment/contract.ts';
import type { ExperimentEvidence } from '../../../../src/experiment/comparison/experiment.ts';
import { readDesign } from '../../../../src/experiment/design.ts';
import { expand } from '../../../../src/experiment/expand.ts';
import { failed as broken } from '../outcomes.ts';
import { spec, surroundings } from '../specs.ts';

/** A value of the test split; no value; a run that failed; one that has not ended. */
export type Made = number | null | 'failed' | 'crash' | 'missing';

/** The value of an arm and task at the seed of this place. */
export type Values = (arm: string, task: string, place: number) => Made;

/** Validation values are those of the test split plus this: nothing may take one for the other. */
export const offset = 100;

export function evidenceOf(experiment: unknown, values: Values): ExperimentEvidence {
  const { design } = readDesign(spec(experiment));
  assert.ok(design);
  const outcomes = new Map<string, Outcome>();
  const first = design.spec.training.seed;
  // What is chosen by results gives new runs: until there are no others.
  for (;;) {
    const expansion = expand(design, surroundings, outcomes);
    const open = expansion.runs.filter(({ id }) => !outcomes.has(id));
    const added = open.flatMap((run) => {
      const outcome = outcomeOf(run, run.seed - first, values);
      return outcome === null ? [] : [[run.id, outcome] as const];
    });
    for (const [id, outcome] of added) outcomes.set(id, outcome);
    if (added.length === 0) {
      const facts = new Map(expansion.runs.map(({ id, task }) => [id, { parameters: task === null ? 100 : 60 }]));
      return { design, expansion, outcomes, facts, surroundings, name: 'demo', versions: ['MTL Workbench 1.0.0'] };
    }
  }
}

function outcomeOf({ arm, task: only }: PlannedRun, place: number, values: Values): Outcome | null {
  const made = (['kind', 'size'] as const)
    .filter((task) => only === null || only === task)
    .map((task) => [task, task === 'kind' ? 'accuracy' : 'mae', values(arm, task, place)] as const);
  const states = made.map(([, , value]) => value);
  if (states.includes('missing')) return null;
  if (states.includes('failed')) return broken;
  if (states.includes('crash')) return { ...broken, failure: 'crash' };
  const split = (added: number): Outcome['test'] =>
    new Map(
      made.map(([task, metric, value]) => [
        task,
        new Map([[metric, typeof value === 'number' ? value + added : null]]),
      ]),
    );
  return {
    ...{ state: 'done', failure: null, reason: null, seconds: only === null ? 20 : 12, epochs: 10 },
    ...{ validation: split(offset), test: split(0) },
    scores: new Map([['validation/skill', 0.5]]),
    samples: { train: 70, validation: 15, test: 15 },
  };
}

/** Three arms of five seeds; values that scipy has seen, too (`reference.py` beside). */
export const table: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  joint: { kind: [0.91, 0.93, 0.9, 0.94, 0.92], size: [1.1, 1.3, 1.25, 1.18, 1.22] },
  wide: { kind: [0.935, 0.948, 0.921, 0.958, 0.944], size: [1.12, 1.27, 1.26, 1.21, 1.19] },
  single: { kind: [0.9, 0.925, 0.893, 0.929, 0.912], size: [1.05, 1.2, 1.17, 1.1, 1.13] },
};

export const tabled: Values = (arm, task, place) => table[arm]?.[task]?.[place] ?? null;

/** Held split: no training sets overlap. */
export const three = {
  question: 'Does sharing help?',
  arms: [
    { id: 'joint' },
    { id: 'single', auto: 'single-task' },
    { id: 'wide', set: { '/network/trunk/layers/0/units': 16 } },
  ],
  baseline: 'single',
  replicates: { n: 5, hold: 'split' },
  measures: { kind: { metric: 'accuracy', margin: 0.02 }, size: { metric: 'mae', margin: 0.2 } },
  hypotheses: [
    { id: 'H1', claim: 'superior', measure: 'kind', arms: ['wide', 'single'] },
    { id: 'H2', claim: 'non-inferior', measure: 'size', arms: ['wide', 'single'] },
    { id: 'H3', claim: 'superior', measure: 'kind', arms: ['wide', 'joint'] },
  ],
};
