/** Steps as graphs: one run of TensorFlow each, on weights and slots that stay there (docs/engine.md). */
import { CaptureError } from '../../../../engine/native/capture/errors.ts';
import type { Feed } from '../../../../engine/native/capture/session.ts';
import type { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import { eagerInference, type Infer } from '../../passes/inference.ts';
import { together } from '../../passes/to-host.ts';
import {
  type Batch,
  type Combination,
  type ExpectedWork,
  type Forward,
  type GradientRequest,
  type Part,
  type SharedLayout,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskGradients,
  type Updated,
  type Weigh,
} from '../../contract.ts';
import type { UpdateOptions } from '../../passes/update.ts';
import { labelledName, type NamedProgram } from './assembly.ts';
import { besideEager } from './beside.ts';
import { compareLosses, compareNumbers } from './check.ts';
import {
  combinedProgram,
  gradientProgram,
  Shelf,
  type CombinedProgram,
  type GradientProgram,
  type Kept,
} from './gradients.ts';
import { sessionInference } from './inference.ts';
import { batchTensors, feedOf, rowName, sampleFrom, shapeKey, spread, type Sample } from './inputs.ts';
import { leastRuns, mostPrograms } from './limits.ts';
import { Programs } from './programs.ts';
import { State } from './state.ts';
import { noNumbers, readStatistics, requestKey } from './statistics.ts';
import { readUpdate, updateNumbers } from './update.ts';
import { forwardProgram, readPass, weightedProgram, type WeightedProgram, type Workshop } from './weighted.ts';

export interface CapturedOptions {
  readonly backend: NodeJSKernelBackend;
  readonly context: StepContext;
  readonly update: UpdateOptions;
  /** Runs what cannot be a graph; on the same model and optimizer. */
  readonly eager: StepExecutor;
  /** Told once for each reason why some steps run operation by operation. */
  readonly onRefusal?: (reason: string) => void;
  /** Graphs also where they cost more than they save. */
  readonly always?: boolean;
}

type Weighted = Updated & { readonly forward: Forward };

export class CapturedExecutor implements StepExecutor {
  readonly #options: CapturedOptions;
  readonly #shop: Workshop;
  readonly #eager: StepExecutor;
  readonly #forwards = new Map<string, NamedProgram | null>();
  readonly #weighted = new Map<string, WeightedProgram | null>();
  readonly #gradients = new Map<string, GradientProgram | null>();
  readonly #combined = new Map<string, CombinedProgram | null>();
  readonly #shelves: Shelf[] = [];
  readonly #kept = new WeakMap<TaskGradients, Kept>();
  readonly #reasons = new Set<string>();
  readonly #infer: Infer;
  #expected: ExpectedWork = { steps: Infinity, measurements: Infinity, evaluated: Infinity };
  /** True while the session's values are newer than the variables'. */
  #ahead = false;
  #retired = false;

  constructor(options: CapturedOptions) {
    const { backend, context, update, eager } = options;
    const programs = new Programs(backend.binding);
    const state = new State(context.model, update.optimizer, programs);
    this.#options = options;
    this.#shop = { backend, context, programs, state, model: context.model, options: update };
    this.#eager = eager;
    this.#infer = sessionInference({ ...this.#shop, tasks: context.tasks });
    state.push();
  }

  get captured(): boolean {
    return !this.#retired;
  }

  /** Why some steps run operation by operation. */
  get refusals(): readonly string[] {
    return [...this.#reasons];
  }

  expect(work: ExpectedWork): void {
    if (this.#options.always) return;
    this.#expected = work;
    if (work.steps < leastRuns) this.#refuse(`for ${String(work.steps)} steps graphs would cost more than they save`);
  }

  /** Runs a step for trial, whose graphs stay; weights, slots and counts are as before. */
  rehearse(step: () => void): void {
    this.pull();
    const { state } = this.#shop;
    const values = state.values();
    const counts = state.trained.map(({ count }) => count);
    try {
      step();
    } finally {
      state.restore(values);
      state.trained.forEach((entry, place) => (entry.count = counts[place] ?? 0));
      this.#ahead = true;
      this.pull();
    }
  }

  /** From now on every step runs operation by operation. */
  retire(): void {
    this.pull();
    this.#retired = true;
    this.#shop.programs.dispose();
  }

  forward(input: StepInput): Forward {
    const sample = this.#sampleOf(input);
    const program =
      sample && this.#program(this.#forwards, this.#shapeOf(sample), () => forwardProgram(this.#shop, sample));
    if (!sample || !program) return this.#eagerly(() => this.#eager.forward(input));
    return this.#passed(sample, this.#run(program, sample, false));
  }

  weightedStep(input: StepInput, weigh: Weigh, learningRate: number): Weighted {
    const sample = this.#sampleOf(input);
    const eagerly = (): Weighted => this.#eagerly(() => this.#eager.weightedStep(input, weigh, learningRate));
    if (!sample) return eagerly();
    const fresh = !this.#weighted.has(this.#keyOf(sample));
    const made = this.#program(this.#weighted, this.#keyOf(sample), () => weightedProgram(this.#shop, sample));
    if (!made) return eagerly();
    const weights = weigh.weights(weigh.beforehand ? null : this.forward(input), sample.labelled);
    const captured = (): Weighted => {
      const numbers = updateNumbers(made.update, learningRate, this.#namesOf(sample));
      numbers.set(
        'weights',
        Float32Array.from(sample.present, (index) => weights.get(index) ?? 0),
      );
      const results = this.#run(made.program, sample, true, numbers);
      this.#ahead = true;
      return { forward: this.#passed(sample, results), ...readUpdate(made.update, results) };
    };
    if (!fresh) return captured();
    const known = { beforehand: true, weights: () => weights };
    return this.#checked(
      () => this.#weighted.set(this.#keyOf(sample), null),
      captured,
      () => this.#eager.weightedStep(input, known, learningRate),
      (own, other) => compareLosses(own.forward, other.forward),
    );
  }

  taskGradients(input: StepInput, request: GradientRequest): TaskGradients | null {
    const sample = this.#sampleOf(input);
    const eagerly = (): TaskGradients | null => this.#eagerly(() => this.#eager.taskGradients(input, request));
    if (request.representation) this.#refuse('its gradients are those by the output of a block ("representation")');
    const rare = !request.updateStatistics && this.#expected.measurements < leastRuns;
    if (!sample || rare || request.representation) return eagerly();
    const shelf = this.#takeShelf();
    const key = this.#requestKey(sample, request, shelf);
    const fresh = !this.#gradients.has(key);
    const made = this.#program(this.#gradients, key, () => gradientProgram(this.#shop, sample, request, shelf));
    if (!made) {
      shelf.used = false;
      return eagerly();
    }
    const captured = (): TaskGradients => this.#takeGradients(sample, request, shelf, made, input);
    if (!fresh) return captured();
    return this.#checked(
      () => this.#gradients.set(key, null),
      captured,
      () => this.#eager.taskGradients(input, request),
      (own, other) => {
        if (!other) throw new CaptureError('the eager step has no gradients');
        compareLosses(own.forward, other.forward);
        compareNumbers('norms', own.norms.flat(), other.norms.flat());
        compareNumbers('Gram matrices', own.grams.flat(2), other.grams.flat(2));
        other.dispose();
      },
    );
  }

  combinedStep(gradients: TaskGradients, combination: Combination, learningRate: number): Updated {
    const kept = this.#kept.get(gradients);
    if (!kept) return this.#eagerly(() => this.#eager.combinedStep(gradients, combination, learningRate));
    const { shared, heads } = combination;
    const { sample, request, shelf } = kept;
    const key = `${this.#requestKey(sample, request, shelf)} ${shared.kind}`;
    const eagerly = (): Updated => {
      const again = this.#eager.taskGradients(gradients.input, { ...request, updateStatistics: false });
      if (!again) throw new Error('The gradients of a step cannot be had again.');
      const updated = this.#eager.combinedStep(again, combination, learningRate);
      again.dispose();
      return updated;
    };
    const fresh = !this.#combined.has(key);
    const made = this.#program(this.#combined, key, () => combinedProgram(this.#shop, kept, shared.kind));
    if (!made) return this.#eagerly(eagerly);
    const captured = (): Updated => {
      const numbers = updateNumbers(made.update, learningRate, this.#namesOf(sample));
      numbers.set('heads', spread(sample, heads));
      if (shared.kind === 'weights') {
        const weights = shared.weights.flatMap((segment) => [...spread(sample, segment)]);
        numbers.set('weights', Float32Array.from(weights));
      } else numbers.set('direction', shared.direction);
      const results = this.#run(made.program, sample, false, numbers);
      this.#ahead = true;
      return readUpdate(made.update, results);
    };
    if (!fresh) return captured();
    return this.#checked(
      () => this.#combined.set(key, null),
      captured,
      eagerly,
      () => undefined,
    );
  }

  /** The trained model's predictions with the weights that the session has now. */
  infer(batch: Batch): Part {
    const { model, tasks } = this.#shop.context;
    if (!this.#retired && this.#expected.evaluated >= leastRuns) {
      try {
        return this.#infer(batch);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        this.#refuse(error.message);
      }
    }
    return this.#eagerly(() => eagerInference(model, tasks)(batch));
  }

  displaced<T>(layout: SharedLayout, by: Float32Array, run: () => T): T {
    if (this.#retired) return this.#eager.displaced(layout, by, run);
    this.#ahead = true;
    try {
      return this.#shop.state.displaced(layout, by, run);
    } finally {
      this.#ahead = true;
    }
  }

  pull(): void {
    if (this.#ahead) this.#shop.state.pull();
    this.#ahead = false;
  }

  push(): void {
    if (!this.#retired) this.#shop.state.push();
    this.#ahead = false;
  }

  dispose(): void {
    this.#shop.programs.dispose();
    this.#eager.dispose();
  }

  #takeGradients(
    sample: Sample,
    request: GradientRequest,
    shelf: Shelf,
    { program, own }: GradientProgram,
    input: StepInput,
  ): TaskGradients {
    const results = this.#run(program, sample, request.updateStatistics);
    if (request.updateStatistics) this.#ahead = true;
    const { labelled } = sample;
    const gradients: TaskGradients = {
      ...{ input, present: labelled },
      forward: this.#passed(sample, results),
      ...readStatistics(sample, request, results),
      segments: request.segments,
      rows: request.statistic === 'rows' ? labelled.map((index) => results.get(rowName(index)) ?? noNumbers) : [],
      dispose: () => (shelf.used = false),
    };
    this.#kept.set(gradients, { sample, request, shelf, own });
    return gradients;
  }

  #takeShelf(): Shelf {
    const free = this.#shelves.find(({ used }) => !used) ?? new Shelf(this.#shop.programs, this.#shelves.length);
    if (!this.#shelves.includes(free)) this.#shelves.push(free);
    free.used = true;
    return free;
  }

  #passed({ labelled }: Sample, results: ReadonlyMap<string, Float32Array>): Forward {
    const { length } = this.#shop.context.tasks;
    return together(length, [readPass(length, labelled, results)]);
  }

  #namesOf({ labelled }: Sample): string[] {
    const { tasks } = this.#shop.context;
    return labelled.map((index) => tasks[index]?.name ?? '');
  }

  /** Runs work on the model's own variables. */
  #eagerly<T>(work: () => T): T {
    if (this.#retired) return work();
    this.pull();
    try {
      return work();
    } finally {
      this.push();
    }
  }

  /** The first run of a program: what counts is the captured step where it is right, else the eager one. */
  #checked<T extends object, E>(
    refuse: () => void,
    captured: () => T,
    eagerly: () => E,
    compare: (own: T, other: E) => void,
  ): T | E {
    this.pull();
    const { own, other, why } = besideEager(this.#shop.state, captured, eagerly, compare);
    if (own && why === undefined) {
      this.#ahead = true;
      return own;
    }
    refuse();
    this.#refuse(why ?? '');
    this.push();
    return other;
  }

  #refuse(reason: string): void {
    if (this.#reasons.has(reason)) return;
    this.#reasons.add(reason);
    this.#options.onRefusal?.(reason);
  }

  /** A program made before or now; null where this kind of step cannot be captured. */
  #program<T>(known: Map<string, T | null>, key: string, make: () => T): T | null {
    const before = known.get(key);
    if (before !== undefined) return before;
    let made: T | null = null;
    try {
      if (known.size >= mostPrograms) throw new CaptureError('the batches have too many different shapes');
      made = make();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.#refuse(error.message);
    }
    if (made !== null || known.size < mostPrograms) known.set(key, made);
    return made;
  }

  #run(
    program: NamedProgram,
    sample: Sample,
    updateStatistics: boolean,
    numbers?: ReadonlyMap<string, Feed>,
  ): ReadonlyMap<string, Float32Array> {
    const { batch, present, labelled, step, part } = sample;
    // What the layers draw depends on it.
    this.#shop.model.setStep(step, { part, updateStatistics });
    const tensors = batchTensors(batch, present);
    return program.run((name) => {
      const tensor = tensors.get(name);
      if (name === labelledName) return Uint8Array.from(present, (index) => Number(labelled.includes(index)));
      const feed = tensor ? feedOf(this.#shop.backend, tensor) : numbers?.get(name);
      if (feed === undefined) throw new CaptureError(`nobody gives ${name}`);
      return feed;
    });
  }

  #shapeOf({ batch, present, step }: Sample): string {
    return `${shapeKey(batch, present)} ${this.#shop.model.phase(step)}`;
  }

  #keyOf(sample: Sample): string {
    return `${this.#shapeOf(sample)}${sample.partial ? ' of some tasks' : ''}`;
  }

  #requestKey(sample: Sample, request: GradientRequest, shelf: Shelf): string {
    return `${this.#keyOf(sample)} ${requestKey(request)} ${String(shelf.number)}`;
  }

  /** Null: a step that only the eager executor takes. */
  #sampleOf({ batches, step, part = 0 }: StepInput): Sample | null {
    const [batch] = batches;
    if (this.#retired || !batch) return null;
    if (batches.length > 1) {
      this.#refuse('some work is on several batches at once ("accumulate", or a strategy of several batches)');
      return null;
    }
    return sampleFrom(batch, step, part);
  }
}
