/** What passes between the training process's two threads beside the shared request cell. */
import type { Attempt, AttemptEnd } from '../../runs/attempts.ts';
import type { ErrorRecord } from '../../runs/events.ts';

/** Given to the training thread as `workerData`. */
export interface WorkerStart {
  readonly directory: string;
  readonly attempt: Attempt;
  readonly resume: boolean;
  readonly requests: SharedArrayBuffer;
}

/** Its last message. */
export interface WorkerEnd {
  readonly type: 'end';
  /** `refused`: what the run depends on has changed, and nothing was started. */
  readonly status: 'completed' | 'early-stopped' | 'stopped' | 'failed' | 'refused';
  /** The `end` record stands in the event file already. */
  readonly recorded: boolean;
  /** What has changed, where that is why it was refused. */
  readonly changes?: AttemptEnd['changes'];
  readonly error?: ErrorRecord;
}

/** How a run ends that nothing has broken. */
export type Ending = Exclude<WorkerEnd['status'], 'failed' | 'refused'>;

export function isWorkerEnd(message: unknown): message is WorkerEnd {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'end';
}

export function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'requests' in data && 'directory' in data;
}
