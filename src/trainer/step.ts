/**
 * One training step (SCIENCE 1): forward pass, the data losses of the tasks present, the strategy's weights, one backward
 * pass of their weighted sum. Regularization, clipping and the optimizer come after, in `update.ts`, so that no task's
 * gradient ever holds a regularizer.
 */
import { tf } from './engine/tfjs.ts';
import type { Model, ModelVariable } from './model/build.ts';
import { forwardTasks } from './model/partial.ts';
import type { Loss } from './tasks/losses/types.ts';
import type { Json, Strategy } from './weighting/types.ts';

/** A task as the step sees it. */
export interface StepTask {
  readonly name: string;
  readonly loss: Loss;
  /** Weight in the spec. */
  readonly weight: number;
}

/** One batch as tensors; the caller owns them. */
export interface Batch {
  readonly size: number;
  /** In the order of `model.inputs`. */
  readonly inputs: readonly tf.Tensor[];
  /** In task order: targets in loss space and sample weights (0 where unlabelled), or null: no label in this batch. */
  readonly targets: readonly ({ readonly target: tf.Tensor2D; readonly weights: tf.Tensor1D } | null)[];
}

export interface StepContext {
  readonly model: Model;
  readonly tasks: readonly StepTask[];
  readonly strategy: Strategy;
  /** `labelled-mean`: each loss divided by its own labels' weight; `batch-mean`: by the batch size. */
  readonly reduction: 'labelled-mean' | 'batch-mean';
}

/** Loss of one task over a batch: the value is `sum / weight`. */
export interface LossSum {
  readonly sum: number;
  readonly weight: number;
}

/** What one batch of a step gave, for the sums of the epoch. Lists are in task order, null where a task is absent. */
export interface PartOutcome {
  readonly losses: readonly (LossSum | null)[];
  /** Raw head outputs; the caller owns them. */
  readonly raw: readonly (tf.Tensor2D | null)[];
}

export interface StepGradients {
  /** Gradient of the data objective by variable path; the caller owns the tensors. */
  readonly gradients: Map<string, tf.Tensor>;
  /** One per batch; null where no task had a label. */
  readonly parts: readonly (PartOutcome | null)[];
  /** Losses over all batches of the step, and the strategy's effective weights; null where absent. */
  readonly losses: readonly (LossSum | null)[];
  readonly weights: readonly (number | null)[];
  /** Σ wᵢ Lᵢ over the tasks present, without regularization. */
  readonly objective: number;
  readonly state: Json;
}

/** Tasks present in a step, by index, with what multiplies each one's loss *sum* in the objective. */
interface Weighed {
  readonly factors: ReadonlyMap<number, number>;
  readonly weights: ReadonlyMap<number, number>;
  readonly objective: number;
  readonly state: Json;
}

/**
 * Gradients of one step over one batch, or over several that count as one (`accumulate`). Variables that no present task
 * reaches get none, so that their optimizer slots stay untouched.
 *
 * @returns null when no task has a label in any batch
 */
export function stepGradients(
  context: StepContext,
  batches: readonly Batch[],
  step: number,
  state: Json,
): StepGradients | null {
  const [only] = batches;
  if (batches.length === 1 && only) return oneBatch(context, only, step, state);
  return severalBatches(context, batches, step, state);
}

/** The strategy weighs the very losses of the one forward pass. */
function oneBatch(context: StepContext, batch: Batch, step: number, state: Json): StepGradients | null {
  if (presentIn(batch).length === 0) return null;
  context.model.setStep(step);
  let weighed: Weighed | undefined;
  const part = backward(context, batch, (losses) => {
    weighed = weigh(context, losses, batch.size, step, state);
    return weighed.factors;
  });
  if (!weighed) throw new Error('The forward pass never reached the strategy.');
  return { ...outcome(context, weighed, part.losses), gradients: part.gradients, parts: [part] };
}

/**
 * The losses of all batches must be known before one of them can be weighed, so each runs forward twice; the dropout
 * masks are the same both times and batch normalization moves only once.
 */
function severalBatches(
  context: StepContext,
  batches: readonly Batch[],
  step: number,
  state: Json,
): StepGradients | null {
  const { model } = context;
  const totals = new Array<LossSum | null>(context.tasks.length).fill(null);
  batches.forEach((batch, part) => {
    model.setStep(step, { part, updateStatistics: false });
    tf.tidy(() => addSums(totals, forward(context, batch, presentIn(batch)).losses));
  });
  if (totals.every((total) => total === null)) return null;
  const size = batches.reduce((sum, batch) => sum + batch.size, 0);
  const weighed = weigh(context, totals, size, step, state);
  const gradients = new Map<string, tf.Tensor>();
  const parts = batches.map((batch, part) => {
    if (presentIn(batch).length === 0) return null;
    model.setStep(step, { part });
    const result = backward(context, batch, () => weighed.factors);
    addGradients(gradients, result.gradients);
    return result;
  });
  return { ...outcome(context, weighed, totals), gradients, parts };
}

function outcome(
  context: StepContext,
  weighed: Weighed,
  losses: readonly (LossSum | null)[],
): Omit<StepGradients, 'gradients' | 'parts'> {
  const { weights, objective, state } = weighed;
  return { losses, weights: context.tasks.map((_, index) => weights.get(index) ?? null), objective, state };
}

