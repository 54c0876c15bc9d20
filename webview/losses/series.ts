/**
 * From a run's history to what a chart of limited width can show. Pure: no DOM, so that it is tested alone.
 */
import { smooth, toNumber, type LossHistory } from '../../src/messages/history.ts';
import type { Losses } from '../../src/runs/events.ts';

export type XAxis = 'step' | 'epoch' | 'time';

/** Columns of equal length: x, then for each task raw, smoothed and validation, then the weighted total. */
export interface ChartData {
  readonly x: Float64Array;
  readonly tasks: readonly TaskCurves[];
  readonly total: Float64Array;
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
  const chosen = choose(x, columns, options);
  const pick = (values: ArrayLike<number>): Float64Array => Float64Array.from(chosen, (index) => values[index] ?? NaN);
  return {
    x: pick(x),
    total: pick(smooth(history.steps.total.values(), options.smoothing)),
    tasks: history.tasks.map((task, number) => {
      const raw = history.steps.losses[number]?.values() ?? new Float64Array();
      const curve = validation.map(([index, losses]) => [index, toNumber(losses[task.name])] as const);
      return { raw: pick(raw), smoothed: pick(smooth(raw, options.smoothing)), validation: align(chosen, curve) };
    }),
  };
}

/** Index of the step record at which each evaluation happened, with its losses. */
export function validationByIndex(history: LossHistory): (readonly [number, Losses])[] {
  const seqs = history.steps.seq.values();
  return history.epochs.flatMap(({ seq, record }) => {
    if (!record.validation) return [];
    const index = lowerBound(seqs, seq) - 1;
    return index < 0 ? [] : [[index, record.validation.losses] as const];
  });
}

/** Indices of the records to draw: all, or the extremes of every column in each stretch of equal length. */
export function choose(
  x: Float64Array,
  columns: readonly Float64Array[],
  { limit, from, to }: Pick<ChartOptions, 'limit' | 'from' | 'to'>,
): number[] {
  const first = from === undefined ? 0 : Math.max(0, lowerBound(x, from) - 1);
  const last = to === undefined ? x.length : Math.min(x.length, lowerBound(x, to) + 1);
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

/** Puts sparse values at the nearest chosen index at or after theirs. */
function align(chosen: readonly number[], curve: readonly (readonly [number, number])[]): (number | null)[] {
  const aligned = new Array<number | null>(chosen.length).fill(null);
  for (const [index, value] of curve) {
    const place = Math.min(lowerBound(chosen, index), chosen.length - 1);
    if (place >= 0 && Number.isFinite(value)) aligned[place] = value;
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
