/** What a setting has come to, as designs that learn and rules that prune see it: every task's measure, to be made small. */
import { meansOf, type OutcomeOf } from './choose.ts';
import type { Design, PlannedRun } from './contract.ts';
import type { Trial } from './designs/contract.ts';
import type { Point } from './points.ts';

/** Undefined while one of its runs has not ended. */
export function trialOf(
  design: Design,
  point: Point,
  runs: readonly PlannedRun[],
  outcomeOf: OutcomeOf,
): Trial | undefined {
  const outcomes = runs.map(outcomeOf);
  if (outcomes.some((outcome) => outcome === undefined)) return undefined;
  const state = outcomes.some((outcome) => outcome?.state === 'failed')
    ? 'failed'
    : outcomes.some((outcome) => outcome?.state === 'pruned')
      ? 'pruned'
      : 'done';
  const values = meansOf(design, { key: '', runs }, outcomeOf).map((mean, index) =>
    mean === null ? null : design.measures[index]?.higherIsBetter === true ? -mean : mean,
  );
  return { setting: point, values, state };
}
