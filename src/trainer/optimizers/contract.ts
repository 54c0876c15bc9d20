/**
 * An optimizer is a rule: old value, gradient and slots of one variable → new value and slots. `optimizer.ts` runs a rule
 * over many variables; an engine may run the same rule in its own way, since name and constants say all there is.
 */
import type { Text } from '../../common/text.ts';
import type { tf } from '../../engine/tfjs.ts';
import type { Conventions } from '../model/initialize.ts';

export type { Conventions };

export interface OptimizerParameter {
  readonly name: string;
  readonly doc: Text;
  readonly default: Readonly<Record<Conventions, number | boolean>>;
}

export interface SlotSpec {
  readonly name: string;
  /** Value before the first step. */
  readonly start: number;
}

/** What changes from step to step. */
export interface UpdateContext {
  /** Learning rate of this variable in this step. */
  readonly learningRate: number;
  /** Number of updates of this variable, this one included (from 1). */
  readonly count: number;
  /** Decoupled weight decay may act on this variable. */
  readonly decays: boolean;
}

/** A number of the step, or a scalar that will hold it where a graph of steps is recorded. */
export type Coefficient = number | tf.Scalar;

export interface Updated {
  readonly value: tf.Tensor;
  /** In the order of the rule's slots. */
  readonly slots: readonly tf.Tensor[];
}

export interface UpdateRule {
  readonly name: string;
  /** Resolved constants, by name: beta1, epsilon, … */
  readonly constants: Readonly<Record<string, number | boolean>>;
  readonly slots: readonly SlotSpec[];
  /** The numbers of the formula that change from step to step, in double precision: as many for any context. */
  coefficients(context: UpdateContext): readonly number[];
  /** Pure; called inside a tidy. `coefficients` in the order of the function of that name. */
  update(
    value: tf.Tensor,
    gradient: tf.Tensor,
    slots: readonly tf.Tensor[],
    coefficients: readonly Coefficient[],
  ): Updated;
}

export interface OptimizerRow {
  readonly name: string;
  readonly doc: Text;
  readonly formula: string;
  readonly source: string;
  readonly parameters: readonly OptimizerParameter[];
  create(constants: Constants, conventions: Conventions): UpdateRule;
}

/** Reads constants that have all been resolved. */
export interface Constants {
  readonly values: Readonly<Record<string, number | boolean>>;
  number(name: string): number;
  flag(name: string): boolean;
}
