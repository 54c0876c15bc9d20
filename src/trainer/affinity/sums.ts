/**
 * Running means of task affinity over the measured steps: for each ordered pair of tasks the number of steps in which both
 * had labels, mean and sample standard deviation of Z, and the mean cosine of their gradients. Sums by Welford's method;
 * the state is JSON.
 */
import type { EventInput } from '../../runs/events.ts';
import type { Json } from '../../weighting/contract.ts';

/** One measured step. Lists are over the tasks present. */
export interface Measurement {
  /** Indices of the tasks present, in source order. */
  readonly present: readonly number[];
  /** Z[i][j]: what a step for task i alone does to the loss of task j; NaN where it cannot be told. */
  readonly affinity: readonly (readonly number[])[];
  /** Cosines of the raw gradients over the shared parameters; NaN for a gradient of zero. */
  readonly cosines: readonly (readonly number[])[];
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

/** The sums with one more step; values that are not finite are left out. */
export function addMeasurement(state: AffinityState, { present, affinity, cosines }: Measurement): AffinityState {
  const next = Object.fromEntries(keys.map((key) => [key, state[key].map((row) => [...row])])) as Record<
    (typeof keys)[number],
    number[][]
  >;
  const each = (values: Measurement['affinity'], add: (i: number, j: number, value: number) => void): void => {
    present.forEach((i, row) => {
      present.forEach((j, column) => {
        const value = values[row]?.[column] ?? NaN;
        if (Number.isFinite(value)) add(i, j, value);
      });
    });
  };
  each(affinity, (i, j, value) => {
    const count = read(next.n, i, j) + 1;
    const before = read(next.mean, i, j);
    const mean = before + (value - before) / count;
    write(next.n, i, j, count);
    write(next.mean, i, j, mean);
    write(next.squares, i, j, read(next.squares, i, j) + (value - before) * (value - mean));
  });
  each(cosines, (i, j, value) => {
    const count = read(next.cosineCount, i, j) + 1;
    const before = read(next.cosines, i, j);
    write(next.cosineCount, i, j, count);
    write(next.cosines, i, j, before + (value - before) / count);
  });
  return next;
}

const read = (matrix: readonly (readonly number[])[], i: number, j: number): number => matrix[i]?.[j] ?? 0;

function write(matrix: number[][], i: number, j: number, value: number): void {
  const row = matrix[i];
  if (row) row[j] = value;
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
  const count = (i: number, j: number): number => read(state.n, i, j);
  return {
    kind: 'affinity',
    step,
    tasks,
    mean: by((i, j) => (count(i, j) > 0 ? read(state.mean, i, j) : null)),
    sd: by((i, j) => (count(i, j) > 1 ? Math.sqrt(read(state.squares, i, j) / (count(i, j) - 1)) : null)),
    n: tasks.map((_, i) => tasks.map((__, j) => count(i, j))),
    cosines: by((i, j) => (read(state.cosineCount, i, j) > 0 ? read(state.cosines, i, j) : null)),
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
