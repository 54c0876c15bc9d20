/** The trainer's first act: take the lock for its attempt, or say who has it. */
import { textOfError } from '../common/told-error.ts';
import { createAttempt, endAttempt, readAttempt } from './attempts.ts';
import type { Attempt, AttemptOptions } from './attempts.ts';
import { RunError } from './error.ts';
import { acquireLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { refuseLinks } from './links.ts';

export interface Begun {
  readonly attempt: Attempt;
  readonly lock: Lock;
}

/**
 * Takes the lock of a run for an attempt that a launcher has written. Without a number (the trainer was started by hand)
 * a new attempt is written first.
 *
 * @throws RunError `alive` (the attempt is then marked `refused`), `damaged`, `unwritable`, `link`
 */
export async function beginAttempt(
  directory: string,
  attemptNumber: number | undefined,
  byHand: AttemptOptions,
): Promise<Begun> {
  refuseLinks(directory);
  const attempt =
    attemptNumber === undefined
      ? createAttempt(directory, byHand, { node: process.versions.node })
      : readAttempt(directory, attemptNumber);
  if (!attempt) {
    throw new RunError(
      'damaged',
      `The run has no readable attempts/${attemptNumber ?? ''}.json. Start it again with "mtl train --resume".`,
      `此运行缺少可读的 attempts/${attemptNumber ?? ''}.json。请用“mtl train --resume”重新启动。`,
    );
  }
  try {
    return { attempt, lock: await acquireLock(directory, { attempt: attempt.attempt, token: attempt.token }) };
  } catch (error) {
    refuseAttempt(directory, attempt.attempt, error);
    throw error;
  }
}

/** Marks an attempt that has not begun. On a full disk that fails, too: then the reason stays the first error. */
function refuseAttempt(directory: string, attempt: number, reason: unknown): void {
  const { en, zh } = textOfError(reason);
  try {
    endAttempt(directory, attempt, { status: 'refused', message: en, zh });
  } catch {
    // Whoever started this process meets the same disk, and says so.
  }
}
