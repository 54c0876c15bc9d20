/**
 * A weighting strategy maps a statistic of one step to task weights. It is pure: its state is a JSON value that goes in
 * and comes out, so that checkpointing, replay against reference vectors and showing weights need nothing more.
 */

/** What a strategy asks of a step, from the cheapest to the dearest. */
export type Statistic = 'losses';

/** A value that survives `JSON.stringify`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One step as a strategy sees it. Lists are over the tasks *present* in the batch (SCIENCE 1.2), in source order. */
export interface StepStatistics {
  readonly step: number;
  readonly tasks: readonly string[];
  /** Unweighted losses. */
  readonly losses: readonly number[];
  /** The spec's `weights` of these tasks. */
  readonly weights: readonly number[];
}

export interface Weighting {
  /** Effective weights of the tasks present: what multiplies each loss. */
  readonly weights: readonly number[];
  readonly state: Json;
}

export interface Strategy {
  readonly needs: Statistic;
  readonly initialState: Json;
  weigh(statistics: StepStatistics, state: Json): Weighting;
}

/** What a strategy may know when it is made. */
export interface StrategyContext {
  /** Its resolved parameters, as in the spec's long form. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** All tasks of the spec, in source order. */
  readonly tasks: readonly string[];
}

/** One row of the table of strategies. */
export interface StrategyRow {
  readonly name: string;
  create(context: StrategyContext): Strategy;
}
