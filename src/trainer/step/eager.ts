/** Steps operation by operation, on whatever engine is active. */
import { tf } from '../engine/tfjs.ts';
import { addBatchPenalty, penalizedIn } from './batch-penalties.ts';
import { forwardPass, taskGradients, unflatten, weightedGradients, type Passed, type TaskGradient } from './passes.ts';
import { gramOf, gramOfRows, normsOfRows, readPart, together } from './read.ts';
import {
  divisorOf,
  presentAnywhere,
  presentIn,
  type Batch,
  type Combination,
  type Forward,
  type GradientRequest,
  type Part,
  type Segment,
  type SharedLayout,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskGradients,
  type TaskWeights,
  type Updated,
  type Weigh,
} from './types.ts';
import { readSum, type Update } from './update.ts';

export function eagerExecutor(context: StepContext, update: Update): StepExecutor {
  return new Eager(context, update);
}

interface Held {
  readonly request: GradientRequest;
  readonly rows: readonly tf.Tensor1D[];
  /** Gradients by path of everything but the shared parameters, one map a task. */
  readonly own: readonly Map<string, tf.Tensor>[];
}

class Eager implements StepExecutor {
  readonly captured = false;
  readonly #context: StepContext;
  readonly #update: Update;
  readonly #held = new WeakMap<TaskGradients, Held>();

  constructor(context: StepContext, update: Update) {
    this.#context = context;
    this.#update = update;
  }

  forward(input: StepInput): Forward {
    const parts = this.#eachPart(input, false, (batch, present) => {
      let read: Part | null = null;
      tf.tidy(() => {
        read = readPart(this.#context, forwardPass(this.#context, batch, present));
      });
      return read;
    });
    return together(this.#context.tasks.length, parts);
  }

