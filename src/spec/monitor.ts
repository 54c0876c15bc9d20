import type { Spec } from './types.ts';

/** What "best" is judged by: as `earlyStopping.monitor` says, else skill for two or more tasks and the total loss for one. */
export function defaultMonitor(spec: Spec): string {
  return spec.training.earlyStopping?.monitor ?? (spec.tasks.size >= 2 ? 'validation/skill' : 'validation/total');
}
