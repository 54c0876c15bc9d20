/**
 * A run's history as one value: what its records told, and its curves as flat columns. So it crosses to the loss panel, and
 * so it lies in a cache beside the run's events: a million steps are a block of numbers, not a million objects.
 */
import { count, either, list, numberOrWord, object, type Checked, type ObjectOf } from '../common/checks.ts';
import type { EventRecord, JsonNumber } from '../runs/events.ts';

type Of<Kind extends EventRecord['kind']> = Extract<EventRecord, { kind: Kind }>;

interface BlockTold {
  readonly name: string;
  readonly norms: readonly (number | null)[];
  readonly agreement: readonly (number | null)[];
}

/** Null stands for a number that is not known. */
export interface HistoryTold {
  readonly start: Of<'start'> | null;
  readonly epochs: readonly {
    readonly seq: number;
    readonly step: number | null;
    readonly seconds: number;
    readonly record: Of<'epoch'>;
  }[];
  readonly affinity: readonly Of<'affinity'>[];
  readonly best: Of<'best'> | null;
  readonly end: Of<'end'> | null;
  readonly progress: Of<'progress'> | null;
  readonly warnings: readonly Of<'warning'>[];
  readonly stepsPerSecond: number | null;
  readonly residentBytes: number | null;
  readonly firstTime: number | null;
  /** Strategies whose weights were recorded beside, in the order of their columns. */
  readonly observed: readonly string[];
  /** Per gradients record: blocks with norms and agreement of every task. */
  readonly blocks: readonly (readonly BlockTold[])[];
}

export interface HistorySnapshot {
  readonly told: HistoryTold;
  /** In the order of `StepColumns`; all of one length. */
  readonly steps: readonly Float64Array[];
  /** Index and task of every loss that is no finite number. */
  readonly notFinite: readonly Float64Array[];
  /** In the order of `GradientHistory.columns`; all of one length. */
  readonly gradients: readonly Float64Array[];
}

/** A column in the body: where it begins, in numbers; or the one value that it repeats. */
const packedColumn = either(object({ length: count, from: count }), object({ length: count, all: numberOrWord }));
type PackedColumn = Checked<typeof packedColumn>;

/** Where the columns of a snapshot are in its body. */
export const packedColumns = {
  steps: list(packedColumn),
  notFinite: list(packedColumn),
  gradients: list(packedColumn),
};

/** A snapshot in two pieces: what JSON can say, and the numbers of all columns one after the other. */
export interface PackedHistory extends ObjectOf<typeof packedColumns> {
  readonly told: HistoryTold;
  readonly body: ArrayBuffer;
}

/** A longer column is none that a run could have written. */
const longest = 2 ** 28;

/** The snapshot as two pieces, copied. A column that repeats one value (weights that stay) takes no room. */
export function pack({ told, steps, notFinite, gradients }: HistorySnapshot): PackedHistory {
  let room = 0;
  const stored: (readonly [from: number, Float64Array])[] = [];
  const place = (values: Float64Array): PackedColumn => {
    const { length } = values;
    const all = repeated(values);
    if (all !== undefined) return { length, all };
    const from = room;
    stored.push([from, values]);
    room += length;
    return { length, from };
  };
  const columns = { steps: steps.map(place), notFinite: notFinite.map(place), gradients: gradients.map(place) };
  const body = new Float64Array(room);
  for (const [from, values] of stored) body.set(values, from);
  return { told, ...columns, body: body.buffer };
}

/** The value that every place of a column holds; undefined where they differ. */
function repeated(values: Float64Array): JsonNumber | undefined {
  const first = values[0] ?? NaN;
  // JSON knows no −0.
  if (Object.is(first, -0) || values.some((value) => !Object.is(value, first))) return undefined;
  return Number.isFinite(first) ? first : (String(first) as JsonNumber);
}

/** @returns undefined where a column does not lie in the body. Columns are views of the body where they can be. */
export function unpack({ told, body, ...columns }: PackedHistory): HistorySnapshot | undefined {
  const numbers = new Float64Array(body, 0, Math.floor(body.byteLength / 8));
  const fits = (column: PackedColumn): boolean =>
    'from' in column ? column.from + column.length <= numbers.length : column.length <= longest;
  const { steps, notFinite, gradients } = columns;
  if (![...steps, ...notFinite, ...gradients].every(fits)) return undefined;
  const open = (column: PackedColumn): Float64Array =>
    'from' in column
      ? numbers.subarray(column.from, column.from + column.length)
      : new Float64Array(column.length).fill(Number(column.all));
  return { told, steps: steps.map(open), notFinite: notFinite.map(open), gradients: gradients.map(open) };
}
