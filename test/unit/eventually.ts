/** Waiting for what another process does: until it has, or with a word about what did not happen. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for any machine; only a test that fails anyway waits so long. */
const patienceSeconds = 120;

/** @throws when the condition does not come true; `what` says what was waited for */
export async function eventually(
  condition: () => boolean,
  what: string,
  { seconds = patienceSeconds, every = 5 }: { seconds?: number; every?: number } = {},
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${String(seconds)} seconds in vain: ${what}`);
    await sleep(every);
  }
}
