/**
 * Strategies that need independent batches (conventions 1.6): the products of the gradients of two batches give the weights,
 * a third one gives direction, heads and moving statistics. A task must have labels in all three to be present.
 */
import type { Strategy } from '../../../weighting/contract.ts';
import {
  combinationOf,
  emptyStep,
  measuredOf,
  namesOfProblems,
  requestAt,
  statesOf,
  type GradientOptions,
} from './gradients.ts';
import { weightsByTask, sumOf } from './losses.ts';
import { stateOf, type MethodResult, type MethodState } from './method.ts';
import { element } from '../by-task.ts';
import { gramOf, together } from '../passes/to-host.ts';
import { addGrams, meanWeights } from './segments.ts';
import { reportsOf } from './solver-reports.ts';
import { StrategyMethod, type MethodParts } from './strategy-method.ts';
import { statisticsOf, type StepPlace } from './statistics.ts';
import { presentInAll, restricted, type StepInput, type TaskGradients } from '../contract.ts';

export class BatchesMethod extends StrategyMethod<Strategy> {
  override readonly batches = 3;
  readonly paysForGradients = true;
  readonly #options: GradientOptions;

  constructor(parts: MethodParts<Strategy>, options: GradientOptions) {
    super(parts, namesOfProblems(options));
    this.#options = options;
  }

  run(input: StepInput, at: StepPlace, before: MethodState): MethodResult {
    const present = presentInAll(input.batches);
    const [first, second, third] = input.batches.map((batch, part) => ({
      batches: [restricted(batch, present)],
      step: input.step,
      part,
    }));
    if (!first || !second || !third) throw new RangeError('This strategy takes three batches a step.');
    if (present.length === 0) return emptyStep(this.executor, third, before, at);
    const held: TaskGradients[] = [];
    try {
      const gradientsOf = (one: StepInput, request = this.#options.request): TaskGradients => {
        const found = this.executor.taskGradients(one, request);
        if (!found) throw new Error('A task that is present has no gradient.');
        held.push(found);
        return found;
      };
      const measuring = { ...this.#options.request, statistic: 'rows', updateStatistics: false } as const;
      const pair = [gradientsOf(first, measuring), gradientsOf(second, measuring)] as const;
      return this.#combine(pair, gradientsOf(third, requestAt(this.#options, at)), at, before);
    } finally {
      for (const gradients of held) gradients.dispose();
    }
  }

  #combine(
    [one, two]: readonly [TaskGradients, TaskGradients],
    third: TaskGradients,
    at: StepPlace,
    before: MethodState,
  ): MethodResult {
    const { problems, heads } = this.#options;
    const statistics = statisticsOf(this.context, third.input, third.forward, third.present, at);
    const crosses = third.segments.map((segment) => gramOf(one.rows, segment, two.rows));
    const found = problems.map((problem) => {
      const cross = addGrams(problem.measured.map((place) => element(crosses, place)));
      return { problem, weighing: this.strategy.weigh({ ...statistics, cross }, stateOf(before, problem.name)) };
    });
    const weights = meanWeights(found.map(({ weighing }) => weighing.weights));
    const combination = combinationOf(this.context, third, found, heads);
    const updated = this.executor.combinedStep(third, combination, at.learningRate);
    const parts = [one, two, third].map(({ forward }) => element(forward.parts, 0));
    return {
      forward: together(this.context.tasks.length, parts),
      updated,
      weights: weightsByTask(this.context, third.present, weights),
      objective: sumOf(weights, statistics.losses),
      state: { ...before, states: statesOf(found) },
      problems: reportsOf(found.map(({ weighing }) => weighing)),
      measured: measuredOf(third),
    };
  }
}
