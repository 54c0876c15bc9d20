/** Steps operation by operation, on whatever engine is active. */
import { tf } from '../../../../engine/tfjs.ts';
import { addBatchPenalty, penalizedIn } from '../../passes/batch-penalties.ts';
import { element, of, type ByTask } from '../../by-task.ts';
import { forwardPass, weightedGradients } from '../../passes/passes.ts';
import { addGradients, gather, statisticsOfRows, type Gathered } from './gather.ts';
import { readPart, together } from '../../passes/to-host.ts';
import {
  divisorOf,
  presentAnywhere,
  presentIn,
  type Batch,
  type Combination,
  type Forward,
  type GradientRequest,
  type Part,
  type SharedLayout,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskGradients,
  type TaskWeights,
  type Updated,
  type Weigh,
} from '../../contract.ts';
import { readSum, type Update } from '../../passes/update.ts';

export function eagerExecutor(context: StepContext, update: Update): StepExecutor {
  return new Eager(context, update);
}

interface Held {
  readonly layout: SharedLayout;
  readonly gathered: Gathered;
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
        return this.#factors(weights, total, input);
      });
      addGradients(gradients, found);
      return part ?? null;
    });
    return { gradients, forward: together(tasks.length, parts) };
  }

  /** What multiplies each task's loss sum. */
  #factors(weights: TaskWeights, { losses }: Forward, { batches }: StepInput): ByTask<number> {
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    return losses.map((loss, index) =>
      loss ? of(weights, index) / divisorOf(loss, this.#context.reduction, size) : null,
    );
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
    const present = presentAnywhere(input.batches);
    if (present.length === 0) return null;
    const ones: TaskWeights = this.#context.tasks.map(() => 1);
    let total = input.batches.length === 1 ? null : this.forward(input);
    const gathering = gather(this.#context, request, present);
    const parts = this.#eachPart(input, request.updateStatistics, (batch, here) => {
      let part: Part | undefined;
      gathering.add(batch, here, (passed) => {
        part = readPart(this.#context, passed);
        total ??= together(this.#context.tasks.length, [part]);
        return this.#factors(ones, total, input);
      });
      return part ?? null;
    });
    const gathered = gathering.finish();
    const gradients: TaskGradients = {
      ...{ input, present, forward: together(this.#context.tasks.length, parts) },
      ...statisticsOfRows(gathered, request.statistic),
      dispose: () => {
        gathered.dispose();
      },
    };
    this.#held.set(gradients, { layout: request.layout, gathered });
    return gradients;
  }

  combinedStep(gradients: TaskGradients, { shared, heads }: Combination, learningRate: number): Updated {
    const held = this.#held.get(gradients);
    if (!held) throw new Error('These gradients are not of this executor.');
    const { gathered, layout } = held;
    const update = new Map<string, tf.Tensor>();
    const reached = new Set(this.#reachedPaths(gradients.present));
    for (const [path, tensor] of gathered.combine(shared)) {
      if (reached.has(path)) update.set(path, tensor);
      else tensor.dispose();
    }
    gathered.tasks.forEach(({ index, headGradient }) => {
      const factor = of(heads, index);
      addGradients(update, new Map([...headGradient].map(([path, tensor]) => [path, tf.mul(tensor, factor)])));
    });
    const steps = shared.kind === 'step' ? layout.variables.map(({ path }) => path) : [];
    return this.#finish(gradients.input, update, learningRate, new Set(steps));
  }

  /** Shared parameters that no present task reaches stay as they are. */
  #reachedPaths(present: readonly number[]): string[] {
    const { model, tasks } = this.#context;
    const names = present.map((index) => of(tasks, index).name);
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
          const { variable } = element(before, index);
          variable.assign(tf.add(variable, tf.tensor(by.subarray(offset, offset + size), [...shape])));
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
