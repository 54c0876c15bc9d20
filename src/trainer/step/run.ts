/** A step as the paper says it: losses, the strategy's weights, the update. */
import type { Json, Strategy } from '../weighting/types.ts';
import {
  divisorOf,
  type Forward,
  type LossSum,
  type Part,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskWeights,
} from './types.ts';

export interface StepResult {
  /** One a batch; null where no task had a label. */
  readonly parts: readonly (Part | null)[];
  /** Losses over all batches, and the strategy's effective weights; null where absent. */
  readonly losses: readonly (LossSum | null)[];
  readonly weights: readonly (number | null)[];
  /** What was minimized: Σ wᵢ Lᵢ over the tasks present, and the penalties. */
  readonly objective: number;
  readonly penalty: number;
  readonly state: Json;
}

export class StepRunner {
  readonly #context: StepContext;
  readonly #executor: StepExecutor;
  readonly #strategy: Strategy;

  constructor(context: StepContext, executor: StepExecutor, strategy: Strategy) {
    this.#context = context;
    this.#executor = executor;
    this.#strategy = strategy;
  }

  run(input: StepInput, before: Json, learningRate: number): StepResult {
    let weighed: { weights: TaskWeights; objective: number; state: Json } | undefined;
    const { forward, penalty } = this.#executor.weightedStep(
      input,
      {
        beforehand: false,
        weights: (losses, present) => {
          if (!losses) throw new Error('These weights depend on the losses.');
          weighed = this.#weigh(losses, present, input, before);
          return weighed.weights;
        },
      },
      learningRate,
    );
    return {
      parts: forward.parts,
      losses: forward.losses,
      weights: this.#context.tasks.map((_, index) => weighed?.weights.get(index) ?? null),
      objective: (weighed?.objective ?? 0) + penalty,
      penalty,
      state: weighed ? weighed.state : before,
    };
  }

  #weigh(
    { losses }: Forward,
    present: readonly number[],
    { batches, step }: StepInput,
    before: Json,
  ): { weights: TaskWeights; objective: number; state: Json } {
    const { tasks, reduction } = this.#context;
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    const values = present.map((index) => {
      const loss = losses[index];
      return loss ? loss.sum / divisorOf(loss, reduction, size) : NaN;
    });
    const { weights, state } = this.#strategy.weigh(
      {
        step,
        tasks: present.map((index) => tasks[index]?.name ?? ''),
        losses: values,
        weights: present.map((index) => tasks[index]?.weight ?? 0),
      },
      before,
    );
    return {
      weights: new Map(present.map((index, place) => [index, weights[place] ?? NaN])),
      objective: values.reduce((sum, value, place) => sum + (weights[place] ?? NaN) * value, 0),
      state,
    };
  }
}
