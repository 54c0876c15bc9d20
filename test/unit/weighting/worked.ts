/** What the proofs of single strategies share: steps of the tasks a, b, c …, strategies by name, and numbers compared. */
import assert from 'node:assert/strict';
import { at, gramOf, sum } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy } from '../../golden/runner/strategies.ts';
import type {
  Json,
  Memory,
  StepStatistics,
  Strategy,
  StrategyContext,
  Weighting,
} from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';

type Rows = readonly (readonly number[])[];

export const namesOf = (count: number): string[] => ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, count);

/** A step on losses, the first step of the first epoch, with weights of 1. */
export const stepOf = (losses: readonly number[], more: Partial<StepStatistics> = {}): StepStatistics => ({
  ...{ step: 0, epoch: 0, tasks: namesOf(losses.length), losses, weights: losses.map(() => 1) },
  ...more,
});

/** A step on gradients: their norms and inner products, losses of 1. */
export function stepOn(rows: Rows, more: Partial<StepStatistics> = {}): StepStatistics {
  const gram = gramOf(rows);
  return stepOf(
    rows.map(() => 1),
    { gram, norms: gram.map((row, i) => Math.sqrt(at(row, i))), ...more },
  );
}

/** A strategy of two tasks, or of as many as `tasks` names. */
export const made = (
  name: string,
  parameters: object = {},
  { tasks = namesOf(2), ...context }: Partial<StrategyContext> = {},
): Strategy => createStrategy(name, { parameters: { ...parameters }, tasks, ...context });

/** What a strategy of three tasks or more answers to a step on gradients. */
export function weigh(
  name: string,
  rows: Rows,
  {
    state = null,
    more = {},
    ...parameters
  }: { state?: Json; more?: Partial<StepStatistics>; [key: string]: unknown } = {},
): Weighting {
  return made(name, parameters, { tasks: namesOf(Math.max(rows.length, 3)) }).weigh(stepOn(rows, more), state);
}

/** A member of a state with one number a task, for the tasks a, b … */
export const numbersOf = (state: Json, key: string): number[] =>
  Object.values((state as Readonly<Record<string, Readonly<Record<string, number>>>> | null)?.[key] ?? {});

export interface EntryStep {
  readonly rows: number[][];
  readonly losses?: number[];
  readonly tasks?: string[];
  readonly weights?: number[];
  readonly uniform?: number[];
}

/** What a strategy on entries answers to some steps. */
export function course(name: string, parameters: object, steps: readonly EntryStep[], all = namesOf(2)) {
  const strategy = createEntryStrategy(name, { parameters: { ...parameters }, tasks: all });
  let state = strategy.initialState;
  let memory: Memory<Float64Array> = {};
  return steps.map(({ rows, uniform, ...given }, step) => {
    const statistics = {
      ...{ step, tasks: namesOf(rows.length), losses: rows.map(() => 1), weights: rows.map(() => 1), memory, ...given },
      ...{ space: doubleVectors, rows: rows.map((row) => Float64Array.from(row)) },
      ...(uniform && { uniform: Float64Array.from(uniform) }),
    };
    const found = strategy.combine(statistics, state);
    ({ state, memory } = found);
    return { ...found, direction: [...found.direction] };
  });
}

/** Absolutely up to 1, relatively beyond. */
export function near(found: readonly number[] | null | undefined, expected: readonly number[], by = 1e-12): void {
  assert.equal(found?.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const apart = Math.abs(at(found, i) - value);
    assert.ok(apart <= by * Math.max(1, Math.abs(value)), `${found.join()} for ${expected.join()}`);
  }
}

export function softmax(z: readonly number[]): number[] {
  const total = sum(z.map(Math.exp));
  return z.map((value) => Math.exp(value) / total);
}

/** exp(zᵢ)/Σ, differentiated: Jᵀ v at the shares p. */
export function softmaxBackwards(p: readonly number[], v: readonly number[]): number[] {
  const mean = sum(p.map((share, i) => share * at(v, i)));
  return p.map((share, i) => share * (at(v, i) - mean));
}
