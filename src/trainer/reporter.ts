/**
 * Turns steps into `step` records: at most about ten a second, each the mean over the steps since the last one. Means
 * are over the steps in which the task was present, so that an absent task never counts as a loss of 0.
 */
import type { StepEvent } from '../runs/events.ts';
import { jsonNumber } from '../runs/records.ts';
import type { StepOutcome } from './step.ts';

/** Milliseconds between two records of one epoch. */
const interval = 100;

export interface StepPlace {
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
  /** The last step of an epoch is always written. */
  readonly lastOfEpoch: boolean;
}

export class StepReporter {
  #steps = 0;
  #losses: { sum: number; count: number }[];
  #weights: readonly number[] | null = null;
  #objective = 0;
  #penalty = 0;
  #place: StepPlace | null = null;
  #lastWrite: number;
  #rateStart: number;
  #rateSteps = 0;

  /**
   * @param tasks names in source order
   * @param specWeights the spec's weights in the same order; `total` is their weighted sum of losses, and nothing else
   */
  constructor(
    private readonly tasks: readonly string[],
    private readonly specWeights: readonly number[],
    private readonly write: (record: StepEvent) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#losses = this.#empty();
    this.#lastWrite = this.now() - interval;
    this.#rateStart = this.now();
  }

  add(place: StepPlace, outcome: StepOutcome): void {
    this.#steps++;
    this.#rateSteps++;
    this.#place = place;
    this.#weights = outcome.weights;
    this.#objective += outcome.objective;
    this.#penalty += outcome.penalty;
    outcome.losses.forEach((loss, task) => {
      const entry = this.#losses[task];
      if (loss === null || !entry) return;
      entry.sum += loss.sum / loss.weight;
      entry.count++;
    });
    if (place.lastOfEpoch || this.now() - this.#lastWrite >= interval) this.flush();
  }

  /** Writes what has gathered, if anything: before a checkpoint, a pause and the end. */
  flush(): void {
    const place = this.#place;
    if (!place || this.#steps === 0) return;
    const means = this.#losses.map(({ sum, count }) => (count ? sum / count : null));
    const total = means.reduce<number>((sum, loss, task) => sum + (loss ?? 0) * (this.specWeights[task] ?? 0), 0);
    const time = this.now();
    this.write({
      kind: 'step',
      step: place.step,
      steps: this.#steps,
      epoch: place.epoch,
      losses: this.#named(means),
      weights: this.#weights ? this.#named(this.#weights) : null,
      total: jsonNumber(total),
      objective: jsonNumber(this.#objective / this.#steps),
      penalty: jsonNumber(this.#penalty / this.#steps),
      learningRate: jsonNumber(place.learningRate),
      stepsPerSecond: Math.round((this.#rateSteps / Math.max(1e-3, (time - this.#rateStart) / 1000)) * 100) / 100,
    });
    this.#lastWrite = time;
    if (time - this.#rateStart > 2000) {
      // The rate is that of the last seconds, not of the whole run: it must show a slowdown.
      this.#rateStart = time;
      this.#rateSteps = 0;
    }
    this.#steps = 0;
    this.#objective = 0;
    this.#penalty = 0;
    this.#losses = this.#empty();
  }

  #empty(): { sum: number; count: number }[] {
    return this.tasks.map(() => ({ sum: 0, count: 0 }));
  }

  #named<T extends number | null>(values: readonly T[]): never {
    return new Map(this.tasks.map((task, index) => [task, values[index]])) as never;
  }
}
