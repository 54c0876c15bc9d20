/** What the strategies' files share: reading parameters, preferences, and state kept by task name. */
import { normalizeWeights } from './normalize.ts';
import { at, dot, filled, sum } from '../numbers/linear.ts';
import type { Matrix, Numbers } from '../numbers/linear.ts';
import type { Solution } from './solvers/types.ts';
import type { Json, StepStatistics, StrategyContext } from './contract.ts';

type Parameters = StrategyContext['parameters'];

/** A numeric parameter; the spec room has checked its range. */
export function numeric(parameters: Parameters, key: string, fallback: number): number {
  const value = parameters[key];
  return typeof value === 'number' ? value : fallback;
}

export function textual(parameters: Parameters, key: string, fallback: string): string {
  const value = parameters[key];
  return typeof value === 'string' ? value : fallback;
}

/** A parameter with one number a task of the spec, for the tasks present. */
export function perTask(
  { parameters, tasks: all }: StrategyContext,
  key: string,
  present: readonly string[],
  fallback: number,
): number[] {
  const value = parameters[key];
  if (!Array.isArray(value)) return filled(present.length, fallback);
  return present.map((task) => {
    const found: unknown = value[all.indexOf(task)];
    return typeof found === 'number' ? found : fallback;
  });
}

/**
 * The preference vector r = w / Σw (conventions 2). `preference: "given"` takes the weights as they are, which is what the
 * reference libraries do.
 */
export function preferenceOf({ weights }: StepStatistics, parameters: Parameters): number[] {
  const total = sum(weights);
  if (parameters['preference'] === 'given' || total === 0) return [...weights];
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
export function report(name: string, { converged, residual, iterations }: Solution): readonly string[] {
  if (converged) return [];
  return [
    `${name}: the solver stopped after ${iterations} iterations with a relative residual of ${residual.toExponential(1)}.`,
  ];
}

/** Returned weights times the spec's weights, then `normalize`: the strategies that "multiply" in conventions 2. */
export function multiplied(weights: Numbers, statistics: StepStatistics, parameters: Parameters): readonly number[] {
  const effective = weights.map((weight, index) => weight * at(statistics.weights, index));
  return normalizeWeights(effective, parameters['normalize']);
}

/** Σ wᵢ Lᵢ. */
export const weightedSum = (weights: Numbers, losses: Numbers): number => dot(weights, losses);
