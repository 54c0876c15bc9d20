/** Losses and optimizers by name, what is not given as the language has it. */
import { losses, lossOf } from '../../../src/spec/schema/losses.ts';
import { optimizerChoice } from '../../../src/spec/schema/optimizers.ts';
import { resolved } from '../../../src/spec/reading/resolve.ts';
import { notAvailable } from '../../../src/spec/available.ts';
import type { AvailableTask, Conventions, LossOf, OptimizerSpec } from '../../../src/spec/resolved.ts';
import type { LossContext, LossFor } from '../../../src/trainer/tasks/losses/contract.ts';
import { createLoss } from '../../../src/trainer/tasks/losses/table.ts';

export type Given = Readonly<Record<string, unknown>>;

/** Every loss that can be trained. */
export const trainedLosses = (Object.keys(losses) as (keyof typeof losses)[]).flatMap((task) =>
  isTrained(task) ? Object.keys(losses[task]).map((name) => ({ task, name })) : [],
);

function isTrained(task: keyof typeof losses): task is AvailableTask {
  return !notAvailable.has(`task/${task}`);
}

export function resolvedLoss<Type extends AvailableTask>(
  task: Type,
  name: string,
  parameters: Given = {},
): LossOf<Type> {
  const given = { ...parameters, type: name };
  return resolved(lossOf(losses[task]), given, `The loss "${name}"`) as LossOf<Type>;
}

export function lossNamed<Type extends AvailableTask>(
  task: Type,
  name: string,
  parameters: Given,
  context: LossContext,
): LossFor<Type> {
  return createLoss(task, resolvedLoss(task, name, parameters), context);
}

export function resolvedOptimizer(given: Given & { readonly name: string }, conventions: Conventions): OptimizerSpec {
  return resolved(optimizerChoice, given, `The optimizer "${given.name}"`, conventions) as OptimizerSpec;
}
