// A run that has begun, its lock in this process's hand: what the training thread is given.
import path from 'node:path';
import { beginAttempt } from '../../../src/runs/begin.ts';
import { RequestCell } from '../../../src/trainer/process/control-cell.ts';
import type { WorkerStart } from '../../../src/trainer/process/messages.ts';
import { newRun, type Workplace } from './run-helpers.ts';

export interface StartedRun {
  readonly start: WorkerStart;
  readonly directory: string;
  /** Gives the lock back. */
  readonly release: () => void;
}

export async function startedRun(place: Workplace, name: string, text: string): Promise<StartedRun> {
  const directory = newRun(place, name, text);
  const { attempt, lock } = await beginAttempt(directory, undefined, {
    engine: 'wasm',
    root: path.relative(directory, place.folder),
    allowOutside: false,
    keepAliveMinutes: 0,
  });
  const start = { directory, attempt, resume: false, requests: new RequestCell().buffer };
  return { start, directory, release: () => lock.release() };
}
