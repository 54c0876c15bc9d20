/**
 * Running means of task affinity over the measured steps: for each ordered pair of tasks the number of steps in which both
 * had labels, mean and sample standard deviation of Z, and the mean cosine of their gradients. By Welford's method;
 * the state is JSON.
 */
import type { EventInput } from '../../runs/events.ts';
import { entry } from '../../numbers/linear.ts';
import { element, type ByTask } from '../step/by-task.ts';
import type { Json } from '../../weighting/contract.ts';

/** One measured step; null for tasks that were not in it. */
export interface Measurement {
  /** Z[i][j]: what a step for task i alone does to the loss of task j; NaN where it cannot be told. */
  readonly affinity: ByTask<ByTask<number>>;
  /** Cosines of the raw gradients over the shared parameters; NaN for a gradient of zero. */
  readonly cosines: ByTask<ByTask<number>>;
}

export interface AffinityState {
  readonly n: readonly (readonly number[])[];
  readonly mean: readonly (readonly number[])[];
  /** Sum of squared deviations from the mean. */
  readonly squares: readonly (readonly number[])[];
  readonly cosineCount: readonly (readonly number[])[];
  readonly cosines: readonly (readonly number[])[];
}

const keys = ['n', 'mean', 'squares', 'cosineCount', 'cosines'] as const;

const zeros = (count: number): number[][] => Array.from({ length: count }, () => new Array<number>(count).fill(0));

export function freshAffinity(tasks: number): AffinityState {
  return {
    n: zeros(tasks),
    mean: zeros(tasks),
    squares: zeros(tasks),
    cosineCount: zeros(tasks),
    cosines: zeros(tasks),
  };
}

/** The means with one more step; values that are not finite are left out. */
export function addMeasurement(state: AffinityState, { affinity, cosines }: Measurement): AffinityState {
  const next = Object.fromEntries(keys.map((key) => [key, state[key].map((row) => [...row])])) as Record<
    (typeof keys)[number],
    number[][]
  >;
  const each = (values: Measurement['affinity'], add: (i: number, j: number, value: number) => void): void => {
    values.forEach((line, i) => {
      line?.forEach((value, j) => {
        if (value !== null && Number.isFinite(value)) add(i, j, value);
      });
    });
  };
  each(affinity, (i, j, value) => {
    const count = entry(next.n, i, j) + 1;
    const before = entry(next.mean, i, j);
    const mean = before + (value - before) / count;
    write(next.n, i, j, count);
    write(next.mean, i, j, mean);
    write(next.squares, i, j, entry(next.squares, i, j) + (value - before) * (value - mean));
  });
  each(cosines, (i, j, value) => {
    const count = entry(next.cosineCount, i, j) + 1;
    const before = entry(next.cosines, i, j);
    write(next.cosineCount, i, j, count);
    write(next.cosines, i, j, before + (value - before) / count);
  });
  return next;
}

function write(matrix: number[][], i: number, j: number, value: number): void {
  element(matrix, i)[j] = value;
}

/** Whether anything has been measured. */
export function hasMeasured({ n }: AffinityState): boolean {
  return n.some((row) => row.some((count) => count > 0));
}

type AffinityRecord = Extract<EventInput, { readonly kind: 'affinity' }>;

/** The record: pairs that never met are null; a standard deviation needs two steps. */
export function affinityRecord(step: number, tasks: readonly string[], state: AffinityState): AffinityRecord {
  const by = (of: (i: number, j: number) => number | null): (number | null)[][] =>
    tasks.map((_, i) => tasks.map((__, j) => of(i, j)));
  const count = (i: number, j: number): number => entry(state.n, i, j);
  return {
    kind: 'affinity',
    step,
    tasks,
    mean: by((i, j) => (count(i, j) > 0 ? entry(state.mean, i, j) : null)),
    sd: by((i, j) => (count(i, j) > 1 ? Math.sqrt(entry(state.squares, i, j) / (count(i, j) - 1)) : null)),
    n: tasks.map((_, i) => tasks.map((__, j) => count(i, j))),
    cosines: by((i, j) => (entry(state.cosineCount, i, j) > 0 ? entry(state.cosines, i, j) : null)),
  };
}

/** A state as a checkpoint gives it; undefined where it is none for these tasks: checkpoints come from strangers. */
export function readAffinity(value: Json, tasks: number): AffinityState | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, Json>>;
  const matrices = keys.map((key) => [key, fields[key]] as const);
  if (!matrices.every(([, matrix]) => isMatrix(matrix, tasks))) return undefined;
  return Object.fromEntries(matrices) as unknown as AffinityState;
}

function isMatrix(value: Json | undefined, size: number): boolean {
  const isRow = (row: unknown): boolean =>
    Array.isArray(row) && row.length === size && row.every((entry) => typeof entry === 'number');
  return Array.isArray(value) && value.length === size && value.every(isRow);
}

export const affinityJson = (state: AffinityState): Json => state as unknown as Json;
