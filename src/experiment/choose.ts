/** Choices on the validation split: the best setting of an arm, the best point of a frontier, the arms that go on. */
import { higherIsBetter, readMonitor } from '../spec/index.ts';
import type { Design, Measure, Outcome, PlannedRun } from './contract.ts';
import { paretoFront } from './statistics/pareto.ts';

/** What a run that has ended is worth; undefined while it has not. */
export type OutcomeOf = (run: PlannedRun) => Outcome | undefined;

/** Value of a task's measure on the validation split; null where it has none. */
function measured({ validation }: Outcome, { task, metric }: Measure): number | null {
  return validation.get(task)?.get(metric) ?? null;
}

/**
 * What is measured where the design's `selection` names a metric of a task, which need not be the task's measure. Null where it
 * names none, as `validation/skill`.
 */
export function selectedMeasure({ measures, selection }: Pick<Design, 'measures' | 'selection'>): Measure | null {
  const monitor = readMonitor(selection);
  if (monitor?.kind !== 'metric') return null;
  const { task, metric } = monitor;
  const own = measures.find((measure) => measure.task === task);
  return own === undefined ? null : { ...own, metric, higherIsBetter: higherIsBetter(own.type, metric) };
}

/**
 * How good a run is, by the design's `selection`: higher is better. A single-task run is judged by its task's measure, unless
 * `selection` names a metric of that very task. Null where it has no value: it failed, or the metric is not defined.
 */
function scoreOf(design: Design, run: PlannedRun, outcome: Outcome): number | null {
  if (outcome.state !== 'done') return null;
  const selected = selectedMeasure(design);
  const measure =
    run.task === null || selected?.task === run.task
      ? selected
      : (design.measures.find(({ task }) => task === run.task) ?? null);
  if (measure !== null) return directed(measured(outcome, measure), measure.higherIsBetter);
  if (run.task !== null) return null;
  const monitor = readMonitor(design.selection);
  if (monitor === undefined || 'task' in monitor) return null;
  return directed(outcome.scores.get(design.selection) ?? null, monitor.kind === 'skill');
}

const directed = (value: number | null, higherIsBetter: boolean): number | null =>
  value === null ? null : higherIsBetter ? value : -value;

/** Mean over runs; null where one has no value: an average of the rest would favor those that fail. */
function meanScore(scores: readonly (number | null)[]): number | null {
  if (scores.length === 0 || scores.some((score) => score === null)) return null;
  return scores.reduce<number>((sum, score) => sum + (score ?? 0), 0) / scores.length;
}

/** A group of runs that stand or fall together, such as all seeds of one setting. */
export interface Contender {
  readonly key: string;
  readonly runs: readonly PlannedRun[];
}

/**
 * The best by the mean score; of equals the first. Null where none has a score.
 */
export function bestOf(design: Design, contenders: readonly Contender[], outcomeOf: OutcomeOf): Contender | null {
  let best: { readonly contender: Contender; readonly score: number } | null = null;
  for (const contender of contenders) {
    const score = contenderScore(design, contender, outcomeOf);
    if (score !== null && (best === null || score > best.score)) best = { contender, score };
  }
  return best?.contender ?? null;
}

function contenderScore(design: Design, { runs }: Contender, outcomeOf: OutcomeOf): number | null {
  return meanScore(
    runs.map((run) => {
      const outcome = outcomeOf(run);
      return outcome === undefined ? null : scoreOf(design, run, outcome);
    }),
  );
}

/** Mean of every task's measure over the runs of a contender; null where a run has no value. */
export function meansOf(design: Design, { runs }: Contender, outcomeOf: OutcomeOf): readonly (number | null)[] {
  return design.measures.map((measure) =>
    meanScore(
      runs
        .filter(({ task }) => task === null || task === measure.task)
        .map((run) => {
          const outcome = outcomeOf(run);
          return outcome?.state === 'done' ? measured(outcome, measure) : null;
        }),
    ),
  );
}

/**
 * At most `max` contenders that go on: those of the Pareto front over the tasks' measures, or of all, the best scores first.
 * Whoever lacks a value is not on the front.
 */
export function takeFrom(
  design: Design,
  contenders: readonly Contender[],
  { pareto, max }: { readonly pareto: boolean; readonly max: number },
  outcomeOf: OutcomeOf,
): readonly Contender[] {
  const valued = contenders.flatMap((contender) => {
    const means = meansOf(design, contender, outcomeOf);
    const score = contenderScore(design, contender, outcomeOf);
    const point = means.filter((mean) => mean !== null);
    return score === null || point.length < means.length ? [] : [{ contender, score, point }];
  });
  const front = pareto
    ? paretoFront(
        valued.map(({ point }) => point),
        design.measures.map(({ higherIsBetter }) => higherIsBetter),
      ).flatMap((index) => valued[index] ?? [])
    : valued;
  return front
    .toSorted((a, b) => b.score - a.score)
    .slice(0, max)
    .map(({ contender }) => contender);
}
