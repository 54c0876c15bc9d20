/**
 * From a run's history to what a chart of limited width can show. Pure: no DOM, so that it is tested alone.
 */
import { toNumber, type LossHistory } from '../../src/messages/history.ts';
import { smooth } from '../../src/messages/smooth.ts';
import type { EpochEvent, JsonNumber, Losses } from '../../src/runs/events.ts';

export type XAxis = 'step' | 'epoch' | 'time';

/** Columns of equal length: x, then for each task raw, smoothed and validation, then the weighted total. */
export interface ChartData {
  readonly x: Float64Array;
  readonly tasks: readonly TaskCurves[];
  /** Of the weighted total. */
  readonly total: TaskCurves;
}

export interface TaskCurves {
  readonly raw: Float64Array;
  readonly smoothed: Float64Array;
  /** Null between evaluations; the last step of an epoch is always recorded, so every value has its x. */
  readonly validation: (number | null)[];
}

export interface ChartOptions {
  readonly axis: XAxis;
  /** 0 = raw … 0.999. */
  readonly smoothing: number;
  /** Points at most; more are thinned to the smallest and largest of each stretch. */
  readonly limit: number;
  /** Only this part of the x axis, for a zoomed chart. */
  readonly from?: number;
  readonly to?: number;
}

export function chartData(history: LossHistory, options: ChartOptions): ChartData {
  const xColumn = { step: history.steps.step, epoch: history.steps.epoch, time: history.steps.seconds }[options.axis];
  const x = xColumn.values();
  const validation = validationByIndex(history);
  const columns = history.steps.losses.map((column) => column.values());
  const total = history.steps.total.values();
  const chosen = withNeighbors(
    choose(x, [...columns, total], options),
    validation.map(([index]) => index),
  );
  const pick = (values: ArrayLike<number>): Float64Array => Float64Array.from(chosen, (index) => values[index] ?? NaN);
  const curvesOf = (
    raw: Float64Array,
    evaluated: (record: Validation) => JsonNumber | null | undefined,
  ): TaskCurves => ({
    raw: pick(raw),
    smoothed: pick(smooth(raw, options.smoothing)),
    validation: align(
      chosen,
      validation.map(([index, record]) => [index, toNumber(evaluated(record))] as const),
    ),
  });
  return {
    x: pick(x),
    total: curvesOf(total, (record) => record.total),
    tasks: history.tasks.map(({ name }, number) =>
      curvesOf(columns[number] ?? new Float64Array(), ({ losses }) => ownOf(losses, name)),
    ),
  };
}

/** Records come from files: a task may be called as something that every object has. */
const ownOf = (losses: Losses, name: string): JsonNumber | null =>
  Object.hasOwn(losses, name) ? (losses[name] ?? null) : null;

export type Validation = NonNullable<EpochEvent['validation']>;

/** Index of the step record at which each evaluation happened, with what it found. */
export function validationByIndex(history: LossHistory): (readonly [number, Validation])[] {
  const seqs = history.steps.seq.values();
  return history.epochs.flatMap(({ seq, record }) => {
    if (!record.validation) return [];
    const index = lowerBound(seqs, seq) - 1;
    return index < 0 ? [] : [[index, record.validation] as const];
  });
}

/** Indices of the records to draw: all, or the extremes of every column in each stretch of equal length. */
export function choose(
  x: Float64Array,
  columns: readonly Float64Array[],
  { limit, from = -Infinity, to = Infinity }: Pick<ChartOptions, 'limit' | 'from' | 'to'>,
): number[] {
  const first = Math.max(0, lowerBound(x, from) - 1);
  const last = Math.min(x.length, lowerBound(x, to) + 1);
  const count = last - first;
  if (count <= limit) return Array.from({ length: count }, (_, index) => first + index);
  const stretches = Math.max(1, Math.floor(limit / (2 * Math.max(1, columns.length) + 2)));
  const chosen = new Set<number>();
  for (let stretch = 0; stretch < stretches; stretch++) {
    const begin = first + Math.floor((stretch * count) / stretches);
    const end = first + Math.floor(((stretch + 1) * count) / stretches);
    chosen.add(begin).add(end - 1);
    for (const column of columns) extremes(column, begin, end, chosen);
  }
  return [...chosen].sort((a, b) => a - b);
}

