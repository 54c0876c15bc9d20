/** What all ways to make a step have in common: a strategy with its state, one for each problem that it solves. */
import type { AnyStrategy } from '../../../weighting/contract.ts';
import type { StepExecutor, StepInput } from '../contract.ts';
import type { Method, MethodResult, MethodState } from './method.ts';
import type { MethodContext, StepPlace } from './statistics.ts';

/** What a method works with. */
export interface MethodParts<Made extends AnyStrategy> {
  readonly context: MethodContext;
  readonly executor: StepExecutor;
  readonly strategy: Made;
}

/** Name of the one problem of a strategy that solves one. */
export const whole = '';

export abstract class StrategyMethod<Made extends AnyStrategy> implements Method {
  abstract readonly paysForGradients: boolean;
  readonly batches: number = 1;
  protected readonly context: MethodContext;
  protected readonly executor: StepExecutor;
  protected readonly strategy: Made;
  readonly #problems: readonly string[];

  /** @param problems names of the problems that the strategy solves, each with a state of its own */
  constructor({ context, executor, strategy }: MethodParts<Made>, problems: readonly string[] = [whole]) {
    this.context = context;
    this.executor = executor;
    this.strategy = strategy;
    this.#problems = problems;
  }

  initialState(): MethodState {
    const states = Object.fromEntries(this.#problems.map((name) => [name, this.strategy.initialState]));
    return { states, learned: null, memory: {} };
  }

  abstract run(input: StepInput, at: StepPlace, before: MethodState): MethodResult;

  afterEpoch(tasks: readonly string[], means: readonly number[], state: MethodState): MethodState {
    const { strategy } = this;
    if (strategy.needs === 'entries' || !strategy.afterEpoch) return state;
    const { afterEpoch } = strategy;
    const states = Object.entries(state.states).map(([name, json]) => [name, afterEpoch(tasks, means, json)] as const);
    return { ...state, states: Object.fromEntries(states) };
  }
}
