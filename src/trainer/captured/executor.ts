/** Steps as graphs: one run of TensorFlow each, on weights and slots that stay there (docs/engines). */
import { CaptureError } from '../engine/native/capture/errors.ts';
import type { Feed } from '../engine/native/capture/session.ts';
import type { NodeJSKernelBackend } from '../engine/native/tfjs-node.ts';
import { together } from '../step/read.ts';
import {
  presentIn,
  type Combination,
  type Forward,
  type GradientRequest,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskGradients,
  type Updated,
  type Weigh,
} from '../step/types.ts';
import type { UpdateOptions } from '../step/update.ts';
import type { NamedProgram } from './assembly.ts';
import {
  combinedProgram,
  gradientProgram,
  gramNames,
  Shelf,
  type CombinedProgram,
  type GradientProgram,
  type Kept,
} from './gradients.ts';
import { batchTensors, feedOf, rowName } from './inputs.ts';
import { Programs } from './programs.ts';
import { State } from './state.ts';
import { readUpdate, updateNumbers } from './update.ts';
import {
  forwardProgram,
  readPass,
  weightedProgram,
  type Sample,
  type WeightedProgram,
  type Workshop,
} from './weighted.ts';

export interface CapturedOptions {
  readonly backend: NodeJSKernelBackend;
  readonly context: StepContext;
  readonly update: UpdateOptions;
  /** Runs what cannot be a graph; on the same model and optimizer. */
  readonly eager: StepExecutor;
}

/** Shapes of batches that have graphs; further ones run operation by operation. */
const mostShapes = 24;

export class CapturedExecutor implements StepExecutor {
  readonly captured = true;
  readonly #shop: Workshop;
  readonly #eager: StepExecutor;
  readonly #forwards = new Map<string, NamedProgram>();
  readonly #weighted = new Map<string, WeightedProgram>();
  readonly #gradients = new Map<string, GradientProgram>();
  readonly #combined = new Map<string, CombinedProgram>();
  readonly #shelves: Shelf[] = [];
  readonly #kept = new WeakMap<TaskGradients, Kept>();
  /** True while the session's values are newer than the variables'. */
  #ahead = false;

  constructor({ backend, context, update, eager }: CapturedOptions) {
    const programs = new Programs(backend.binding);
    const state = new State(context.model, update.optimizer, programs);
    this.#shop = { backend, context, programs, state, model: context.model, options: update };
    this.#eager = eager;
    state.push();
  }

