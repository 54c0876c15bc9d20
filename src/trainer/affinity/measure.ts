/**
 * Lookahead affinity (TAG: Fifty et al., NeurIPS 2021; conventions 6): Z_{i→j} = 1 − L_j(θ⁺ⁱ, θ_j)/L_j(θ_s, θ_j), where θ⁺ⁱ are the
 * shared parameters after a step for task i alone, on the same batch and dropout masks, with a copy of the optimizer's
 * slots and counters. Heads stay, and everything is put back. The step has the data gradient of task i, clipped as the
 * training clips, without regularizers: those would look like help or harm that no task gives.
 */
import { tf } from '../../engine/tfjs.ts';
import { at, entry, type Matrix } from '../../numbers/linear.ts';
import type { Model } from '../model/build.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { sharedLayout, wholeOf } from '../step/passes/layout.ts';
import { lossesOf } from '../step/methods/statistics.ts';
import type { SharedLayout, StepContext, StepExecutor, StepInput } from '../step/contract.ts';
import { amongAll, element } from '../step/by-task.ts';
import { floatVectors } from '../step/methods/vectors.ts';
import type { Measurement } from './running-means.ts';

export interface Looking {
  readonly context: StepContext;
  readonly executor: StepExecutor;
  readonly optimizer: Optimizer;
  /** Largest norm of the gradient; undefined: not clipped. */
  readonly clipNorm: number | undefined;
}

/**
 * Measures one step before it is made.
 *
 * @param learningRate the step's
 * @returns null where fewer than two tasks are present or nothing is shared
 */
export function measureAffinity(looking: Looking, input: StepInput, learningRate: number): Measurement | null {
  const { context, executor } = looking;
  const layout = sharedLayout(context.model);
  if (layout.size === 0) return null;
  const segments = wholeOf(layout);
  const gradients = executor.taskGradients(input, { statistic: 'rows', layout, segments, updateStatistics: false });
  if (!gradients) return null;
  const { present, rows, norms, grams, forward } = gradients;
  gradients.dispose();
  if (present.length < 2) return null;
  // Slots and values may live in a captured graph.
  executor.pull();
  const before = lossesOf(context, input, forward, present);
  const affinity = rows.map((row) => {
    const by = displacement(looking, layout, row, learningRate);
    const after = executor.displaced(layout, by, () => executor.forward(input));
    return lossesOf(context, input, after, present).map((loss, j) => 1 - loss / at(before, j));
  });
  const [norm, gram] = [element(norms, 0), element(grams, 0)];
  const cosines = present.map((_, i) =>
    present.map((__, j) => Math.min(1, Math.max(-1, entry(gram, i, j) / (at(norm, i) * at(norm, j))))),
  );
  const pairs = (values: Matrix): Measurement['affinity'] => {
    const { length } = context.tasks;
    return amongAll(
      length,
      present,
      values.map((line) => amongAll(length, present, line)),
    );
  };
  return { affinity: pairs(affinity), cosines: pairs(cosines) };
}

/** By how much the optimizer would move the shared parameters on this gradient [P]; its own slots stay as they are. */
function displacement(
  { context, optimizer, clipNorm }: Looking,
  layout: SharedLayout,
  gradient: Float32Array,
  learningRate: number,
): Float32Array {
  const { rule } = optimizer;
  const norm = floatVectors.norm(gradient);
  const clip = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
  const variables = new Map(context.model.variables.map((variable) => [variable.path, variable]));
  const counts = countsOf(context.model, optimizer);
  const slots = slotsOf(context.model, optimizer);
  const result = new Float32Array(layout.size);
  for (const { path, offset, size, shape } of layout.variables) {
    const target = variables.get(path);
    const count = counts.get(path);
    const held = slots.get(path);
    if (!target || count === undefined || !held) throw new Error(`The optimizer has no parameter "${path}".`);
    const moved = tf.tidy(() => {
      const slice = tf.tensor(gradient.subarray(offset, offset + size), [...shape]);
      const coefficients = rule.coefficients({
        learningRate: learningRate * target.learningRate,
        count: count + 1,
        decays: target.decays,
      });
      const { value } = rule.update(target.variable, tf.mul(slice, clip), held, coefficients);
      return tf.sub(value, target.variable).dataSync();
    });
    result.set(moved, offset);
  }
  return result;
}

/** Updates that each variable has had. */
function countsOf({ variables }: Model, optimizer: Optimizer): ReadonlyMap<string, number> {
  const counts = optimizer.counts();
  const trainable = variables.filter((variable) => variable.trainable);
  return new Map(trainable.map(({ path }, index) => [path, at(counts, index)]));
}

/** The slots of each variable that is trained, in the order of the rule's; none where the rule has none. */
function slotsOf({ variables }: Model, optimizer: Optimizer): ReadonlyMap<string, readonly tf.Tensor[]> {
  const slots = optimizer.slots();
  const trainable = variables.filter((variable) => variable.trainable);
  return new Map(
    trainable.map(({ path }) => [path, slots.filter((slot) => slot.path === path).map(({ tensor }) => tensor)]),
  );
}
