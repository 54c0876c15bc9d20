/**
 * Turns steps into `step` records: at most about ten a second, each the mean over the steps since the last one. Means
 * are over the steps in which the task was present, so that an absent task never counts as a loss of 0.
 */
import type { EventInput } from '../../runs/events.ts';
import { totalOf } from '../training/scores.ts';
import type { LossSum } from '../step/contract.ts';

type StepRecord = Extract<EventInput, { readonly kind: 'step' }>;

/** Milliseconds between two records of one epoch. */
const interval = 100;

/** Milliseconds between two measurements of memory: the system is asked for it. */
const memoryInterval = 1000;

/** Numbers of one step; lists in task order, null where a task is absent. */
export interface StepOutcome {
  readonly losses: readonly (LossSum | null)[];
  readonly weights: readonly (number | null)[];
  /** The scalar that was minimized, regularization included. */
  readonly objective: number;
  readonly penalty: number;
}

export interface RecordPlace {
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
  /** The last step of an epoch is always written. */
  readonly lastOfEpoch: boolean;
}

export class StepReporter {
  readonly #tasks: readonly string[];
  readonly #specWeights: ReadonlyMap<string, number>;
  readonly #write: (record: StepRecord) => void;
  readonly #now: () => number;
  #steps = 0;
  #losses: { sum: number; count: number }[];
  #weights: (number | null)[];
  /** Of the steps that updated something: one without a label minimizes nothing. */
  #updates = { count: 0, objective: 0, penalty: 0 };
  #place: RecordPlace | null = null;
  #lastWrite: number;
  #rateStart: number;
  #rateSteps = 0;
  #measured = -Infinity;
  readonly #memory: () => number;

  /**
   * @param tasks names in source order
   * @param specWeights the spec's weights; `total` is their weighted sum of losses, and nothing else
   * @param now milliseconds
   * @param memory resident bytes of the whole process, whichever thread asks
   */
  constructor(
    tasks: readonly string[],
    specWeights: ReadonlyMap<string, number>,
    write: (record: StepRecord) => void,
    now: () => number = () => performance.now(),
    memory: () => number = () => process.memoryUsage.rss(),
  ) {
    this.#tasks = tasks;
    this.#specWeights = specWeights;
    this.#write = write;
    this.#now = now;
    this.#memory = memory;
    this.#losses = this.#empty();
    this.#weights = tasks.map(() => null);
    this.#lastWrite = this.#now() - interval;
    this.#rateStart = this.#now();
  }

  add(place: RecordPlace, outcome: StepOutcome): void {
    this.#steps++;
    this.#rateSteps++;
    this.#place = place;
    // A task that is absent keeps showing the weight it had when it was last present.
    this.#weights = this.#weights.map((before, task) => outcome.weights[task] ?? before);
    if (outcome.losses.some((loss) => loss !== null)) {
      this.#updates.count++;
      this.#updates.objective += outcome.objective;
      this.#updates.penalty += outcome.penalty;
    }
    outcome.losses.forEach((loss, task) => {
      const entry = this.#losses[task];
      if (loss === null || !entry) return;
      entry.sum += loss.sum / loss.weight;
      entry.count++;
    });
    if (place.lastOfEpoch || this.#now() - this.#lastWrite >= interval) this.flush();
  }

  /** Writes what has gathered, if anything: before a checkpoint, a pause and the end. */
  flush(): void {
    const place = this.#place;
    if (!place || this.#steps === 0) return;
    const losses = this.#named(this.#losses.map(({ sum, count }) => (count ? sum / count : null)));
    const { count, objective, penalty } = this.#updates;
    const time = this.#now();
    this.#write({
      kind: 'step',
      step: place.step,
      steps: this.#steps,
      epoch: place.epoch,
      losses,
      weights: this.#knownWeights(),
      total: totalOf({ losses }, this.#specWeights),
      objective: count > 0 ? objective / count : null,
      penalty: count > 0 ? penalty / count : null,
      learningRate: place.learningRate,
      stepsPerSecond: Math.round((this.#rateSteps / Math.max(1e-3, (time - this.#rateStart) / 1000)) * 100) / 100,
      ...this.#residentBytes(time),
    });
    this.#lastWrite = time;
    if (time - this.#rateStart > 2000) {
      // The rate is that of the last seconds, not of the whole run: it must show a slowdown.
      this.#rateStart = time;
      this.#rateSteps = 0;
    }
    this.#steps = 0;
    this.#updates = { count: 0, objective: 0, penalty: 0 };
    this.#losses = this.#empty();
  }

  #residentBytes(time: number): Pick<StepRecord, 'residentBytes'> {
    if (time - this.#measured < memoryInterval) return {};
    this.#measured = time;
    return { residentBytes: this.#memory() };
  }

  #empty(): { sum: number; count: number }[] {
    return this.#tasks.map(() => ({ sum: 0, count: 0 }));
  }

  #named(values: readonly (number | null)[]): ReadonlyMap<string, number | null> {
    return new Map(this.#tasks.map((task, index) => [task, values[index] ?? null]));
  }

  #knownWeights(): ReadonlyMap<string, number> {
    return new Map(
      this.#tasks.flatMap((task, index) => {
        const weight = this.#weights[index];
        return weight === null || weight === undefined ? [] : [[task, weight] as const];
      }),
    );
  }
}
