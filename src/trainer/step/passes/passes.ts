/**
 * Forward and backward passes as pure functions on tensors. None of them reads to the host: whoever needs numbers (the
 * eager executor, between the losses and their factors) reads in the function it hands in, and whoever records a graph
 * hands in placeholders. `model.setStep` must have been called.
 */
import { tf } from '../../../engine/tfjs.ts';
import type { ModelVariable } from '../../model/build.ts';
import { forwardTasks } from '../../model/partial.ts';
import { of, type ByTask } from '../by-task.ts';
import { Tape } from './tape.ts';
import type { Batch, SharedLayout, StepContext } from '../contract.ts';

type Passing = Pick<StepContext, 'model' | 'tasks'>;

/** What a forward pass gives of one task: its loss is `sum / weight`. */
export interface PassedTask {
  readonly index: number;
  /** Raw head [batch, …]. */
  readonly raw: tf.Tensor;
  readonly sum: tf.Scalar;
  readonly weight: tf.Scalar;
}

/** A forward pass: the tasks asked for, in order. */
export type Passed = readonly PassedTask[];

/** A factor on a task's loss sum: a number, or a scalar where a graph is recorded. */
export type Factor = number | tf.Scalar;

/** The factors of the tasks of a pass; called once, in the middle of the work. */
export type FactorsOf = (passed: Passed) => ByTask<Factor>;

/** Raw heads and data losses of the given tasks in training mode; call inside a tidy. */
export function forwardPass(context: Passing, batch: Batch, present: readonly number[]): Passed {
  const raw = present.length === 0 ? [] : forwardTasks(context.model, batch.inputs, present, true);
  return lossesOfHeads(context, batch, present, raw);
}

/** Data losses from raw heads, both over `present`. */
export function lossesOfHeads(
  { tasks }: Pick<StepContext, 'tasks'>,
  batch: Batch,
  present: readonly number[],
  raw: readonly tf.Tensor[],
): Passed {
  return present.map((index, place) => {
    const output = raw[place];
    const target = batch.targets[index];
    const task = tasks[index];
    if (!output || !target || !task) throw new Error('A batch does not fit its model.');
    const { sum, weight } = task.loss.evaluate(output, target.target, target.weights);
    return { index, raw: output, sum, weight };
  });
}

/** Trainable variables that the loss of one of these tasks reaches, in the model's order. */
export function reachedBy({ model, tasks }: Passing, present: readonly number[]): ModelVariable[] {
  const names = new Set(present.map((index) => of(tasks, index).name));
  return model.variables.filter((variable) => variable.trainable && variable.tasks.some((task) => names.has(task)));
}

/**
 * One forward pass and one backward pass of Σ factorᵢ · sumᵢ over the tasks with a label.
 *
 * @returns gradients by path of all variables that the tasks reach; the caller owns them
 */
export function weightedGradients(
  context: Passing,
  batch: Batch,
  present: readonly number[],
  factorsOf: FactorsOf,
): Map<string, tf.Tensor> {
  const variables = reachedBy(context, present);
  const { value, grads } = tf.variableGrads(
    () => {
      const passed = forwardPass(context, batch, present);
      const factors = factorsOf(passed);
      const terms = passed.map(({ index, sum }) => tf.mul<tf.Scalar>(sum, of(factors, index)));
      return terms.reduce((total, term) => tf.add(total, term));
    },
    variables.map(({ variable }) => variable),
  );
  value.dispose();
  return new Map(
    variables.flatMap(({ path, variable }) => {
      const gradient = grads[variable.name];
      return gradient === undefined ? [] : [[path, gradient] as const];
    }),
  );
}

/** One task's gradient. */
export interface TaskGradient {
  readonly index: number;
  /** Over the shared parameters, flat [P], zeros where the task does not reach. */
  readonly row: tf.Tensor1D;
  /** Of the variables that are not shared (those of its head), by path. */
  readonly headGradient: Map<string, tf.Tensor>;
}

/**
 * One forward pass and a backward pass of factorᵢ · sumᵢ for each of the tasks.
 *
 * @param rowsFor tasks whose gradient by the shared parameters is wanted; the others' rows are zeros
 * @returns one gradient a task; the caller owns the tensors
 */
export function taskGradients(
  context: Passing,
  batch: Batch,
  present: readonly number[],
  layout: SharedLayout,
  factorsOf: FactorsOf,
  rowsFor: readonly number[] = present,
): TaskGradient[] {
  const { tape, value: passed } = Tape.record(() => forwardPass(context, batch, present));
  try {
    const factors = factorsOf(passed);
    return passed.map((task) =>
      oneTask(context, tape, task, { layout, row: rowsFor.includes(task.index) }, of(factors, task.index)),
    );
  } finally {
    tape.dispose();
    disposePassed(passed);
  }
}

export function disposePassed(passed: Passed): void {
  tf.dispose(passed.flatMap(({ raw, sum, weight }) => [raw, sum, weight]));
}

function oneTask(
  context: Passing,
  tape: Tape,
  { index, sum }: PassedTask,
  { layout, row: wanted }: { readonly layout: SharedLayout; readonly row: boolean },
  factor: Factor,
): TaskGradient {
  const shared = new Set(layout.variables.map(({ path }) => path));
  const variables = reachedBy(context, [index]).filter(({ path }) => wanted || !shared.has(path));
  const headGradient = new Map<string, tf.Tensor>();
  const row = tf.tidy(() => {
    const gradient = typeof factor === 'number' ? tf.scalar(factor) : factor;
    const found = tape.gradients(
      [{ tensor: sum, gradient }],
      variables.map(({ variable }) => variable),
    );
    const byPath = new Map<string, tf.Tensor>();
    variables.forEach(({ path }, at) => {
      const tensor = found[at];
      if (!tensor) return;
      if (shared.has(path)) byPath.set(path, tensor);
      else headGradient.set(path, tf.keep(tensor));
    });
    return flatten(byPath, layout);
  });
  return { index, row, headGradient };
}

/** Tensors by path as one flat row [P], zeros where there is none. */
function flatten(tensors: ReadonlyMap<string, tf.Tensor>, { variables }: SharedLayout): tf.Tensor1D {
  const pieces = variables.map(({ path, size }) => {
    const tensor = tensors.get(path);
    return tensor ? tf.reshape(tensor, [size]) : tf.zeros([size]);
  });
  return (pieces.length === 1 ? pieces[0] : tf.concat(pieces)) as tf.Tensor1D;
}

/** A flat row [P] as tensors by path. The caller owns them. */
export function unflatten(row: tf.Tensor1D, { variables }: SharedLayout): Map<string, tf.Tensor> {
  return new Map(
    variables.map(({ path, offset, size, shape }) => [
      path,
      tf.tidy(() => tf.reshape(tf.slice(row, [offset], [size]), [...shape])),
    ]),
  );
}
