/**
 * What is looked at beside a run without any effect on it: task affinity at its interval, and what other strategies
 * would have chosen (`observe`). Its state is JSON and goes into checkpoints.
 */
import type { Text } from '../../common/text.ts';
import type { EventInput } from '../../runs/events.ts';
import { AffinityProbe } from '../affinity/probe.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { mainOptimizer, type LearnedStep } from '../step/methods/learned.ts';
import type { Measured } from '../step/methods/method.ts';
import type { StepResult } from '../step/methods/run.ts';
import { drawsOf, type StepPlace } from '../step/methods/statistics.ts';
import { divisorOf, type StepInput } from '../step/contract.ts';
import type { Steps } from './make-steps.ts';
import { member } from '../../weighting/state.ts';
import { observedBy } from '../../weighting/flow.ts';
import { createObserver, type Observer } from '../../weighting/observe.ts';
import type { Json, StepStatistics } from '../../weighting/contract.ts';

export interface ObserversOptions {
  readonly prepared: Prepared;
  readonly steps: Steps;
  readonly optimizer: Optimizer;
}

export class Observers {
  readonly #steps: Steps;
  readonly #probe: AffinityProbe | null;
  readonly #observer: Observer | null;
  readonly #learn: LearnedStep;
  #states: Json;

  constructor({ prepared, steps, optimizer }: ObserversOptions) {
    const { training, strategy } = prepared.spec;
    const { context, executor, facts } = steps;
    const looking = { context, executor, optimizer, clipNorm: training.clipNorm };
    const wanted = training.affinity !== undefined && prepared.tasks.length > 1;
    this.#steps = steps;
    this.#probe = wanted && training.affinity ? new AffinityProbe(looking, training.affinity.every) : null;
    this.#observer = createObserver(observedBy(strategy), { tasks: context.tasks.map(({ name }) => name), facts });
    this.#learn = mainOptimizer(optimizer.rule);
    this.#states = this.#observer?.initialStates ?? null;
  }

  /** Before a step is made. Methods that work on several batches at once are measured on the one that is learned from. */
  before(input: StepInput, learningRate: number): void {
    if (!this.#probe) return;
    const { method } = this.#steps;
    const last = input.batches.length - 1;
    const several = method.batches > 1 || method.halves === true;
    const batch = input.batches[last];
    this.#probe.look(several && batch ? { batches: [batch], step: input.step, part: last } : input, learningRate);
  }

  /**
   * After a step: shows it to the observed strategies.
   *
   * @param measured the step's gradients, where it had any
   * @returns what each would have chosen for the tasks present, and what their solvers have to say
   */
  after(
    input: StepInput,
    at: StepPlace,
    result: Pick<StepResult, 'losses'>,
    measured: Measured | null,
  ): { readonly weights: ReadonlyMap<string, readonly number[]>; readonly problems: readonly Text[] } {
    const statistics = this.#observer && this.#statisticsOf(input, at, result, measured);
    if (!this.#observer || !statistics) return { weights: new Map(), problems: [] };
    const { weights, states, problems } = this.#observer.observe(
      statistics,
      this.#states,
      this.#learn,
      at.learningRate,
    );
    this.#states = states;
    return { weights, problems };
  }

  #statisticsOf(
    { batches }: StepInput,
    { step, epoch }: StepPlace,
    { losses }: Pick<StepResult, 'losses'>,
    measured: Measured | null,
  ): StepStatistics | null {
    const { tasks, reduction, seed } = this.#steps.context;
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    const present = losses.flatMap((loss, index) => (loss === null ? [] : [{ loss, index }]));
    const values = present.map(({ loss }) => loss.sum / divisorOf(loss, reduction, size));
    // Once the losses have diverged, no strategy could choose weights.
    if (present.length === 0 || !values.every(Number.isFinite)) return null;
    const gradients =
      measured &&
      gradientsOf(
        measured,
        present.map(({ index }) => index),
      );
    return {
      ...{ step, epoch },
      tasks: present.map(({ index }) => tasks[index]?.name ?? ''),
      losses: values,
      weights: present.map(({ index }) => tasks[index]?.weight ?? 0),
      draws: drawsOf(seed, step, present.length),
      ...gradients,
    };
  }

  /** After an epoch: its mean losses by task. @returns the record of affinity where something new was measured */
  endEpoch(tasks: readonly string[], means: readonly number[], step: number): EventInput | null {
    if (this.#observer) this.#states = this.#observer.afterEpoch(tasks, means, this.#states);
    return this.#probe?.record(step) ?? null;
  }

  state(): Json {
    return { observed: this.#states, affinity: this.#probe?.state() ?? null };
  }

  restore(state: Json): void {
    this.#states = member(state, 'observed');
    this.#probe?.restore(member(state, 'affinity'));
  }
}

/** Norms and Gram matrix, where they are of the very tasks that are present and finite. */
function gradientsOf(
  { present, norms, gram }: Measured,
  tasks: readonly number[],
): Pick<StepStatistics, 'norms' | 'gram'> | null {
  const same = present.length === tasks.length && present.every((task, place) => task === tasks[place]);
  if (!same || !norms.every(Number.isFinite)) return null;
  return { norms, ...(gram?.flat().every(Number.isFinite) ? { gram } : {}) };
}