  forward(input: StepInput): Forward {
    const { tasks, model } = this.#shop.context;
    const sample = sampleOf(input);
    if (!sample) return this.#eagerly(() => this.#eager.forward(input));
    if (sample.present.length === 0) return together(tasks.length, [null]);
    const program = cached(this.#forwards, this.#keyOf(sample), () => forwardProgram(this.#shop, sample));
    model.setStep(sample.step, { part: sample.part, updateStatistics: false });
    const results = program.run(this.#feeds(sample, new Map()));
    return together(tasks.length, [readPass(tasks.length, sample.present, results)]);
  }

  weightedStep(input: StepInput, weigh: Weigh, learningRate: number): Updated & { readonly forward: Forward } {
    const { tasks, model } = this.#shop.context;
    const sample = sampleOf(input);
    if (!sample || sample.present.length === 0) {
      return this.#eagerly(() => this.#eager.weightedStep(input, weigh, learningRate));
    }
    const weights = weigh.weights(weigh.beforehand ? null : this.forward(input), sample.present);
    const { program, update } = cached(this.#weighted, this.#keyOf(sample), () => weightedProgram(this.#shop, sample));
    model.setStep(sample.step, { part: sample.part });
    const numbers = updateNumbers(update, learningRate);
    numbers.set(
      'weights',
      Float32Array.from(sample.present, (index) => weights.get(index) ?? 0),
    );
    const results = program.run(this.#feeds(sample, numbers));
    this.#ahead = true;
    return {
      forward: together(tasks.length, [readPass(tasks.length, sample.present, results)]),
      ...readUpdate(update, results),
    };
  }

  taskGradients(input: StepInput, request: GradientRequest): TaskGradients | null {
    const sample = sampleOf(input);
    if (!sample || sample.present.length === 0) return this.#eagerly(() => this.#eager.taskGradients(input, request));
    const { tasks, model } = this.#shop.context;
    const shelf = this.#takeShelf();
    const key = [this.#keyOf(sample), requestKey(request), this.#shelves.indexOf(shelf)].join(' ');
    const { program, own } = cached(this.#gradients, key, () => gradientProgram(this.#shop, sample, request, shelf));
    model.setStep(sample.step, { part: sample.part, updateStatistics: request.updateStatistics });
    const results = program.run(this.#feeds(sample, new Map()));
    if (request.updateStatistics) this.#ahead = true;
    const gradients: TaskGradients = {
      ...{ input, present: sample.present },
      forward: together(tasks.length, [readPass(tasks.length, sample.present, results)]),
      ...readStatistics(sample.present, request, results),
      rows: request.statistic === 'rows' ? sample.present.map((index) => results.get(rowName(index)) ?? noNumbers) : [],
      dispose: () => (shelf.used = false),
    };
    this.#kept.set(gradients, { sample, request, shelf, own });
    return gradients;
  }

  combinedStep(gradients: TaskGradients, { shared, heads }: Combination, learningRate: number): Updated {
    const kept = this.#kept.get(gradients);
    if (!kept) return this.#eagerly(() => this.#eager.combinedStep(gradients, { shared, heads }, learningRate));
    const { sample, request, shelf } = kept;
    const key = [this.#keyOf(sample), requestKey(request), this.#shelves.indexOf(shelf), shared.kind].join(' ');
    const { program, update } = cached(this.#combined, key, () => combinedProgram(this.#shop, kept, shared.kind));
    this.#shop.model.setStep(sample.step, { part: sample.part, updateStatistics: false });
    const numbers = updateNumbers(update, learningRate);
    numbers.set('heads', Float32Array.from(heads));
    if (shared.kind === 'weights') numbers.set('weights', Float32Array.from(shared.weights.flat()));
    else numbers.set('direction', shared.direction);
    const results = program.run(this.#feeds(sample, numbers));
    this.#ahead = true;
    return readUpdate(update, results);
  }

  #takeShelf(): Shelf {
    const free = this.#shelves.find(({ used }) => !used) ?? new Shelf(this.#shop.programs);
    if (!this.#shelves.includes(free)) this.#shelves.push(free);
    free.used = true;
    return free;
  }

  pull(): void {
    if (this.#ahead) this.#shop.state.pull();
    this.#ahead = false;
  }

  push(): void {
    this.#shop.state.push();
    this.#ahead = false;
  }

  dispose(): void {
    this.#shop.programs.dispose();
    this.#eager.dispose();
  }

  /** Runs work on the model's own variables. */
  #eagerly<T>(work: () => T): T {
    this.pull();
    try {
      return work();
    } finally {
      this.push();
    }
  }

  #keyOf({ batch, present, step }: Sample): string {
    const shapes = batch.inputs.map(({ shape }) => shape.join('x'));
    return [...shapes, present.join('+'), this.#shop.model.phase(step)].join(' ');
  }

  #feeds({ batch, present }: Sample, numbers: ReadonlyMap<string, Feed>): (name: string) => Feed {
    const tensors = batchTensors(batch, present);
    return (name) => {
      const tensor = tensors.get(name);
      const feed = tensor ? feedOf(this.#shop.backend, tensor) : numbers.get(name);
      if (feed === undefined) throw new CaptureError(`nobody gives ${name}`);
      return feed;
    };
  }
}

function sampleOf({ batches, step, part = 0 }: StepInput): Sample | null {
  const [batch] = batches;
  if (batches.length !== 1 || !batch) return null;
  return { batch, present: presentIn(batch), step, part };
}

const noNumbers = new Float32Array(0);

/** Passes that only measure may ask for other parameters than the strategy. */
function requestKey({ statistic, layout, segments, updateStatistics }: GradientRequest): string {
  return JSON.stringify([statistic, layout.variables.map(({ path }) => path), segments, updateStatistics]);
}

function readStatistics(
  { length }: readonly number[],
  { statistic, segments }: GradientRequest,
  results: ReadonlyMap<string, Float32Array>,
): Pick<TaskGradients, 'norms' | 'grams'> {
  const doubles = segments.map((_, place) => {
    const [first, rest] = gramNames(place).map((name) => results.get(name) ?? noNumbers);
    return Array.from(first ?? noNumbers, (value, at) => value + (rest?.[at] ?? 0));
  });
  const root = (square: number): number => Math.sqrt(Math.max(square, 0));
  if (statistic === 'norms') return { norms: doubles.map((squares) => squares.map(root)), grams: [] };
  const grams = doubles.map((gram) => Array.from({ length }, (_, i) => gram.slice(i * length, (i + 1) * length)));
  return { norms: grams.map((gram) => gram.map((line, i) => root(line[i] ?? 0))), grams };
}

function cached<T>(known: Map<string, T>, key: string, make: () => T): T {
  const before = known.get(key);
  if (before) return before;
  if (known.size >= mostShapes) throw new CaptureError('there are too many shapes of batches');
  const made = make();
  known.set(key, made);
  return made;
}
