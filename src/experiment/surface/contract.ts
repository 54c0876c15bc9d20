/**
 * The response surface of an experiment: what the metric of every task is expected to be at weights that nobody has run, as plain
 * data. The page evaluates it while a handle moves; what it says, and where it says nothing, was decided here.
 */
import type { Text } from '../../common/text.ts';

/** A product of shares, by the places of its tasks: `[0]` is the share of the first task, `[0, 2]` that of first and third. */
export type Term = readonly number[];

/** A polynomial in the shares, fitted by least squares. */
export interface ResponseModel {
  readonly degree: 1 | 2;
  readonly terms: readonly Term[];
  /** One a term, in the metric's unit. */
  readonly coefficients: readonly number[];
  /** (XᵀX)⁻¹ [terms][terms]: the variance of a prediction at x is sd² xᵀ(XᵀX)⁻¹x. */
  readonly inverse: readonly (readonly number[])[];
  /** Residual standard deviation: lack of fit, seeds and noise together. */
  readonly sd: number;
  readonly df: number;
  /** Of Student's t at the surface's level. */
  readonly quantile: number;
  /** The largest xᵀ(XᵀX)⁻¹x among the runs: a point beyond it is extrapolated. */
  readonly reach: number;
  /** Root mean square error at weightings whose runs were all left out. */
  readonly leftOutError: number;
  /** The same of predicting the mean of the other runs: a surface that does no better tells nothing. */
  readonly meanError: number;
}

export interface Response {
  readonly task: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Runs with a value. */
  readonly runs: number;
  /** Null where too little supports one: nothing is predicted then. */
  readonly model: ResponseModel | null;
  /** Why there is none, or what stands beside it. */
  readonly remark: Text | null;
}

/** Runs with the same shares. */
export interface SupportPoint {
  /** In the order of the tasks; they sum to 1. */
  readonly shares: readonly number[];
  readonly arms: readonly string[];
  readonly runs: number;
  /** Mean value of each response, in their order; null where no run has one. */
  readonly means: readonly (number | null)[];
}

/** Values are those of the validation split: what is chosen by them is not judged by them. */
export interface WeightSurface {
  readonly tasks: readonly string[];
  /** Of the spec as it is written. */
  readonly current: readonly number[];
  /** Sum of the spec's weights: weight = share × total. */
  readonly total: number;
  readonly level: number;
  readonly points: readonly SupportPoint[];
  readonly responses: readonly Response[];
  /** What a new arm sets beside its weights: nothing, or the strategy `static`; null where no arm of the spec trains what these runs did. */
  readonly arm: 'weights' | 'strategy' | null;
  readonly remarks: readonly Text[];
}
