/** Strategies that read norms or the Gram matrix of the task gradients: T backward passes, then Σ wᵢ gᵢ. */
import { at, entry } from '../../../numbers/linear.ts';
import { element } from '../by-task.ts';
import { addGrams, foundBySegment, meanWeights, type Problem, type Solved } from './segments.ts';
import type { Json, Strategy, StepStatistics, Weighting } from '../../../weighting/contract.ts';
import { weightsByTask, learnedStep, sumOf } from './losses.ts';
import type { LearnedStep } from './learned.ts';
import { stateOf, type Measured, type MethodResult, type MethodState } from './method.ts';
import { reportsOf } from './solver-reports.ts';
import { StrategyMethod, type MethodParts } from './strategy-method.ts';
import { statisticsOf, type MethodContext, type StepPlace } from './statistics.ts';
import type { Combination, GradientRequest, StepExecutor, StepInput, TaskGradients } from '../contract.ts';

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
    const found = this.#options.problems.map((problem) => ({
      problem,
      weighing: this.strategy.weigh(withGradients(statistics, gradients, problem), stateOf(before, problem.name)),
    }));
    const first = element(found, 0).weighing;
    const weights = meanWeights(found.map(({ weighing }) => weighing.weights));
    const combination = combinationOf(this.context, gradients, found, this.#options.heads);
    const updated = this.executor.combinedStep(gradients, combination, at.learningRate);
    const states = statesOf(found);
    return {
      ...{ forward, updated },
      state: learnedStep(this.strategy, this.#learn, statistics.tasks, first, { ...before, states }, at),
      weights: weightsByTask(this.context, present, weights),
      objective: sumOf(weights, statistics.losses),
      problems: reportsOf(found.map(({ weighing }) => weighing)),
      measured: measuredOf(gradients),
    };
  }
}

/** The update that a strategy's weights make of task gradients: those of each problem on its segments. */
export function combinationOf(
  context: MethodContext,
  { present, segments }: TaskGradients,
  found: readonly Solved<Weighting>[],
  heads: GradientOptions['heads'],
): Combination {
  const weights = meanWeights(found.map(({ weighing }) => weighing.weights));
  // A strategy that does not say how heads are scaled leaves them their gradients.
  const own = element(found, 0).weighing.heads ?? present.map(() => 1);
  const bySegment = foundBySegment(segments, found).map((one) => weightsByTask(context, present, one.weights));
  return {
    shared: { kind: 'weights', weights: bySegment },
    heads: weightsByTask(context, present, heads === 'weighted' ? weights : own),
  };
}

/** The states after a step, by problem. */
export function statesOf(found: readonly Solved<Pick<Weighting, 'state'>>[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(found.map(({ problem, weighing }) => [problem.name, weighing.state]));
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
  const { present, norms, grams } = gradients;
  const squares = present.map((_, i) => measured.reduce((sum, place) => sum + entry(norms, place, i) ** 2, 0));
  const known = { ...statistics, norms: squares.map(Math.sqrt) };
  // Without a Gram matrix norms alone were asked for.
  return grams.length === 0 ? known : { ...known, gram: addGrams(measured.map((place) => element(grams, place))) };
}

/** Norms and inner products over all shared parameters. */
export function measuredOf({ present, norms, grams }: TaskGradients): Measured {
  const squares = present.map((_, i) => norms.reduce((sum, segment) => sum + at(segment, i) ** 2, 0));
  return { present, norms: squares.map(Math.sqrt), gram: grams.length === 0 ? null : addGrams(grams) };
}

/** A step in which no task has a label: nothing moves. */
export function emptyStep(executor: StepExecutor, input: StepInput, state: MethodState, at: StepPlace): MethodResult {
  const none = { beforehand: false, weights: () => [] };
  const { forward, ...updated } = executor.weightedStep(input, none, at.learningRate);
  return { forward, updated, weights: null, objective: 0, state, problems: [] };
}