function extremes(values: Float64Array, begin: number, end: number, chosen: Set<number>): void {
  let least = -1;
  let most = -1;
  for (let index = begin; index < end; index++) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (least < 0 || value < (values[least] ?? NaN)) least = index;
    if (most < 0 || value > (values[most] ?? NaN)) most = index;
  }
  if (least >= 0) chosen.add(least).add(most);
}

const isBefore = (index: number, chosen: readonly number[]): boolean => lowerBound(chosen, index + 1) === 0;
const isAfter = (index: number, chosen: readonly number[]): boolean => lowerBound(chosen, index) === chosen.length;

/** The last of the sparse places before the chosen ones and the first after them, too: a curve leads there out of a zoom. */
function withNeighbors(chosen: readonly number[], places: readonly number[]): number[] {
  const before = places.filter((place) => isBefore(place, chosen)).slice(-1);
  const after = places.filter((place) => isAfter(place, chosen)).slice(0, 1);
  return [...before, ...chosen, ...after];
}

/** Puts sparse values at the nearest chosen index at or after theirs; what lies before or after all of them is left out. */
function align(chosen: readonly number[], curve: readonly (readonly [number, number])[]): (number | null)[] {
  const aligned = new Array<number | null>(chosen.length).fill(null);
  for (const [index, value] of curve) {
    if (isBefore(index, chosen) || isAfter(index, chosen) || !Number.isFinite(value)) continue;
    aligned[lowerBound(chosen, index)] = value;
  }
  return aligned;
}

/** First index whose value is not below the given one, in an ascending list. */
export function lowerBound(values: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A place where a loss is no finite number, and what it is instead. */
export interface Mark {
  readonly x: number;
  readonly task: number;
  readonly word: string;
}

/** `NaN`, `∞` or `−∞`. */
export function wordOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '−∞';
}

/** Index of the step record and task of every training and validation loss that is no finite number, by index. */
function broken(history: LossHistory): (readonly [index: number, task: number, value: number])[] {
  const train = history.steps.notFinite.map(
    ([index, task]) => [index, task, history.steps.losses[task]?.at(index) ?? NaN] as const,
  );
  const validation = validationByIndex(history).flatMap(([index, { losses }]) =>
    history.tasks.flatMap(({ name }, task) => {
      const value = ownOf(losses, name);
      return typeof value === 'string' ? [[index, task, Number(value)] as const] : [];
    }),
  );
  return [...train, ...validation].sort((a, b) => a[0] - b[0]);
}

/** Marks of one task closer than this part of the axis are one. */
const closest = 1 / 200;

/** Where to mark losses that are no finite numbers: at most some hundreds a task. */
export function marksOf(
  history: LossHistory,
  axis: XAxis,
  zoom: { readonly from: number; readonly to: number } | null,
): readonly Mark[] {
  const { step, epoch, seconds } = history.steps;
  const x = { step, epoch, time: seconds }[axis];
  const [from, to] = zoom ? [zoom.from, zoom.to] : [x.at(0), x.last()];
  const last = new Map<number, number>();
  return broken(history).flatMap(([index, task, value]): Mark[] => {
    const place = x.at(index);
    const near = place - (last.get(task) ?? -Infinity) < (to - from) * closest;
    if (place < from || place > to || near) return [];
    last.set(task, place);
    return [{ x: place, task, word: wordOf(value) }];
  });
}

/** The first step of each task at which a loss was no finite number, and what it was. */
export function firstBroken(
  history: LossHistory,
): ReadonlyMap<string, { readonly step: number; readonly word: string }> {
  const found = new Map<string, { readonly step: number; readonly word: string }>();
  for (const [index, task, value] of broken(history)) {
    const name = history.tasks[task]?.name ?? '';
    if (!found.has(name)) found.set(name, { step: history.steps.step.at(index), word: wordOf(value) });
  }
  return found;
}
