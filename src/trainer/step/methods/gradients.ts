/** Strategies that read norms or the Gram matrix of the task gradients: T backward passes, then Σ wᵢ gᵢ. */
import { addGrams, meanWeights, type Problem } from './segments.ts';
import type { Strategy, StepStatistics, Weighting } from '../../../weighting/contract.ts';
import { weightsByTask, learnedStep, sumOf } from './losses.ts';
import type { LearnedStep } from './learned.ts';
import { ownState, type Measured, type MethodResult, type MethodState } from './method.ts';
import { StrategyMethod, type MethodParts } from './strategy-method.ts';
import { statisticsOf, type StepPlace } from './statistics.ts';
import type { GradientRequest, StepExecutor, StepInput, TaskGradients } from '../contract.ts';

/** How a gradient strategy is carried out. */
export interface GradientOptions {
  readonly request: GradientRequest;
  /** Own: heads take their own gradient; weighted: the one with the strategy's weights (conventions 1.4). */
  readonly heads: 'own' | 'weighted';
  /**
   * Segments of the request that make one problem each, and whose weights each segment of the request takes: `per: block`
   * makes as many problems as segments; GradNorm measures one segment and weighs them all.
   */
  readonly problems: readonly Problem[];
}

export const namesOfProblems = ({ problems }: GradientOptions): string[] => problems.map(({ name }) => name);

export class GradientMethod extends StrategyMethod<Strategy> {
  readonly paysForGradients = true;
  readonly #learn: LearnedStep;
  readonly #options: GradientOptions;

  constructor(parts: MethodParts<Strategy>, learn: LearnedStep, options: GradientOptions) {
    super(parts, namesOfProblems(options));
    this.#learn = learn;
    this.#options = options;
  }

  run(input: StepInput, at: StepPlace, before: MethodState): MethodResult {
    const gradients = this.executor.taskGradients(input, requestAt(this.#options, at));
    if (!gradients) return emptyStep(this.executor, input, before, at);
    try {
      return this.#combine(input, at, before, gradients);
    } finally {
      gradients.dispose();
    }
  }

  #combine(input: StepInput, at: StepPlace, before: MethodState, gradients: TaskGradients): MethodResult {
    const { forward, present } = gradients;
    const statistics = statisticsOf(this.context, input, forward, present, at);
    const weighings = this.#options.problems.map((problem) => ({
      problem,
      weighing: this.strategy.weigh(withGradients(statistics, gradients, problem), ownState(before, problem.name)),
    }));
    const bySegment = gradients.segments.map(
      (_, place) => weighings.find(({ problem }) => problem.weighed.includes(place))?.weighing.weights ?? [],
    );
    const weights = meanWeights(weighings.map(({ weighing }) => weighing.weights));
    const heads = this.#headFactors(
      weighings.map(({ weighing }) => weighing),
      weights,
    );
    const updated = this.executor.combinedStep(
      gradients,
      { shared: { kind: 'weights', weights: bySegment }, heads },
      at.learningRate,
    );
    const own = Object.fromEntries(weighings.map(({ problem, weighing }) => [problem.name, weighing.state]));
    const [first] = weighings;
    const state = first
      ? learnedStep(this.strategy, this.#learn, statistics.tasks, first.weighing, { ...before, own }, at)
      : before;
    return {
      ...{ forward, updated, state },
      weights: weightsByTask(this.context, present, weights),
      objective: sumOf(weights, statistics.losses),
      problems: weighings.flatMap(({ weighing }) => weighing.problems ?? []),
      measured: measuredOf(gradients),
    };
  }

  #headFactors(weighings: readonly Weighting[], weights: readonly number[]): readonly number[] {
    const own = weighings[0]?.heads;
    if (this.#options.heads === 'weighted') return weights;
    return own ?? weights.map(() => 1);
  }
}

/** Norms alone, unless their cosines are to be told. */
export function requestAt({ request }: GradientOptions, { measured }: StepPlace): GradientRequest {
  return measured && request.statistic === 'norms' ? { ...request, statistic: 'gram' } : request;
}

/** The statistics of one problem. */
export function withGradients(
  statistics: StepStatistics,
  gradients: TaskGradients,
  { measured }: Problem,
): StepStatistics {
  const squares = gradients.present.map((_, i) =>
    measured.reduce((sum, place) => sum + (gradients.norms[place]?.[i] ?? 0) ** 2, 0),
  );
  const gram = addGrams(measured.flatMap((place) => (gradients.grams[place] ? [gradients.grams[place]] : [])));
  return { ...statistics, norms: squares.map(Math.sqrt), ...(gram ? { gram } : {}) };
}

/** Norms and inner products over all shared parameters. */
export function measuredOf({ present, norms, grams }: TaskGradients): Measured {
  const squares = present.map((_, i) => norms.reduce((sum, segment) => sum + (segment[i] ?? 0) ** 2, 0));
  return { present, norms: squares.map(Math.sqrt), gram: addGrams(grams) };
}

/** A step in which no task has a label: nothing moves. */
export function emptyStep(executor: StepExecutor, input: StepInput, state: MethodState, at: StepPlace): MethodResult {
  const none = { beforehand: false, weights: () => [] };
  const { forward, ...updated } = executor.weightedStep(input, none, at.learningRate);
  return { forward, updated, weights: null, objective: 0, state, problems: [] };
}
