/** What a run is judged by while it trains: which number decides on the best epoch, and when to stop early (conventions 3). */
import { RefusedError } from '../errors.ts';
import { higherIsBetter, readMonitor } from '../../spec/index.ts';
import type { Task } from '../tasks/contract.ts';

/** The numbers of one validation pass. */
export interface ValidationNumbers {
  readonly total: number | null;
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
 * @throws RefusedError when it names nothing that is computed; the plan has refused such a spec already
 */
export function parseMonitor(text: string, higherIsBetter: (metric: string) => boolean): Monitor {
  const monitored = readMonitor(text);
  switch (monitored?.kind) {
    case 'skill':
      return { text, higherIsBetter: true, read: (numbers) => numbers.skill };
    case 'total':
      return { text, higherIsBetter: false, read: (numbers) => numbers.total };
    case 'loss': {
      const { task } = monitored;
      return { text, higherIsBetter: false, read: (numbers) => numbers.losses.get(task) ?? null };
    }
    case 'metric': {
      const { task, metric } = monitored;
      const read: Monitor['read'] = (numbers) => numbers.metrics.get(task)?.get(metric) ?? null;
      return { text, higherIsBetter: higherIsBetter(metric), read };
    }
    case undefined:
      throw new RefusedError({
        en: `The monitor "${text}" names nothing that is computed. Use validation/skill, validation/total, validation/<task>/loss or validation/<task>/<metric>.`,
        zh: `监控项“${text}”不对应任何计算的数值。请使用 validation/skill、validation/total、validation/<task>/loss 或 validation/<task>/<metric>。`,
      });
  }
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
  /** Evaluations with a value since the reference moved. */
  readonly waited: number;
}

export const initialSelection: SelectionState = { best: null, reference: null, waited: 0 };

export interface Selection {
  readonly state: SelectionState;
  readonly improved: boolean;
  readonly stop: boolean;
}

/**
 * One evaluation's verdict. Where the monitor has no value the evaluation is passed over: it is neither better nor worse.
 * A value that is no finite number is never better; it counts as waited once there was one to compare with.
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
    waited: moved ? 0 : state.waited + Number(value !== null && state.reference !== null),
  };
  return { state: next, improved, stop: stopping !== null && next.waited >= stopping.patience };
}

/** Whether a metric is better when it is higher; false for what no task measures. */
export function directionOf(tasks: readonly Task[], metric: string): boolean {
  const task = tasks.find(({ metrics }) => metrics.includes(metric));
  return task ? higherIsBetter(task.type, metric) : false;
}
