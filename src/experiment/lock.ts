/** One driver per experiment: the lock of a run directory, in the experiment's. */
import { RunError } from '../runs/error.ts';
import { newToken } from '../files/lock.ts';
import { acquireLock, liveHolder, type Lock } from '../runs/lock.ts';
import { aliveText, ExperimentError } from './error.ts';
import { unwritableText } from './driver/writer.ts';

/** Pid and token of the process that works on an experiment; null where none does. */
export function driverOf(directory: string): { readonly pid: number; readonly token: string } | null {
  return liveHolder(directory);
}

/**
 * @param driver its number: how many have worked on it before, and one
 * @throws ExperimentError `alive`, `unwritable`
 */
export async function lockExperiment(directory: string, driver: number, token: string = newToken()): Promise<Lock> {
  try {
    return await acquireLock(directory, { attempt: driver, token });
  } catch (error) {
    const holder = liveHolder(directory);
    if (error instanceof RunError && error.code === 'alive' && holder)
      throw new ExperimentError('alive', aliveText(holder.pid));
    throw error instanceof RunError && error.code === 'unwritable' ? unwritableText(directory, error) : error;
  }
}
