/** What is asked of metrics, answered from their words. */
import { extraOf, type Extra, type Members } from './schema/build.ts';
import { metrics } from './schema/metrics.ts';
import type { TaskSpec } from './resolved.ts';

const tables: Readonly<Record<string, Members>> = metrics;

function wordOf(task: string, metric: string): Partial<Extra> {
  const table = tables[task];
  const entry = table !== undefined && Object.hasOwn(table, metric) ? table[metric] : undefined;
  return entry === undefined ? {} : extraOf(entry);
}

/** Direction of a metric of a type of task; false for what is none. */
export function higherIsBetter(task: string, metric: string): boolean {
  return wordOf(task, metric).higherIsBetter ?? false;
}

/** Whether a metric lies in [0, 1] with 1 the best. Its name means the same in every type of task. */
export function isBounded(metric: string): boolean {
  return Object.keys(tables).some((task) => wordOf(task, metric).metric?.bounded === true);
}

/** What guessing gives, of a metric without a true zero; undefined for one of which shares can be taken. */
export function chanceOf(task: string, metric: string): number | undefined {
  return wordOf(task, metric).metric?.chance;
}

/** How many of the classes a metric lets a model guess; undefined where it is not about guesses. */
export function guessesOf(task: string, metric: TaskSpec['metrics'][number]): number | undefined {
  const guesses = wordOf(task, metric.type).metric?.guesses as ((parameters: typeof metric) => number) | undefined;
  return guesses?.(metric);
}

/** The loss without which a metric measures nothing, and why. */
export type LossOfMetric = NonNullable<NonNullable<Extra['metric']>['ofLoss']>;

export function lossOfMetric(task: string, metric: string): LossOfMetric | undefined {
  return wordOf(task, metric).metric?.ofLoss;
}

/** Metrics of a type of task that are there by default beside this loss alone. */
export function metricsBeside(task: string, loss: string): readonly string[] {
  return Object.keys(tables[task] ?? {}).filter((metric) => lossOfMetric(task, metric)?.name === loss);
}
