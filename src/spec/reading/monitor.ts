/** Monitors: which number of the validation split is watched, by early stopping, a plateau schedule, and for the best epoch. */
import type { Spec } from '../resolved.ts';

export type Monitored =
  | { readonly kind: 'skill' | 'total' }
  | { readonly kind: 'loss'; readonly task: string }
  | { readonly kind: 'metric'; readonly task: string; readonly metric: string };

/**
 * `validation/skill`, `validation/total`, `validation/<task>/loss` or `validation/<task>/<metric>`; segments escape `/` and
 * `~` as JSON Pointer does. Undefined for any other text.
 */
export function readMonitor(text: string): Monitored | undefined {
  const [split, first, second, ...rest] = text.split('/').map(unescapeSegment);
  if (split !== 'validation' || first === undefined || rest.length > 0) return undefined;
  if (second === 'loss') return { kind: 'loss', task: first };
  if (second !== undefined) return { kind: 'metric', task: first, metric: second };
  return first === 'skill' || first === 'total' ? { kind: first } : undefined;
}

function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** What "best" is judged by: as `earlyStopping.monitor` says, else skill for two or more tasks and the total loss for one. */
export function defaultMonitor(spec: Spec): string {
  return spec.training.earlyStopping?.monitor ?? (spec.tasks.size >= 2 ? 'validation/skill' : 'validation/total');
}

/** What a schedule says that it watches; undefined where it says nothing, or watches nothing. */
export function scheduleMonitor({ training: { schedule } }: Pick<Spec, 'training'>): string | undefined {
  return 'monitor' in schedule ? schedule.monitor : undefined;
}

/** What a plateau schedule watches; undefined for other schedules. */
export function plateauMonitor(spec: Spec): string | undefined {
  const { schedule } = spec.training;
  return schedule.name === 'plateau' ? (scheduleMonitor(spec) ?? defaultMonitor(spec)) : undefined;
}

/** Whether the objective counts a task: it ignores one of weight 0, and so do the totals. */
export function isCounted({ weights }: Pick<Spec, 'weights'>, task: string): boolean {
  return (weights.get(task) ?? 1) > 0;
}
