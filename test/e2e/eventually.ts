// Waiting for what a window comes to show.
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds; long enough for any machine. */
export const patience = 60_000;

/**
 * Repeats `probe` until it gives something other than undefined or false.
 *
 * @param what for the message when that does not happen in time
 * @param milliseconds generous: a slow machine is no failure
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  milliseconds = patience,
): Promise<T> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await sleep(100);
  }
  throw new Error(`waited in vain for: ${what}`);
}