/** Indices of the tasks with at least one label in the batch. */
function presentIn(batch: Batch): number[] {
  return batch.targets.flatMap((target, index) => (target === null ? [] : [index]));
}

interface Forward {
  readonly sums: ReadonlyMap<number, tf.Scalar>;
  readonly losses: readonly (LossSum | null)[];
  readonly raw: readonly (tf.Tensor2D | null)[];
}

/** Forward pass and data losses of the given tasks; call inside a tidy. */
function forward({ model, tasks }: StepContext, batch: Batch, present: readonly number[]): Forward {
  const losses = new Array<LossSum | null>(tasks.length).fill(null);
  const raw = new Array<tf.Tensor2D | null>(tasks.length).fill(null);
  const sums = new Map<number, tf.Scalar>();
  if (present.length === 0) return { sums, losses, raw };
  const outputs = forwardTasks(model, batch.inputs, present, true);
  const pairs = present.flatMap((index, place) => {
    const output = outputs[place];
    const target = batch.targets[index];
    const task = tasks[index];
    if (!output || !target || !task) throw new Error('A batch does not fit its model.');
    raw[index] = output;
    const { sum, weight } = task.loss.evaluate(output, target.target, target.weights);
    sums.set(index, sum);
    return [sum, weight];
  });
  // All losses are read at once: a read waits for the engine.
  const numbers = tf.stack(pairs).dataSync();
  present.forEach((index, place) => {
    losses[index] = { sum: numbers[2 * place] ?? NaN, weight: numbers[2 * place + 1] ?? NaN };
  });
  return { sums, losses, raw };
}

/** One forward and one backward pass of Σ factorᵢ · sumᵢ, the factors being known once the losses are. */
function backward(
  context: StepContext,
  batch: Batch,
  factorsOf: (losses: readonly (LossSum | null)[]) => ReadonlyMap<number, number>,
): PartOutcome & { readonly gradients: Map<string, tf.Tensor> } {
  const present = presentIn(batch);
  const variables = reached(context, present);
  let part: PartOutcome | undefined;
  const { value, grads } = tf.variableGrads(
    () => {
      const { sums, losses, raw } = forward(context, batch, present);
      for (const output of raw) if (output) tf.keep(output);
      part = { losses, raw };
      const factors = factorsOf(losses);
      const terms = present.flatMap((index) => {
        const sum = sums.get(index);
        return sum ? [tf.mul(sum, factors.get(index) ?? 0)] : [];
      });
      return terms.reduce((total, term) => tf.add(total, term)) as tf.Scalar;
    },
    variables.map(({ variable }) => variable),
  );
  value.dispose();
  if (!part) throw new Error('The forward pass did not run.');
  const gradients = new Map(
    variables.flatMap(({ path, variable }) => {
      const gradient = grads[variable.name];
      return gradient === undefined ? [] : [[path, gradient] as const];
    }),
  );
  return { ...part, gradients };
}

function reached({ model, tasks }: StepContext, present: readonly number[]): ModelVariable[] {
  const names = new Set(present.map((index) => tasks[index]?.name ?? ''));
  return model.variables.filter((variable) => variable.trainable && variable.tasks.some((task) => names.has(task)));
}

function weigh(
  { strategy, tasks, reduction }: StepContext,
  losses: readonly (LossSum | null)[],
  size: number,
  step: number,
  before: Json,
): Weighed {
  const present = losses.flatMap((loss, index) => (loss ? [{ index, loss, task: tasks[index] }] : []));
  const divisors = present.map(({ loss }) => (reduction === 'batch-mean' ? size : loss.weight));
  const values = present.map(({ loss }, place) => loss.sum / (divisors[place] ?? NaN));
  const { weights, state } = strategy.weigh(
    {
      step,
      tasks: present.map(({ task }) => task?.name ?? ''),
      losses: values,
      weights: present.map(({ task }) => task?.weight ?? 0),
    },
    before,
  );
  const weightAt = (place: number): number => weights[place] ?? NaN;
  return {
    factors: new Map(present.map(({ index }, place) => [index, weightAt(place) / (divisors[place] ?? NaN)])),
    weights: new Map(present.map(({ index }, place) => [index, weightAt(place)])),
    objective: values.reduce((sum, value, place) => sum + weightAt(place) * value, 0),
    state,
  };
}

function addSums(totals: (LossSum | null)[], losses: readonly (LossSum | null)[]): void {
  losses.forEach((loss, index) => {
    if (!loss) return;
    const before = totals[index] ?? { sum: 0, weight: 0 };
    totals[index] = { sum: before.sum + loss.sum, weight: before.weight + loss.weight };
  });
}

/** Adds into `total`; takes over or disposes the tensors of `more`. */
function addGradients(total: Map<string, tf.Tensor>, more: ReadonlyMap<string, tf.Tensor>): void {
  for (const [path, gradient] of more) {
    const before = total.get(path);
    if (!before) {
      total.set(path, gradient);
      continue;
    }
    total.set(path, tf.add(before, gradient));
    before.dispose();
    gradient.dispose();
  }
}
