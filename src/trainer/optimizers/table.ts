/** The optimizers: a function and a row each. The compiler names the missing row. */
import type { Conventions, OptimizerName, OptimizerSpec } from '../../spec/resolved.ts';
import { adam, adamax, adamw } from './adam.ts';
import { adadelta, adagrad, rmsprop } from './adaptive.ts';
import type { OptimizerRow, Rule, UpdateRule } from './contract.ts';
import { momentum, nesterov, sgd } from './sgd.ts';

const optimizers: { readonly [Name in OptimizerName]: OptimizerRow<Name> } = {
  adam,
  sgd,
  momentum,
  nesterov,
  adamw,
  adamax,
  adagrad,
  adadelta,
  rmsprop,
};

/**
 * The rule of an optimizer; needs no variables.
 *
 * @param optimizer in the long form of the spec
 */
export function ruleOf(optimizer: OptimizerSpec, conventions: Conventions): UpdateRule {
  const { name, ...constants } = optimizer;
  const row = optimizers[name] as (constants: OptimizerSpec, conventions: Conventions) => Rule;
  return { name, constants, ...row(optimizer, conventions) };
}
