/** How runs read in the tree and in the status bar. Pure. */
import type { Metrics, TaskRecord } from '../../runs/events.ts';
import type { RunState } from '../../common/run-state.ts';
import type { LossHistory } from '../../messages/history.ts';
import type { Translate } from '../weights/lens-text.ts';

export interface MetricLine {
  readonly task: string;
  readonly metric: string;
  /** Null: undefined for this data. */
  readonly value: number | null;
}

/** Three decimals below 10, two below 100, else one: `0.451`, `12.34`, `248.1`. */
export function metricText(value: number | null): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  return value.toFixed(3);
}

/** @param called what a metric is called where this is read */
export function metricLabel({ task, metric, value }: MetricLine, called: (metric: string) => string): string {
  return `${task} ${called(metric)} ${metricText(value)}`;
}

/** The primary metric of each task, in task order; tasks without a value are left out. */
export function primaryMetrics(
  tasks: readonly Pick<TaskRecord, 'name' | 'primary'>[],
  metrics: Metrics | undefined,
): readonly MetricLine[] {
  if (!metrics) return [];
  return tasks.flatMap(({ name, primary }) => {
    const own = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
    if (!own || !Object.hasOwn(own, primary)) return [];
    const value = own[primary];
    return [{ task: name, metric: primary, value: value === null || value === undefined ? null : Number(value) }];
  });
}

/** The primary metric of each task on the test split of a `result.json`, read into Maps: the first metric is it. */
export function linesOfResult(result: ReadonlyMap<string, unknown> | null): readonly MetricLine[] {
  const metrics = member(member(member(result, 'splits'), 'test'), 'metrics');
  if (!(metrics instanceof Map)) return [];
  return [...(metrics as ReadonlyMap<string, unknown>)].flatMap(([task, own]) => {
    if (!(own instanceof Map)) return [];
    const [first] = own as ReadonlyMap<string, unknown>;
    if (!first) return [];
    const [metric, value] = first;
    return [{ task, metric, value: typeof value === 'number' ? value : null }];
  });
}

/**
 * The given metric of each task on a split of a `result.json`, read into Maps. Tasks that the run has no number of are left
 * out; one whose number is undefined for these data has null.
 */
export function linesOfSplit(
  result: ReadonlyMap<string, unknown> | null,
  split: 'validation' | 'test',
  measures: readonly { readonly task: string; readonly metric: string }[],
): readonly MetricLine[] {
  const metrics = member(member(member(result, 'splits'), split), 'metrics');
  return measures.flatMap(({ task, metric }) => {
    const own = member(metrics, task);
    if (!(own instanceof Map) || !own.has(metric)) return [];
    const value = member(own, metric);
    return [{ task, metric, value: typeof value === 'number' ? value : null }];
  });
}

function member(value: unknown, key: string): unknown {
  return value instanceof Map ? (value as ReadonlyMap<string, unknown>).get(key) : undefined;
}

/** What is best known of a run: the test split at its end, else the latest validation, else current losses. */
export function linesOf(history: LossHistory): readonly MetricLine[] {
  const test = primaryMetrics(history.tasks, history.end?.test?.metrics);
  if (test.length > 0) return test;
  const validation = history.epochs.findLast((epoch) => epoch.record.validation !== null)?.record.validation;
  const latest = primaryMetrics(history.tasks, validation?.metrics);
  if (latest.length > 0) return latest;
  const now = history.now();
  return history.tasks.flatMap((task, index) => {
    const loss = now[index]?.train ?? null;
    return loss === null ? [] : [{ task: task.name, metric: 'loss', value: loss }];
  });
}

export function stateText(t: Translate, state: RunState): string {
  switch (state) {
    case 'idle':
      return t('not started');
    case 'preparing':
      return t('preparing');
    case 'running':
      return t('running');
    case 'paused':
      return t('paused');
    case 'stopping':
      return t('stopping');
    case 'stopped':
      return t('stopped');
    case 'completed':
      return t('completed');
    case 'failed':
      return t('failed');
    case 'crashed':
      return t('crashed');
  }
}

/** What a spec's newest run does, for the line above the spec: what is going on now is no last run. */
export function newestText(t: Translate, state: RunState): string {
  switch (state) {
    case 'idle':
      return t('not trained yet');
    case 'preparing':
      return t('preparing to train');
    case 'running':
      return t('training now');
    case 'paused':
      return t('training is paused');
    case 'stopping':
      return t('training is stopping');
    case 'stopped':
    case 'completed':
    case 'failed':
    case 'crashed':
      return t('last run: {0}', stateText(t, state));
  }
}

/** Codicon of a state. */
export const stateIcons: Readonly<Record<RunState, string>> = {
  idle: 'circle-outline',
  preparing: 'loading~spin',
  running: 'sync~spin',
  paused: 'debug-pause',
  stopping: 'loading~spin',
  stopped: 'circle-slash',
  completed: 'pass',
  failed: 'error',
  crashed: 'warning',
};

export function isResumable(state: RunState): boolean {
  return state === 'stopped' || state === 'crashed' || state === 'failed';
}

/** `$(sync~spin) 多任务 12/100 · 0.318`: epoch of all epochs and the latest total loss. */
export function statusText(t: Translate, state: RunState, history: LossHistory): string {
  const icon = `$(${stateIcons[state]})`;
  if (state === 'preparing' || !history.start) return `${icon} ${t('Multi-task')} · ${stateText(t, 'preparing')}`;
  const epochs = history.start.epochs;
  const done = history.epochs.at(-1)?.record.epoch ?? 0;
  const total = history.steps.total.last();
  const loss = Number.isNaN(total) ? '' : ` · ${metricText(total)}`;
  const paused = state === 'paused' || state === 'stopping' ? ` · ${stateText(t, state)}` : '';
  return `${icon} ${t('Multi-task')} ${Math.min(done, epochs)}/${epochs}${loss}${paused}`;
}
