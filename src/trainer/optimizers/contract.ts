/**
 * An optimizer is a rule: old value, gradient and slots of one variable → new value and slots. `optimizer.ts` runs a rule
 * over many variables; an engine may run the same rule in its own way, since name and constants say all there is.
 */
import type { tf } from '../../engine/tfjs.ts';
import type { Conventions, OptimizerName, OptimizerSpec } from '../../spec/resolved.ts';

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

/** What an optimizer's function gives. */
export interface Rule {
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

/** A rule under its name. */
export interface UpdateRule extends Rule {
  readonly name: OptimizerName;
  /** By name: beta1, epsilon, … */
  readonly constants: Readonly<Record<string, number | boolean>>;
}

/**
 * One row of the table of optimizers: makes the rule.
 *
 * @param constants as in the long form of a spec: the defaults of the language are filled in
 * @param conventions where ε stands, and what the learning rate multiplies, differs between TensorFlow and PyTorch
 */
export type OptimizerRow<Name extends OptimizerName> = (
  constants: Extract<OptimizerSpec, { readonly name: Name }>,
  conventions: Conventions,
) => Rule;
