/** Short readings of a plan: for `check --json`, and for the share of each weight. */
import type { Plan, Shape } from './plan.ts';

/** What `check --json` prints of a plan. Numbers that only the data can tell are null. */
export interface PlanSummary {
  readonly parameters: {
    readonly total: number | null;
    readonly shared: number | null;
    readonly byTask: Readonly<Record<string, number | null>>;
  };
  readonly blocks: Readonly<
    Record<string, { readonly shape: Shape; readonly parameters: number | null; readonly shared: boolean }>
  >;
}

/** Plain JSON of a plan: parameter counts, and shape, parameters and sharing of each block. */
export function planSummary(plan: Plan): PlanSummary {
  const { total, shared, byTask } = plan.parameters;
  return {
    parameters: { total, shared, byTask: record(byTask) },
    blocks: record(
      new Map(
        [...plan.blocks].map(([name, block]) => [
          name,
          { shape: block.outputShape, parameters: block.parameters, shared: block.shared },
        ]),
      ),
    ),
  };
}

/** `Object.fromEntries` defines own properties, so that a name such as `__proto__` stays a name. */
function record<Value>(values: ReadonlyMap<string, Value>): Readonly<Record<string, Value>> {
  return Object.fromEntries(values);
}

/**
 * Share of each task's weight in the sum of all, w / Σw, in task order; 0 for all where the sum is 0. Tasks without a
 * weight count 1, as in training.
 */
export function sharesOf(plan: Plan): ReadonlyMap<string, number> {
  const tasks = [...plan.tasks.values()];
  const sum = tasks.reduce((total, task) => total + task.weight, 0);
  return new Map(tasks.map((task) => [task.name, sum > 0 ? task.weight / sum : 0] as const));
}
