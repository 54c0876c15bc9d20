/** Strategies that read the losses: one backward pass of Σ wᵢ Lᵢ. */
import { at } from '../../../numbers/linear.ts';
import { byTask, type ByTask } from '../by-task.ts';
import type { Strategy, StepStatistics, Weighting } from '../../../weighting/contract.ts';
import type { LearnedStep } from './learned.ts';
import { ownState, type MethodResult, type MethodState } from './method.ts';
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
    const own = ownState(before, whole);
    const weigh = (forward: Forward): { statistics: StepStatistics; weighing: Weighting } => {
      const statistics = statisticsOf(this.context, input, forward, present, at);
      return { statistics, weighing: strategy.weigh(statistics, own) };
    };
    let weighed: ReturnType<typeof weigh> | undefined;
    const { forward, ...updated } = this.executor.weightedStep(
      input,
      {
        beforehand: strategy.readsLosses === false,
        weights: (known) => {
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
    let state: MethodState = { ...before, own: { [whole]: weighing.state } };
    state = learnedStep(strategy, this.#learn, statistics.tasks, weighing, state, at);
    if (strategy.afterStep) {
      const after = statisticsOf(this.context, input, this.executor.forward(input), present, at);
      state = { ...state, own: { [whole]: strategy.afterStep(statistics, after.losses, ownState(state, whole)) } };
    }
    return {
      ...{ forward, updated, state },
      weights: weightsByTask(this.context, present, weighing.weights),
      objective: weighing.value ?? sumOf(weighing.weights, statistics.losses),
      problems: weighing.problems ?? [],
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
  const first = Object.values(state.own)[0] ?? null;
  const { values, memory } = learn(tasks, learned.values(first, tasks), gradient, state.learned, learningRate);
  const own = Object.fromEntries(
    Object.entries(state.own).map(([segment, json]) => [segment, learned.replace(json, tasks, values)]),
  );
  return { ...state, own, learned: memory };
}

/**
 * Numbers of the tasks present among those of all.
 *
 * @param weights one a task present, in order
 */
export function weightsByTask(
  { tasks }: Pick<MethodContext, 'tasks'>,
  present: readonly number[],
  weights: readonly number[],
): ByTask<number> {
  return byTask(
    tasks.length,
    present.map((index, place) => [index, at(weights, place)] as const),
  );
}

/** Σ wᵢ Lᵢ. */
export function sumOf(weights: readonly number[], losses: readonly number[]): number {
  return losses.reduce((sum, loss, place) => sum + at(weights, place) * loss, 0);
}
