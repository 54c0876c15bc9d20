/** Steps as graphs: one run of TensorFlow each, on weights and slots that stay there (docs/engine.md). */
import { text, type Text } from '../../../../common/text.ts';
import { CaptureError } from '../../../../engine/capture-error.ts';
import type { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import { eagerInference, type Infer } from '../../passes/inference.ts';
import { together } from '../../passes/to-host.ts';
import type {
  Batch,
  Combination,
  ExpectedWork,
  Forward,
  GradientRequest,
  Part,
  SharedLayout,
  StepContext,
  StepExecutor,
  StepInput,
  TaskGradients,
  TaskWeights,
  Updated,
  Weigh,
} from '../../contract.ts';
import { of } from '../../by-task.ts';
import type { UpdateOptions } from '../../passes/update.ts';
import { rowName, sampleFrom, spread, type Sample } from '../../recorded/inputs.ts';
import { State } from '../../recorded/state.ts';
import { compareLosses, compareNumbers } from '../check.ts';
import type { Rehearsal } from '../contract.ts';
import type { NamedProgram } from './assembly.ts';
import { combinedProgram, type CombinedProgram, type Kept } from './combined.ts';
import { forwardProgram } from './forward.ts';
import { gradientProgram, type GradientProgram } from './gradients.ts';
import { sessionInference } from './inference.ts';
import { leastRuns } from './limits.ts';
import { numbersOf, readPass } from './pass-results.ts';
import { ProgramCache, Refusals } from './program-cache.ts';
import { Programs } from './programs.ts';
import { Residence } from './residence.ts';
import { gradientKey, passKey, runProgram, updateKey } from './running.ts';
import { Shelves, type Shelf } from './shelf.ts';
import { readStatistics } from './statistics.ts';
import { tracerOf } from './tracer.ts';
import { readUpdate, updateNumbers } from './update.ts';
import { weightedProgram, type WeightedProgram } from './weighted.ts';
import type { Workshop } from './workshop.ts';

export interface CapturedOptions {
  readonly backend: NodeJSKernelBackend;
  readonly context: StepContext;
  readonly update: UpdateOptions;
  /** Runs what cannot be a graph; on the same model and optimizer. */
  readonly eager: StepExecutor;
  /** Told once for each reason why some steps run operation by operation. */
  readonly onRefusal?: (reason: Text) => void;
  /** Graphs also where they cost more than they save. */
  readonly always?: boolean;
}

type Weighted = Updated & { readonly forward: Forward };

export class CapturedExecutor implements StepExecutor, Rehearsal {
  readonly #options: CapturedOptions;
  readonly #shop: Workshop;
  readonly #eager: StepExecutor;
  readonly #refusals: Refusals;
  readonly #residence: Residence;
  readonly #forwards: ProgramCache<NamedProgram>;
  readonly #weighted: ProgramCache<WeightedProgram>;
  readonly #gradients: ProgramCache<GradientProgram>;
  readonly #combined: ProgramCache<CombinedProgram>;
  readonly #shelves: Shelves;
  readonly #kept = new WeakMap<TaskGradients, Kept>();
  readonly #infer: Infer;
  #expected: ExpectedWork = { steps: Infinity, measurements: Infinity, evaluated: Infinity };

  constructor(options: CapturedOptions) {
    const { backend, context, update, eager } = options;
    const programs = new Programs(backend.binding);
    const state = new State(context.model, update.optimizer, programs);
    const { model } = context;
    this.#options = options;
    this.#shop = { tracer: tracerOf(backend), context, programs, state, model, options: update };
    this.#eager = eager;
    this.#refusals = new Refusals((reason) => options.onRefusal?.(reason));
    this.#residence = new Residence(state, this.#refusals);
    this.#forwards = new ProgramCache(this.#refusals);
    this.#weighted = new ProgramCache(this.#refusals);
    this.#gradients = new ProgramCache(this.#refusals);
    this.#combined = new ProgramCache(this.#refusals);
    this.#shelves = new Shelves(programs);
    this.#infer = sessionInference({ ...this.#shop, tasks: context.tasks });
  }

  get captured(): boolean {
    return !this.#residence.left;
  }

  get refusals(): readonly Text[] {
    return this.#refusals.all;
  }

  expect(work: ExpectedWork): void {
    if (this.#options.always) return;
    this.#expected = work;
    if (work.steps < leastRuns) this.#refusals.add(tooShort(work.steps));
  }

  take(step: () => void): void {
    this.#residence.onTrial(step);
  }

  retire(): void {
    this.#residence.leave();
    this.#shop.programs.dispose();
  }

  forward(input: StepInput): Forward {
    const sample = this.#sampleOf(input);
    const program = sample && this.#forwards.get(passKey(this.#shop, sample), () => forwardProgram(this.#shop, sample));
    if (!sample || !program) return this.#residence.eagerly(() => this.#eager.forward(input));
    return this.#passed(sample, runProgram(this.#shop, program, sample, false));
  }

  weightedStep(input: StepInput, weigh: Weigh, learningRate: number): Weighted {
    const sample = this.#sampleOf(input);
    const eagerly = (): Weighted => this.#residence.eagerly(() => this.#eager.weightedStep(input, weigh, learningRate));
    if (!sample) return eagerly();
    const key = updateKey(this.#shop, sample);
    const fresh = !this.#weighted.has(key);
    const made = this.#weighted.get(key, () => weightedProgram(this.#shop, sample));
    if (!made) return eagerly();
    const weights = weigh.weights(weigh.beforehand ? null : this.forward(input), sample.labeled);
    const captured = (): Weighted => this.#runWeighted(made, sample, weights, learningRate);
    if (!fresh) return captured();
    const known = { beforehand: true, weights: () => weights };
    return this.#residence.checked({
      captured,
      eagerly: () => this.#eager.weightedStep(input, known, learningRate),
      compare: (own, other) => compareLosses(own.forward, other.forward),
      refuse: () => this.#weighted.refuse(key),
    });
  }

  #runWeighted(
    { program, update }: WeightedProgram,
    sample: Sample,
    weights: TaskWeights,
    learningRate: number,
  ): Weighted {
    const numbers = updateNumbers(update, learningRate, this.#namesOf(sample));
    numbers.set('weights', spread(sample, weights));
    const results = runProgram(this.#shop, program, sample, true, numbers);
    this.#residence.moved();
    return { forward: this.#passed(sample, results), ...readUpdate(update, results) };
  }

  taskGradients(input: StepInput, request: GradientRequest): TaskGradients | null {
    const sample = this.#sampleOf(input);
    const eagerly = (): TaskGradients | null =>
      this.#residence.eagerly(() => this.#eager.taskGradients(input, request));
    if (request.representation) this.#refusals.add(byRepresentation);
    const rare = !request.updateStatistics && this.#expected.measurements < leastRuns;
    if (!sample || rare || request.representation) return eagerly();
    const shelf = this.#shelves.take();
    const key = gradientKey(this.#shop, sample, request, shelf);
    const fresh = !this.#gradients.has(key);
    const made = this.#gradients.get(key, () => gradientProgram(this.#shop, sample, request, shelf));
    if (!made) {
      shelf.used = false;
      return eagerly();
    }
    const captured = (): TaskGradients => this.#runGradients(made, sample, request, shelf, input);
    if (!fresh) return captured();
    return this.#residence.checked({
      captured,
      eagerly: () => this.#eager.taskGradients(input, request),
      compare: compareGradients,
      refuse: () => this.#gradients.refuse(key),
    });
  }

  #runGradients(
    { program, heads }: GradientProgram,
    sample: Sample,
    request: GradientRequest,
    shelf: Shelf,
    input: StepInput,
  ): TaskGradients {
    const results = runProgram(this.#shop, program, sample, request.updateStatistics);
    if (request.updateStatistics) this.#residence.moved();
    const { labeled } = sample;
    const gradients: TaskGradients = {
      ...{ input, present: labeled },
      forward: this.#passed(sample, results),
      ...readStatistics(sample, request, results),
      segments: request.segments,
      rows: request.statistic === 'rows' ? labeled.map((index) => numbersOf(results, rowName(index))) : [],
      dispose: () => (shelf.used = false),
    };
    this.#kept.set(gradients, { sample, request, shelf, heads });
    return gradients;
  }

  combinedStep(gradients: TaskGradients, combination: Combination, learningRate: number): Updated {
    const kept = this.#kept.get(gradients);
    if (!kept) return this.#residence.eagerly(() => this.#eager.combinedStep(gradients, combination, learningRate));
    const { kind } = combination.shared;
    const key = `${gradientKey(this.#shop, kept.sample, kept.request, kept.shelf)} ${kind}`;
    const eagerly = (): Updated => this.#combineEagerly(gradients, kept, combination, learningRate);
    const fresh = !this.#combined.has(key);
    const made = this.#combined.get(key, () => combinedProgram(this.#shop, kept, kind));
    if (!made) return this.#residence.eagerly(eagerly);
    const captured = (): Updated => this.#runCombined(made, kept, combination, learningRate);
    if (!fresh) return captured();
    return this.#residence.checked({
      ...{ captured, eagerly },
      compare: () => undefined,
      refuse: () => this.#combined.refuse(key),
    });
  }

  #runCombined(
    { program, update }: CombinedProgram,
    { sample }: Kept,
    { shared, heads }: Combination,
    learningRate: number,
  ): Updated {
    const numbers = updateNumbers(update, learningRate, this.#namesOf(sample));
    numbers.set('heads', spread(sample, heads));
    if (shared.kind === 'weights') {
      const weights = shared.weights.flatMap((segment) => [...spread(sample, segment)]);
      numbers.set('weights', Float32Array.from(weights));
    } else numbers.set('direction', shared.direction);
    const results = runProgram(this.#shop, program, sample, false, numbers);
    this.#residence.moved();
    return readUpdate(update, results);
  }

  /** The session's gradients cannot be read by the eager executor: it computes them again. */
  #combineEagerly(
    { input }: TaskGradients,
    { request }: Kept,
    combination: Combination,
    learningRate: number,
  ): Updated {
    const again = this.#eager.taskGradients(input, { ...request, updateStatistics: false });
    if (!again) throw new Error('The gradients of a step cannot be had again.');
    const updated = this.#eager.combinedStep(again, combination, learningRate);
    again.dispose();
    return updated;
  }

  /** The trained model's answers with the weights that the session has now. */
  infer(batch: Batch): Part {
    const { model, tasks } = this.#shop.context;
    if (!this.#residence.left && this.#expected.evaluated >= leastRuns) {
      try {
        return this.#infer(batch);
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        this.#refusals.add(error.text);
      }
    }
    return this.#residence.eagerly(() => eagerInference(model, tasks)(batch));
  }

  displaced<T>(layout: SharedLayout, by: Float32Array, run: () => T): T {
    if (this.#residence.left) return this.#eager.displaced(layout, by, run);
    this.#residence.moved();
    try {
      return this.#shop.state.displaced(layout, by, run);
    } finally {
      this.#residence.moved();
    }
  }

  pull(): void {
    this.#residence.pull();
  }

  push(): void {
    this.#residence.push();
  }

  dispose(): void {
    this.#shop.programs.dispose();
    this.#eager.dispose();
  }

  #passed({ labeled }: Sample, results: ReadonlyMap<string, Float32Array>): Forward {
    const { length } = this.#shop.context.tasks;
    return together(length, [readPass(length, labeled, results)]);
  }

  #namesOf({ labeled }: Sample): string[] {
    const { tasks } = this.#shop.context;
    return labeled.map((index) => of(tasks, index).name);
  }

  /** Null: a step that only the eager executor takes. */
  #sampleOf({ batches, step, part = 0 }: StepInput): Sample | null {
    const [batch] = batches;
    if (this.#residence.left || !batch) return null;
    if (batches.length > 1) {
      this.#refusals.add(severalBatches);
      return null;
    }
    return sampleFrom(batch, step, part);
  }
}

const tooShort = (steps: number): Text =>
  text(
    `for ${String(steps)} steps graphs would cost more than they save`,
    `只有 ${String(steps)} 步，使用计算图得不偿失`,
  );

const byRepresentation = text(
  'its gradients are those by the output of a block ("representation")',
  '其梯度是对某个模块输出求的梯度（"representation"）',
);

const severalBatches = text(
  'some work is on several batches at once ("accumulate", or a strategy of several batches)',
  '有训练步同时使用多个批（"accumulate"，或使用多个批的策略）',
);

/** Throws a CaptureError where they differ; the eager ones are not needed any longer. */
function compareGradients(captured: TaskGradients, eager: TaskGradients | null): void {
  if (!eager) throw new CaptureError('the eager step has no gradients', '逐个运算的训练步没有梯度');
  compareLosses(captured.forward, eager.forward);
  compareNumbers('norms', captured.norms.flat(), eager.norms.flat());
  compareNumbers('Gram matrices', captured.grams.flat(2), eager.grams.flat(2));
  eager.dispose();
}
