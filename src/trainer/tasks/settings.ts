/** Reading a task's spec: its loss with parameters, its metrics with theirs. */
import type { PlanTask } from '../../plan/types.ts';
import type { Parameters } from './losses/types.ts';
import { metricRow } from './metrics/table.ts';

/** A loss by name, or `{type, …parameters}`; undefined takes the task type's default. */
export function settingsOf(loss: unknown): { readonly name: string | undefined; readonly parameters: Parameters } {
  if (typeof loss === 'string') return { name: loss, parameters: {} };
  if (typeof loss !== 'object' || loss === null) return { name: undefined, parameters: {} };
  const { type, ...parameters } = loss as { readonly type?: unknown };
  return { name: typeof type === 'string' ? type : undefined, parameters };
}

/** The plan's metrics; every one must be in the table. */
export function metricsOf(plan: PlanTask, type: string): readonly string[] {
  return plan.metrics.map((name) => metricRow(type, name).name);
}

export function primaryOf(
  type: string,
  metrics: readonly string[],
): { readonly name: string; readonly higherIsBetter: boolean } {
  const [name] = metrics;
  if (name === undefined) return { name: 'loss', higherIsBetter: false };
  return { name, higherIsBetter: metricRow(type, name).higherIsBetter };
}

/** A number among a metric's own parameters, e.g. `k` of `{type: "topK", k: 3}`. */
export function numbersOf(plan: PlanTask, metric: string, parameter: string): number | undefined {
  const list: readonly unknown[] = plan.spec.metrics;
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null) continue;
    const fields = entry as Readonly<Record<string, unknown>>;
    if (fields['type'] === metric && typeof fields[parameter] === 'number') return fields[parameter];
  }
  return undefined;
}
