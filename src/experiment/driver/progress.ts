/** How long an experiment will still take, from what its runs have taken so far. Pure. */

export interface Finished {
  readonly arm: string;
  readonly seconds: number;
}

export interface Left {
  readonly finished: readonly Finished[];
  readonly running: readonly { readonly arm: string; readonly elapsed: number }[];
  /** In the order in which they will be started. */
  readonly waiting: readonly { readonly arm: string }[];
  /** Runs that are not known yet, at most. */
  readonly pending: number;
  readonly slots: number;
}

export interface Remaining {
  /** Null as long as no run has finished: then nobody knows. */
  readonly seconds: number | null;
  /** Some of the runs are not known yet, so that it may be less. */
  readonly atMost: boolean;
}

/**
 * Each run that is left is given to the slot that is free first, as the driver will do. A run takes as long as those of
 * its arm have taken in the mean, or of all where none of its arm has finished; one that runs longer than that is about
 * to end for all one knows.
 */
export function remainingTime({ finished, running, waiting, pending, slots }: Left): Remaining {
  const overall = mean(finished.map(({ seconds }) => seconds));
  const atMost = pending > 0;
  if (overall === null) return { seconds: running.length + waiting.length + pending === 0 ? 0 : null, atMost };
  const byArm = meansByArm(finished);
  const expected = (arm: string): number => byArm.get(arm) ?? overall;
  const free = Array.from({ length: Math.max(1, slots, running.length) }, () => 0);
  for (const [index, { arm, elapsed }] of running.entries()) free[index] = Math.max(0, expected(arm) - elapsed);
  const take = (seconds: number): void => {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + seconds;
  };
  for (const { arm } of waiting) take(expected(arm));
  for (let index = 0; index < pending; index++) take(overall);
  return { seconds: Math.max(...free), atMost };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function meansByArm(finished: readonly Finished[]): ReadonlyMap<string, number> {
  const sums = new Map<string, { seconds: number; n: number }>();
  for (const { arm, seconds } of finished) {
    const sum = sums.get(arm) ?? { seconds: 0, n: 0 };
    sums.set(arm, { seconds: sum.seconds + seconds, n: sum.n + 1 });
  }
  return new Map([...sums].map(([arm, { seconds, n }]) => [arm, seconds / n]));
}
