/** Strategies that read the losses: one backward pass of Σ wᵢ Lᵢ. */
import { at } from '../../../numbers/linear.ts';
import { amongAll, element, type ByTask } from '../by-task.ts';
import type { Strategy, StepStatistics, Weighting } from '../../../weighting/contract.ts';
import type { LearnedStep } from './learned.ts';
import { stateOf, type MethodResult, type MethodState } from './method.ts';
import { reportsOf } from './solver-reports.ts';
import { StrategyMethod, whole, type MethodParts } from './strategy-method.ts';
import { statisticsOf, type StepPlace, type MethodContext } from './statistics.ts';
import { presentAnywhere, type Forward, type StepInput } from '../contract.ts';

export class LossMethod extends StrategyMethod<Strategy> {
  readonly paysForGradients = false;
  readonly #learn: LearnedStep;

  constructor(parts: MethodParts<Strategy>, learn: LearnedStep) {
    super(parts);
    this.#learn = learn;
  }

  run(input: StepInput, at: StepPlace, before: MethodState): MethodResult {
    const strategy = this.strategy;
    const present = presentAnywhere(input.batches);
    const held = stateOf(before, whole);
    const weigh = (forward: Forward): { statistics: StepStatistics; weighing: Weighting } => {
      const statistics = statisticsOf(this.context, input, forward, present, at);
      return { statistics, weighing: strategy.weigh(statistics, held) };
    };
    let weighed: ReturnType<typeof weigh> | undefined;
    const { forward, ...updated } = this.executor.weightedStep(
      input,
      {
        beforehand: strategy.readsLosses === false,
        weights: (known) => {
          // Null only where the strategy reads no losses, as it has said.
          const found = weigh(known ?? unknownLosses(this.context));
          if (known) weighed = found;
          return weightsByTask(this.context, present, found.weighing.weights);
        },
      },
      at.learningRate,
    );
    if (present.length === 0) return { forward, updated, weights: null, objective: 0, state: before, problems: [] };
    weighed ??= weigh(forward);
    const { statistics, weighing } = weighed;
    let state: MethodState = { ...before, states: { [whole]: weighing.state } };
    state = learnedStep(strategy, this.#learn, statistics.tasks, weighing, state, at);
    if (strategy.afterStep) {
      const after = statisticsOf(this.context, input, this.executor.forward(input), present, at);
      state = { ...state, states: { [whole]: strategy.afterStep(statistics, after.losses, stateOf(state, whole)) } };
    }
    return {
      ...{ forward, updated, state },
      weights: weightsByTask(this.context, present, weighing.weights),
      // Without a value of its own the strategy minimizes what its weights say.
      objective: weighing.value ?? sumOf(weighing.weights, statistics.losses),
      problems: reportsOf([weighing]),
    };
  }
}

/** For weights that do not depend on losses. */
function unknownLosses({ tasks }: MethodContext): Forward {
  return { losses: tasks.map(() => ({ sum: 1, weight: 1 })), parts: [] };
}

/** Steps the strategy's learned numbers, in every segment alike: they belong to the tasks. */
export function learnedStep(
  { learned }: Strategy,
  learn: LearnedStep,
  tasks: readonly string[],
  { gradient }: Weighting,
  state: MethodState,
  { learningRate }: StepPlace,
): MethodState {
  if (!learned || !gradient) return state;
  const first = element(Object.values(state.states), 0);
  const { values, memory } = learn(tasks, learned.values(first, tasks), gradient, state.learned, learningRate);
  const states = Object.fromEntries(
    Object.entries(state.states).map(([segment, json]) => [segment, learned.replace(json, tasks, values)]),
  );
  return { ...state, states, learned: memory };
}

/**
 * Numbers of the tasks present among those of all.
 *
 * @param weights one per task present, in order
 */
export function weightsByTask(
  { tasks }: Pick<MethodContext, 'tasks'>,
  present: readonly number[],
  weights: readonly number[],
): ByTask<number> {
  return amongAll(tasks.length, present, weights);
}

/** Σ wᵢ Lᵢ. */
export function sumOf(weights: readonly number[], losses: readonly number[]): number {
  return losses.reduce((sum, loss, place) => sum + at(weights, place) * loss, 0);
}
