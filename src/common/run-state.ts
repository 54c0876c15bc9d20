/** State of a run as a person sees it: `crashed` = dead without an `end` record; `idle` = made but never started. */
export const runStates = [
  'idle',
  'preparing',
  'running',
  'paused',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'crashed',
] as const;

export type RunState = (typeof runStates)[number];

/** Its process is at work, or about to be. */
export function isLive(state: RunState): boolean {
  return state === 'preparing' || state === 'running' || state === 'paused' || state === 'stopping';
}
