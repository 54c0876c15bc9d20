/**
 * What a run is judged by while it trains: which number decides on the best epoch, and when to stop early (SCIENCE 3).
 * Segments of a monitor escape `/` and `~` as JSON Pointer does.
 */
import { metricRow } from './tasks/metrics/table.ts';
import type { Task } from './tasks/types.ts';

/** The numbers of one validation pass. */
export interface ValidationNumbers {
  readonly total: number;
  readonly skill: number | null;
  readonly losses: ReadonlyMap<string, number | null>;
  readonly metrics: ReadonlyMap<string, ReadonlyMap<string, number | null>>;
}

export interface Monitor {
  /** As written in the spec. */
  readonly text: string;
  readonly higherIsBetter: boolean;
  /** The monitored number, or null where it is undefined in this pass. */
  read(numbers: ValidationNumbers): number | null;
}

/**
 * Parses `validation/skill`, `validation/total`, `validation/<task>/loss` or `validation/<task>/<metric>`.
 *
 * @param higherIsBetter direction of a metric, from the table of metrics
 * @throws RangeError when it names nothing that is computed; the plan has refused such a spec already
 */
export function parseMonitor(text: string, higherIsBetter: (metric: string) => boolean): Monitor {
  const [split, first, second, ...rest] = text.split('/').map(unescapeSegment);
  if (split !== 'validation' || first === undefined || rest.length > 0) throw unknownMonitor(text);
  if (second === undefined) {
    if (first === 'skill') return { text, higherIsBetter: true, read: (numbers) => numbers.skill };
    if (first === 'total') return { text, higherIsBetter: false, read: (numbers) => numbers.total };
    throw unknownMonitor(text);
  }
  if (second === 'loss') {
    return { text, higherIsBetter: false, read: (numbers) => numbers.losses.get(first) ?? null };
  }
  return {
    text,
    higherIsBetter: higherIsBetter(second),
    read: (numbers) => numbers.metrics.get(first)?.get(second) ?? null,
  };
}

function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function unknownMonitor(text: string): RangeError {
  return new RangeError(
    `The monitor "${text}" names nothing that is computed. Use validation/skill, validation/total, validation/<task>/loss or validation/<task>/<metric>.`,
  );
}

export interface EarlyStopping {
  readonly patience: number;
  readonly minDelta: number;
}

/** All that must survive a checkpoint. */
export interface SelectionState {
  readonly best: { readonly epoch: number; readonly value: number } | null;
  /** The value that early stopping compares with; it moves only by more than `minDelta`. */
  readonly reference: number | null;
  /** Evaluations since the reference moved. */
  readonly waited: number;
}

export const initialSelection: SelectionState = { best: null, reference: null, waited: 0 };

export interface Selection {
  readonly state: SelectionState;
  readonly improved: boolean;
  readonly stop: boolean;
}

/**
 * One evaluation's verdict. An undefined or non-finite value never improves anything, and counts as waited.
 */
export function select(
  state: SelectionState,
  epoch: number,
  value: number | null,
  monitor: Monitor,
  stopping: EarlyStopping | null,
): Selection {
  const sign = monitor.higherIsBetter ? 1 : -1;
  const usable = value !== null && Number.isFinite(value);
  const improved = usable && (state.best === null || sign * (value - state.best.value) > 0);
  const moved = usable && (state.reference === null || sign * (value - state.reference) > (stopping?.minDelta ?? 0));
  const next: SelectionState = {
    best: improved ? { epoch, value } : state.best,
    reference: moved ? value : state.reference,
    waited: moved ? 0 : state.waited + 1,
  };
  return { state: next, improved, stop: stopping !== null && next.waited >= stopping.patience };
}

/** Whether a metric is better when it is higher; false for what no task measures. */
export function directionOf(tasks: readonly Task[], metric: string): boolean {
  const task = tasks.find(({ metrics }) => metrics.includes(metric));
  return task ? metricRow(task.type, metric).higherIsBetter : false;
}
