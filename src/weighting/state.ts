/** What the strategies' files share: preferences, and state kept by task name. */
import { text, type Text } from '../common/text.ts';
import { normalizeWeights, type Normalize } from './parts/normalize.ts';
import { at, dot, filled, sum } from '../numbers/linear.ts';
import type { Matrix, Numbers } from '../numbers/linear.ts';
import type { Solution } from './solvers/contract.ts';
import type { Json, StepStatistics } from './contract.ts';

/** A parameter that the schema gives beside the choice that asks for it. */
export function parameter<Value>(value: Value | undefined, key: string): Value {
  if (value === undefined) throw new RangeError(`The strategy needs "${key}", which its parameters do not have.`);
  return value;
}

/**
 * A parameter with one number for each task of the spec, for the tasks present.
 *
 * @param list in the order of `all`; where it is not given, every task has `absent`
 */
export function perTask(
  list: readonly number[] | undefined,
  all: readonly string[],
  present: readonly string[],
  absent: number,
): number[] {
  return list === undefined ? filled(present.length, absent) : present.map((task) => at(list, all.indexOf(task)));
}

/**
 * The preference vector r = w / Σw (conventions 2). `given` takes the weights as they are, which is what the reference
 * libraries do.
 */
export function preferenceOf({ weights }: StepStatistics, rule: 'normalized' | 'given' = 'normalized'): number[] {
  const total = sum(weights);
  if (rule === 'given' || total === 0) return [...weights];
  return weights.map((weight) => weight / total);
}

/** A statistic that the strategy asked for in `needs`; its absence is a programming error. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new RangeError(`The strategy needs ${name}, which this step does not have.`);
  return value;
}

export const gramFrom = (statistics: StepStatistics): Matrix => required(statistics.gram, 'the Gram matrix');

/** A member of a state object, null where the state or the member is absent. */
export function member(state: Json, key: string): Json {
  if (state === null || typeof state !== 'object' || Array.isArray(state)) return null;
  return (state as Readonly<Record<string, Json>>)[key] ?? null;
}

export function numberIn(state: Json, key: string, fallback: number): number {
  const value = member(state, key);
  return typeof value === 'number' ? value : fallback;
}

/** One number a task from member `key` of the state; tasks not seen yet get the fallback. */
export function taskNumbers(state: Json, key: string, tasks: readonly string[], fallback: Numbers | number): number[] {
  const all = member(state, key);
  return tasks.map((task, index) => numberIn(all, task, typeof fallback === 'number' ? fallback : at(fallback, index)));
}

/** Whether every one of these tasks has a number there. */
export function knows(state: Json, key: string, tasks: readonly string[]): boolean {
  const all = member(state, key);
  return tasks.every((task) => typeof member(all, task) === 'number');
}

/** The state with new members; those of tasks that are absent stay as they were (conventions 1.2). */
export function withTasks(state: Json, key: string, tasks: readonly string[], values: readonly Json[]): Json {
  const old = member(state, key) as Readonly<Record<string, Json>> | null;
  const fresh = Object.fromEntries(tasks.map((task, index) => [task, values[index] ?? null]));
  return withMember(state, key, { ...old, ...fresh });
}

export function withMember(state: Json, key: string, value: Json): Json {
  return { ...(state as Readonly<Record<string, Json>> | null), [key]: value };
}

/** A report of a solver that stopped early, empty where it converged. */
export function report(name: string, { converged, residual, iterations }: Solution): readonly Text[] {
  if (converged) return [];
  const left = residual.toExponential(1);
  return [
    text(
      `${name}: the solver stopped after ${iterations} iterations with a relative residual of ${left}.`,
      `${name}：求解器在 ${iterations} 次迭代后停止，相对残差为 ${left}。`,
    ),
  ];
}

/** Returned weights times the spec's weights, then `normalize`: the strategies that "multiply" in conventions 2. */
export function multiplied(
  weights: Numbers,
  statistics: StepStatistics,
  { normalize }: { readonly normalize: Normalize },
): readonly number[] {
  const effective = weights.map((weight, index) => weight * at(statistics.weights, index));
  return normalizeWeights(effective, normalize);
}

/** Σ wᵢ Lᵢ. */
export const weightedSum = (weights: Numbers, losses: Numbers): number => dot(weights, losses);
