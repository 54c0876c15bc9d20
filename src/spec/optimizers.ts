/** What is asked of optimizers, answered from their words. */
import { extraOf } from './schema/build.ts';
import { optimizers } from './schema/optimizers.ts';
import type { OptimizerMemory, OptimizerTraits } from './schema/row-traits.ts';
import type { OptimizerName, OptimizerSpec } from './resolved.ts';

function traitsOf(name: OptimizerName): OptimizerTraits {
  const { optimizer } = extraOf(optimizers[name]);
  if (optimizer === undefined) throw new TypeError(`The optimizer "${name}" says nothing of itself.`);
  return optimizer;
}

/** Whether its steps are proportional to the gradient: a factor of all losses is one of the learning rate. */
export const isProportional = (name: OptimizerName): boolean => traitsOf(name).proportional ?? false;

/** The learning rate above which an optimizer's steps are larger than anybody has found to work, but for a typing mistake. */
export function largestRate(name: OptimizerName): number {
  const { largestRate: own, proportional = false } = traitsOf(name);
  return own ?? (proportional ? 1 : 0.1);
}

/** What an optimizer takes, in tensors as large as the parameters. */
export function optimizerMemory(optimizer: OptimizerSpec): OptimizerMemory {
  const memory = traitsOf(optimizer.name).memory as (parameters: OptimizerSpec) => OptimizerMemory;
  return memory(optimizer);
}
