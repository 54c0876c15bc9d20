/** Measures task affinity every so many steps of a run, and keeps its running means. */
import type { EventInput } from '../../runs/events.ts';
import type { StepInput } from '../step/contract.ts';
import type { Json } from '../../weighting/contract.ts';
import { measureAffinity, type Looking } from './measure.ts';
import {
  addMeasurement,
  affinityJson,
  affinityRecord,
  freshAffinity,
  hasMeasured,
  readAffinity,
  type AffinityState,
} from './running-means.ts';

export class AffinityProbe {
  readonly #looking: Looking;
  readonly #every: number;
  readonly #tasks: readonly string[];
  #state: AffinityState;
  /** A measurement has come that no record tells yet. */
  #news = false;

  /** @param every steps between two measurements; the first step is measured */
  constructor(looking: Looking, every: number) {
    this.#looking = looking;
    this.#every = every;
    this.#tasks = looking.context.tasks.map(({ name }) => name);
    this.#state = freshAffinity(this.#tasks.length);
  }

  /** Measures, where this step's turn has come. To be called before the step is made. */
  look(input: StepInput, learningRate: number): void {
    if (input.step % this.#every !== 0) return;
    const found = measureAffinity(this.#looking, input, learningRate);
    if (!found) return;
    this.#state = addMeasurement(this.#state, found);
    this.#news = true;
  }

  /** The record of all measurements so far; null where nothing is new. */
  record(step: number): EventInput | null {
    if (!this.#news || !hasMeasured(this.#state)) return null;
    this.#news = false;
    return affinityRecord(step, this.#tasks, this.#state);
  }

  state(): Json {
    return affinityJson(this.#state);
  }

  restore(state: Json): void {
    // A stranger's checkpoint may hold no means of these tasks: the probe then begins anew, and its counts say so.
    this.#state = readAffinity(state, this.#tasks.length) ?? freshAffinity(this.#tasks.length);
  }
}