  weightedStep(input: StepInput, weigh: Weigh, learningRate: number): Updated & { readonly forward: Forward } {
    const { gradients, forward } = this.#weighted(input, weigh);
    return { ...this.#finish(input, gradients, learningRate), forward };
  }

  /** The strategy weighs the very losses of the one forward pass; of several batches it must know all beforehand. */
  #weighted(input: StepInput, weigh: Weigh): { gradients: Map<string, tf.Tensor>; forward: Forward } {
    const { tasks } = this.#context;
    const present = presentAnywhere(input.batches);
    const gradients = new Map<string, tf.Tensor>();
    if (present.length === 0)
      return {
        gradients,
        forward: together(
          tasks.length,
          input.batches.map(() => null),
        ),
      };
    const single = input.batches.length === 1;
    let total = single ? null : this.forward(input);
    let weights = total ? weigh.weights(total, present) : null;
    const parts = this.#eachPart(input, true, (batch, here) => {
      let part: Part | undefined;
      const found = weightedGradients(this.#context, batch, here, (passed) => {
        part = readPart(this.#context, passed);
        total ??= together(tasks.length, [part]);
        weights ??= weigh.weights(total, present);
        return this.#factors(here, weights, total, input);
      });
      addGradients(gradients, found);
      return part ?? null;
    });
    return { gradients, forward: together(tasks.length, parts) };
  }

  /** What multiplies each task's loss sum. */
  #factors(tasks: readonly number[], weights: TaskWeights, { losses }: Forward, { batches }: StepInput): number[] {
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    return tasks.map((index) => {
      const loss = losses[index];
      return loss ? (weights.get(index) ?? 0) / divisorOf(loss, this.#context.reduction, size) : 0;
    });
  }

  #eachPart(
    { batches, step, part = 0 }: StepInput,
    updateStatistics: boolean,
    run: (batch: Batch, present: readonly number[]) => Part | null,
  ): (Part | null)[] {
    return batches.map((batch, place) => {
      const present = presentIn(batch);
      if (present.length === 0) return null;
      this.#context.model.setStep(step, { part: part + place, updateStatistics });
      return run(batch, present);
    });
  }

  taskGradients(input: StepInput, request: GradientRequest): TaskGradients | null {
    const { tasks } = this.#context;
    const present = presentAnywhere(input.batches);
    if (present.length === 0) return null;
    const ones: TaskWeights = new Map(present.map((index) => [index, 1]));
    let total = input.batches.length === 1 ? null : this.forward(input);
    const sums = new Map<number, TaskGradient>();
    const parts = this.#eachPart(input, request.updateStatistics, (batch, here) => {
      let part: Part | undefined;
      const factorsOf = (passed: Passed): number[] => {
        part = readPart(this.#context, passed);
        total ??= together(tasks.length, [part]);
        return this.#factors(here, ones, total, input);
      };
      const found = taskGradients(this.#context, batch, here, request.layout, factorsOf, request.rowsFor);
      here.forEach((index, place) => addTask(sums, index, found[place] as TaskGradient));
      return part ?? null;
    });
    const all = present.flatMap((index) => sums.get(index) ?? []);
    return this.#hold(input, request, together(tasks.length, parts), present, all);
  }

  #hold(
    input: StepInput,
    request: GradientRequest,
    forward: Forward,
    present: readonly number[],
    all: readonly TaskGradient[],
  ): TaskGradients {
    const rows = all.map(({ row }) => row);
    const own = all.map((task) => task.own);
    const { statistic, segments } = request;
    const values = statistic === 'rows' ? rows.map((row) => row.dataSync() as Float32Array) : [];
    const gramOfSegment = (segment: Segment): number[][] =>
      statistic === 'rows' ? gramOf(values, segment) : gramOfRows(rows, segment);
    const grams = statistic === 'norms' ? [] : segments.map(gramOfSegment);
    const gradients: TaskGradients = {
      ...{ input, forward, present, grams },
      norms: segments.map((segment, place) =>
        statistic === 'norms' ? normsOfRows(rows, segment) : diagonalRoots(grams[place] ?? []),
      ),
      rows: values,
      dispose: () => tf.dispose([...rows, ...own.flatMap((task) => [...task.values()])]),
    };
    this.#held.set(gradients, { request, rows, own });
    return gradients;
  }

  combinedStep(gradients: TaskGradients, { shared, heads }: Combination, learningRate: number): Updated {
    const held = this.#held.get(gradients);
    if (!held) throw new Error('These gradients are not of this executor.');
    const { rows, own, request } = held;
    const row =
      'weights' in shared ? combineRows(rows, shared.weights, request.segments) : tf.tensor1d(shared.direction);
    const update = new Map<string, tf.Tensor>();
    const reached = new Set(this.#reachedPaths(gradients.present));
    for (const [path, tensor] of unflatten(row, request.layout)) {
      if (reached.has(path)) update.set(path, tensor);
      else tensor.dispose();
    }
    own.forEach((task, place) => {
      addGradients(update, new Map([...task].map(([path, tensor]) => [path, tf.mul(tensor, heads[place] ?? 0)])));
    });
    row.dispose();
    const steps = shared.kind === 'step' ? request.layout.variables.map(({ path }) => path) : [];
    return this.#finish(gradients.input, update, learningRate, new Set(steps));
  }

  /** Shared parameters that no present task reaches stay as they are. */
  #reachedPaths(present: readonly number[]): string[] {
    const { model, tasks } = this.#context;
    const names = present.map((index) => tasks[index]?.name ?? '');
    return model.variables.filter((one) => one.tasks.some((task) => names.includes(task))).map(({ path }) => path);
  }

  /** Penalties, clipping, optimizer; takes the gradients over. */
  #finish(
    { batches, step, part = 0 }: StepInput,
    gradients: Map<string, tf.Tensor>,
    learningRate: number,
    steps?: ReadonlySet<string>,
  ): Updated {
    const { model } = this.#context;
    const penalties = this.#update.penalties();
    if (gradients.size === 0) return { penalty: readSum(penalties), clip: 1 };
    batches.forEach((batch, place) => {
      const tasks = penalizedIn(model, batch);
      if (tasks.length === 0) return;
      model.setStep(step, { part: part + place, updateStatistics: false });
      penalties.push(addBatchPenalty(model, batch, tasks, gradients));
    });
    const penalty = readSum(penalties);
    return { penalty, clip: this.#update.apply(gradients, learningRate, steps) };
  }

  displaced<T>(layout: SharedLayout, by: Float32Array, run: () => T): T {
    const variables = new Map(this.#context.model.variables.map(({ path, variable }) => [path, variable]));
    const before = layout.variables.map(({ path }) => {
      const variable = variables.get(path);
      if (!variable) throw new Error(`The model has no parameter "${path}".`);
      return { variable, value: tf.clone(variable) };
    });
    try {
      layout.variables.forEach(({ offset, size, shape }, index) => {
        tf.tidy(() => {
          const variable = before[index]?.variable;
          variable?.assign(tf.add(variable, tf.tensor(by.subarray(offset, offset + size), [...shape])));
        });
      });
      return run();
    } finally {
      for (const { variable, value } of before) {
        variable.assign(value);
        value.dispose();
      }
    }
  }

  pull(): void {
    // Weights and slots live in the variables all the time.
  }

  push(): void {
    // As above.
  }

  dispose(): void {
    // Model and optimizer are the caller's.
  }
}

function diagonalRoots(gram: readonly (readonly number[])[]): number[] {
  return gram.map((line, i) => Math.sqrt(Math.max(line[i] ?? 0, 0)));
}

/** Σ wᵢ rowᵢ, with weights of its own for each segment. The caller owns it. */
function combineRows(
  rows: readonly tf.Tensor1D[],
  weights: readonly (readonly number[])[],
  segments: GradientRequest['segments'],
): tf.Tensor1D {
  return tf.tidy(() => {
    const pieces = segments.map(({ offset, size }, place) => {
      const terms = rows.map((row, i) => {
        const piece = segments.length === 1 ? row : tf.slice(row, [offset], [size]);
        return tf.mul(piece, weights[place]?.[i] ?? 0);
      });
      return tf.addN<tf.Tensor1D>(terms as tf.Tensor1D[]);
    });
    return pieces.length === 1 ? (pieces[0] as tf.Tensor1D) : tf.concat(pieces);
  });
}

/** Adds one batch's gradient of a task; takes it over. */
function addTask(sums: Map<number, TaskGradient>, index: number, more: TaskGradient): void {
  const before = sums.get(index);
  if (!before) {
    sums.set(index, more);
    return;
  }
  addGradients(before.own, more.own);
  sums.set(index, { row: tf.add(before.row, more.row), own: before.own });
  tf.dispose([before.row, more.row]);
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
