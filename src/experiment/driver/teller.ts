/** Counts and the remaining time of a driver's runs, told to who watches. */
import type { Outcome, Pending, PlannedRun } from '../contract.ts';
import type { Executor } from '../executors/contract.ts';
import type { Text } from '../../common/text.ts';
import { remainingTime, type Finished } from './progress.ts';
import { writeStatus, type ArmCounts, type DriverMode, type DriverStatus } from './status.ts';

/** What a driver knows of a run. */
export interface Tracked {
  readonly run: PlannedRun;
  /** `foreign`: its directory holds something else, and is left alone. */
  phase: 'waiting' | 'live' | 'ended' | 'foreign';
  /** It goes on from what is there. */
  resume: boolean;
  /** Since when it is live, milliseconds since the epoch. */
  since: number | null;
  /** How long it was live, as far as this driver saw it. */
  seconds: number | null;
}

/** The status is written at most so often, in milliseconds. */
const tellEvery = 500;

export class StatusTeller {
  readonly #directory: string;
  readonly #token: string;
  readonly #executor: Pick<Executor, 'slots'>;
  readonly #finished: Finished[] = [];
  readonly #states = new Map<string, Outcome['state']>();
  #last = -Infinity;
  why: Text | null = null;
  last: DriverStatus['last'] = null;

  constructor(directory: string, token: string, executor: Pick<Executor, 'slots'>) {
    this.#directory = directory;
    this.#token = token;
    this.#executor = executor;
  }

  finished({ run }: Tracked, { state }: Outcome, seconds: number): void {
    this.#states.set(run.id, state);
    // What was cut or broke off does not tell how long a run takes.
    if (state === 'done') this.#finished.push({ arm: run.arm, seconds });
  }

  tell(mode: DriverMode, runs: ReadonlyMap<string, Tracked>, pending: readonly Pending[], now: boolean): void {
    const time = performance.now();
    if (!now && time - this.#last < tellEvery) return;
    this.#last = time;
    try {
      writeStatus(this.#directory, this.#status(mode, [...runs.values()], pending));
    } catch {
      // A full disk is told by what must be written; this need not be.
    }
  }

  #status(mode: DriverMode, runs: readonly Tracked[], pending: readonly Pending[]): DriverStatus {
    const t = Date.now();
    const live = runs.filter(({ phase }) => phase === 'live');
    const later = pending.reduce((sum, { runs: count }) => sum + count, 0);
    const { seconds, atMost } = remainingTime({
      finished: this.#finished,
      running: live.map(({ run, since }) => ({ arm: run.arm, elapsed: since === null ? 0 : (t - since) / 1000 })),
      waiting: runs.filter(({ phase }) => phase === 'waiting').map(({ run }) => ({ arm: run.arm })),
      pending: later,
      slots: this.#executor.slots,
    });
    const arms = this.#arms(runs);
    return {
      ...{ v: 1, token: this.#token, t, mode, pending: later, arms, atMost },
      counts: total(arms),
      remaining: seconds,
      slots: this.#executor.slots,
      running: live.map(({ run }) => run.id),
      ...{ why: this.why, last: this.last },
    };
  }

  #arms(runs: readonly Tracked[]): readonly ArmCounts[] {
    const arms = new Map<string, ArmCounts>();
    for (const { run, phase } of runs) {
      const key = phase === 'ended' ? (this.#states.get(run.id) ?? 'failed') : phase === 'live' ? 'running' : 'waiting';
      const counts = arms.get(run.arm) ?? { arm: run.arm, done: 0, failed: 0, pruned: 0, running: 0, waiting: 0 };
      arms.set(run.arm, { ...counts, [key]: counts[key] + 1 });
    }
    return [...arms.values()];
  }
}

function total(arms: readonly ArmCounts[]): DriverStatus['counts'] {
  const sum = (key: 'done' | 'failed' | 'pruned' | 'running' | 'waiting'): number =>
    arms.reduce((all, counts) => all + counts[key], 0);
  return {
    ...{ done: sum('done'), failed: sum('failed'), pruned: sum('pruned') },
    ...{ running: sum('running'), waiting: sum('waiting') },
  };
}
