/** Weights of sharing mechanisms' own operations: mixing factors, branching logits, selectors. */
import type { Plan, PlanPart } from '../../../plan/plan.ts';
import { tf } from '../../../engine/tfjs.ts';
import { keyed } from '../../../numbers/random.ts';
import { type Conventions, fanInOf, initialValue, isKernel } from '../initialize.ts';
import { type ModelVariable, type Site, variableOf } from '../variable.ts';
import type { BuiltOperation } from './operations.ts';
import { incomplete } from './selector.ts';

/** Gives the weights of a part's own operation their first values. */
export function ownVariables(
  part: PlanPart,
  { layer, first }: NonNullable<BuiltOperation['weighted']>,
  site: Site,
  { seed, conventions }: { readonly seed: number; readonly conventions: Conventions },
): readonly ModelVariable[] {
  return layer.weights.map((weight) => {
    const variable = variableOf(weight);
    const name = weight.originalName.split('/').at(-1) ?? '';
    const random = () => keyed(seed, 'initialize', part.path, name);
    const values =
      first?.(name, variable.size, random) ??
      initialValue({ path: part.path, name, shape: variable.shape, fanIn: fanInOf(variable.shape) }, seed, conventions);
    variable.assign(tf.tensor(Float32Array.from(values), variable.shape));
    if (!site.trainable) weight.trainable = false;
    // Factors are no kernels: a penalty would pull a mixture towards nothing.
    const kernel = part.operation.kind === 'selector' && isKernel(name);
    return {
      path: `${part.path}/${name}`,
      parameter: name,
      variable,
      trainable: weight.trainable,
      kernel,
      decays: kernel,
      l1: 0,
      l2: 0,
      learningRate: site.learningRate,
      tasks: site.tasks,
      shared: site.tasks.length > 1,
    };
  });
}

/** Tasks that read a layer that penalizes each batch. */
export function penalizedTasks(plan: Plan): readonly string[] {
  const parts = [...plan.blocks.values()].flatMap((block) => block.sharing?.parts.filter(penalizes) ?? []);
  return [...plan.tasks.keys()].filter((task) => parts.some((part) => part.tasks.includes(task)));
}

function penalizes({ operation }: PlanPart): boolean {
  return operation.kind === 'selector' && (operation.entropy > 0 || incomplete(operation.codes));
}
