/** Runs as a response surface takes them: what they trained, and their metrics on the validation split. */
import { isLive } from '../../common/run-state.ts';
import { isOrderedMap, type OrderedValue } from '../../runs/json.ts';
import type { Spec } from '../../spec/index.ts';
import type { ExperimentEvidence } from '../comparison/experiment.ts';
import type { PlainRun } from '../comparison/plain-run.ts';
import type { Measure } from '../contract.ts';

export interface WeightedRun {
  /** The arm that it belongs to, or what was tried. */
  readonly arm: string;
  readonly seed: number;
  readonly spec: Spec;
  /** Task to value; null where there is none. */
  readonly values: ReadonlyMap<string, number | null>;
}

export interface WeightedRuns {
  readonly runs: readonly WeightedRun[];
  /** Runs that failed or were cut short, by a person too. */
  readonly failed: number;
}

/** Runs of an experiment that train all tasks, whatever they were made for: compared, tuned or explored. */
export function runsOfExperiment({ design, expansion, outcomes }: ExperimentEvidence): WeightedRuns {
  const names = new Map(expansion.compared.flatMap((arm) => arm.runs.map(({ id }) => [id, arm.id] as const)));
  const whole = expansion.runs.filter(({ task }) => task === null);
  const runs = whole.flatMap((run): WeightedRun[] => {
    const outcome = outcomes.get(run.id);
    if (outcome?.state !== 'done') return [];
    const { arm, label, seed, variant } = run;
    const values = design.measures.map(
      ({ task, metric }) => [task, finite(outcome.validation.get(task)?.get(metric))] as const,
    );
    const name = names.get(run.id) ?? (label === '' ? arm : `${arm}/${label}`);
    return [{ arm: name, seed, spec: variant.spec, values: new Map(values) }];
  });
  const failed = whole.filter(({ id }) => (outcomes.get(id)?.state ?? 'done') !== 'done').length;
  return { runs, failed };
}

/** Runs that were made by hand. */
export function runsOfRuns(given: readonly PlainRun[], measures: readonly Measure[]): WeightedRuns {
  const runs = given.flatMap(({ name, spec, state, result }): WeightedRun[] => {
    if (state !== 'completed' || result === null) return [];
    const metrics = inside(inside(inside(result, 'splits'), 'validation'), 'metrics');
    const values = measures.map(({ task, metric }) => [task, finite(inside(inside(metrics, task), metric))] as const);
    return [{ arm: name, seed: spec.training.seed, spec, values: new Map(values) }];
  });
  const failed = given.filter(({ state }) => !isLive(state)).length - runs.length;
  return { runs, failed };
}

const inside = (value: OrderedValue | undefined, key: string): OrderedValue | undefined =>
  isOrderedMap(value) ? value.get(key) : undefined;

const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
