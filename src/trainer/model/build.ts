/**
 * Plan → model. The plan's blocks and tasks become one graph of tf.layers objects and two models over it: `network`
 * ends in raw heads and is what losses see; `predictor` ends in predictions and is what is saved.
 */
import { valueOf } from '../../plan/layers/arguments.ts';
import type { Plan, PlanBlock, PlanLayer, PlanSource } from '../../plan/plan.ts';
import { tf, tfl } from '../../engine/tfjs.ts';
import { predictionActivation } from '../tasks/table.ts';
import { type Averaging, BatchNormalization } from './batch-normalization.ts';
import { type BatchPenalty, type Draw, stepContext, type StepContext } from './context.ts';
import { type Conventions, fanInOf, initializerKey, initialValue, isKernel } from './initialize.ts';
import { makeLayer } from './layers.ts';
import { LayerNames } from './names.ts';
import { GradientStop } from './stand-in-layers.ts';
import { type NodeKey, type Reach, reachOf } from './reach.ts';
import { isWarmUp } from './sharing/choice.ts';
import { ownVariables, penalizedTasks } from './sharing/own-weights.ts';
import { buildParts, type PartHost } from './sharing/parts.ts';
import { type Tie, tiesOf } from './sharing/ties.ts';
import { type ModelVariable, type Site, variableOf } from './variable.ts';

export type { ModelVariable } from './variable.ts';

export interface BuildOptions {
  /** Of the first values. */
  readonly seed: number;
  /** Of what a step draws (dropout), where that is another. */
  readonly stepSeed?: number;
  readonly conventions: Conventions;
  /** First bias of a task's head, in the space of its raw output: a box head starts at the mean training box. */
  readonly headBias?: ReadonlyMap<string, readonly number[]>;
}

export interface StepOptions {
  /** Number of the batch within the step, from 0, when `accumulate` gathers several. */
  readonly part?: number;
  /** False leaves batch-norm statistics as they are (a second pass on the same batch). */
  readonly updateStatistics?: boolean;
}

/** Moving averages of a layer. */
export interface LayerAverages extends Averaging {
  /** Of the layer in the model, and of its text in the spec. */
  readonly path: string;
  readonly pointer: string;
}

export interface Model {
  /** Inputs in the order of `inputs`; outputs the raw heads in task order: logits, normalized values, box numbers before σ. */
  readonly network: tfl.LayersModel;
  /** Same layers; outputs softmax probabilities, normalized values, σ(cx, cy, w, h). Loads in plain tf.loadLayersModel. */
  readonly predictor: tfl.LayersModel;
  /** Names of the plan's inputs that are fed, in feeding order (inputs no task needs are left out). */
  readonly inputs: readonly string[];
  readonly tasks: readonly string[];
  /** Names of the saved model's input and output tensors, by input and task. */
  readonly inputNames: ReadonlyMap<string, string>;
  readonly outputNames: ReadonlyMap<string, string>;
  /** Every weight, trainable or not, in one order that depends on the plan alone. */
  readonly variables: readonly ModelVariable[];
  /** All that a run keeps from step to step: the variables, and how many updates moving averages have had. */
  readonly kept: readonly ModelVariable[];
  /** Layers with moving averages that a run updates. */
  readonly averages: readonly LayerAverages[];
  /** Parameters that soft sharing draws together. */
  readonly ties: readonly Tie[];
  /** Tasks that read a layer that penalizes each batch (DSelect-k): see `collectPenalties`. */
  readonly penalizedTasks: readonly string[];
  /** Runs a forward pass and hands over its layers' penalties on the batch; the caller owns them. */
  collectPenalties(run: () => void): BatchPenalty[];
  /** Gives the numbers that layers draw for a step in its own way while `run` runs. */
  drawWith(draw: Draw, run: () => void): void;
  /** Steps with the same answer take the same operations: learned branching has a phase in which nothing is chosen. */
  phase(step: number): string;
  /** How long the training is: learned branching grows sharp along it. */
  setSchedule(stepsPerEpoch: number, epochs: number): void;
  /** Where a block ends in the network; undefined for a block that its consumers read in different ways. */
  outputOf(block: string): tfl.SymbolicTensor | undefined;
  /** Raw heads, [batch, k] each, in task order. The caller owns them (wrap in tf.tidy). */
  forward(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor[];
  /** Predictions in task order, as the saved model gives them. The caller owns them. */
  predict(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Says which step the next forward pass belongs to: it keys the dropout masks. */
  setStep(step: number, options?: StepOptions): void;
  /** Frees all variables; both models are unusable afterwards. */
  dispose(): void;
}

/**
 * Builds the model of a plan. First values depend on (seed, layer path, parameter name) alone.
 *
 * @throws Error when a size of the plan is still unknown or a layer cannot be trained by this version
 */
export function buildModel(plan: Plan, options: BuildOptions): Model {
  const builder = new Builder(plan, options);
  // Not in a function given to tf.tidy: that would want to keep the model itself.
  tf.engine().startScope('buildModel');
  try {
    return builder.build();
  } catch (error) {
    builder.dispose();
    throw error;
  } finally {
    tf.engine().endScope();
  }
}

class Builder {
  readonly #plan: Plan;
  readonly #options: BuildOptions;
  readonly #reach: Reach;
  readonly #names = new LayerNames();
  readonly #context: StepContext;
  readonly #symbols = new Map<string, tfl.SymbolicTensor>();
  readonly #variables: ModelVariable[] = [];
  readonly #averages: LayerAverages[] = [];
  readonly #counts: ModelVariable[] = [];
  readonly #once = new Map<string, tfl.SymbolicTensor>();

  constructor(plan: Plan, options: BuildOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#reach = reachOf(plan);
    this.#context = stepContext(options.stepSeed ?? options.seed);
  }

  build(): Model {
    const inputs = this.#reach.inputs.map((name) => this.#input(name));
    for (const { kind, name } of this.#plan.order) {
      if (kind === 'task') this.#task(name);
      else if (this.#reach.needed.has(`block:${name}`)) this.#block(name);
    }
    const tasks = [...this.#plan.tasks.keys()];
    const raw = tasks.map((name) => this.#symbol(`raw:${name}`));
    const predicted = tasks.map((name) => this.#symbol(`task:${name}`));
    const network = tfl.model({ inputs, outputs: raw, name: 'network' });
    const predictor = tfl.model({ inputs, outputs: predicted, name: 'predictor' });
    return this.#model(network, predictor, tasks);
  }

  dispose(): void {
    for (const { variable } of [...this.#variables, ...this.#counts]) if (!variable.isDisposed) variable.dispose();
  }

  #model(network: tfl.LayersModel, predictor: tfl.LayersModel, tasks: readonly string[]): Model {
    const { inputs } = this.#reach;
    const context = this.#context;
    const run = (model: tfl.LayersModel, tensors: readonly tf.Tensor[], training: boolean): tf.Tensor[] => {
      const outputs = model.apply([...tensors], { training });
      return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor[];
    };
    return {
      network,
      predictor,
      inputs,
      tasks,
      inputNames: new Map(inputs.map((name, index) => [name, predictor.inputNames[index] ?? ''])),
      outputNames: new Map(tasks.map((name, index) => [name, predictor.outputNames[index] ?? ''])),
      variables: this.#variables,
      kept: [...this.#variables, ...this.#counts],
      outputOf: (block) => this.#symbols.get(`block:${block}`),
      forward: (tensors, training) => run(network, tensors, training),
      predict: (tensors) => run(predictor, tensors, false),
      averages: this.#averages,
      ties: tiesOf(this.#plan, this.#variables),
      penalizedTasks: penalizedTasks(this.#plan),
      collectPenalties: (run) => {
        const penalties: BatchPenalty[] = [];
        context.penalties = penalties;
        try {
          run();
        } finally {
          context.penalties = null;
        }
        return penalties;
      },
      drawWith: (draw, run) => {
        context.draw = draw;
        try {
          run();
        } finally {
          context.draw = null;
        }
      },
      phase: (step) => (this.#chooses() && isWarmUp({ ...context, step }) ? 'warm-up' : ''),
      setSchedule: (stepsPerEpoch, epochs) => Object.assign(context, { stepsPerEpoch, epochs }),
      setStep: (step, { part = 0, updateStatistics = true } = {}) =>
        Object.assign(context, { step, part, updateStatistics }),
      dispose: () => {
        this.dispose();
      },
    };
  }

  #chooses(): boolean {
    const parts = [...this.#plan.blocks.values()].flatMap(({ sharing }) => sharing?.parts ?? []);
    return parts.some(({ operation }) => operation.kind === 'choice');
  }

  #input(name: string): tfl.SymbolicTensor {
    const input = this.#plan.inputs.get(name);
    if (input === undefined) throw new Error(`The plan has no input "${name}".`);
    const symbol = tfl.input({ shape: known(input.shape, name), dtype: input.dtype, name: this.#names.take(name) });
    this.#symbols.set(`input:${name}`, symbol);
    return symbol;
  }

  #block(name: string): void {
    const block = this.#plan.blocks.get(name);
    if (block === undefined) throw new Error(`The plan has no block "${name}".`);
    const settings = this.#plan.spec.network.get(name);
    const rate = this.#plan.spec.training.learningRate;
    const site: Site = {
      tasks: this.#reach.losses.get(`block:${name}`) ?? [],
      learningRate: (settings?.learningRate ?? rate) / rate,
      trainable: settings?.trainable ?? true,
    };
    const input = this.#join(block.sources, `block:${name}`, name);
    if (block.sharing) this.#parts(block, block.sharing, input, site);
    else this.#symbols.set(`block:${name}`, this.#stack(block.layers, input, site).output);
  }

  /** One tensor for each consumer, under the consumer's and the block's key. */
  #parts(block: PlanBlock, sharing: NonNullable<PlanBlock['sharing']>, input: tfl.SymbolicTensor, site: Site): void {
    const host: PartHost = {
      stack: (part, symbol) => this.#stack(part.layers, symbol, { ...site, tasks: part.tasks }),
      operation: (part) => ({
        shape: known(part.outputShape, part.path),
        trainable: site.trainable,
        context: this.#context,
        name: (suffix) => this.#names.take(`${part.path}/${suffix}`),
        once: (key, make) => {
          const found = this.#once.get(key) ?? make();
          this.#once.set(key, found);
          return found;
        },
      }),
      weighted: (part, weighted) => {
        const own = { ...site, tasks: part.tasks };
        this.#variables.push(...ownVariables(part, weighted, own, this.#options));
      },
    };
    const needed = (consumer: string): boolean => this.#reach.needed.has(consumer as NodeKey);
    const symbols = buildParts(sharing, input, needed, host);
    for (const [consumer, id] of sharing.outputs) {
      const symbol = symbols.get(id);
      if (symbol) this.#symbols.set(readKey(`block:${block.name}`, consumer), symbol);
    }
  }

  #task(name: string): void {
    const task = this.#plan.tasks.get(name);
    if (task === undefined) throw new Error(`The plan has no task "${name}".`);
    const site: Site = { tasks: this.#reach.losses.get(`task:${name}`) ?? [], learningRate: 1, trainable: true };
    const input = this.#join(task.sources, `task:${name}`, `tasks/${name}`);
    const headBias = this.#options.headBias?.get(name);
    const raw = this.#stack([...task.layers, task.head], input, site, headBias).output;
    const activation = predictionActivation(task.spec.type);
    this.#symbols.set(`raw:${name}`, raw);
    const prediction = activation === 'linear' ? raw : this.#activate(activation, `tasks/${name}/prediction`, raw);
    this.#symbols.set(`task:${name}`, prediction);
  }

  #activate(activation: 'softmax' | 'sigmoid', path: string, input: tfl.SymbolicTensor): tfl.SymbolicTensor {
    return apply(tfl.layers.activation({ name: this.#names.take(path), activation }), input);
  }

  /** What a block or task reads; several sources are concatenated along the last axis. */
  #join(sources: readonly PlanSource[], reader: NodeKey, path: string): tfl.SymbolicTensor {
    const symbols = sources.map((source) => {
      const key = `${source.kind}:${source.name}`;
      const symbol = this.#symbols.get(readKey(key, reader)) ?? this.#symbol(key);
      if (source.kind !== 'task' || !source.stopGradient) return symbol;
      return apply(new GradientStop(this.#names.take(`${path}/stop/${source.name}`)), symbol);
    });
    const [first] = symbols;
    if (first === undefined) throw new Error(`"${path}" reads nothing.`);
    if (symbols.length === 1) return first;
    return apply(tfl.layers.concatenate({ name: this.#names.take(`${path}/join`), axis: -1 }), symbols);
  }

  #stack(
    layers: readonly PlanLayer[],
    input: tfl.SymbolicTensor,
    site: Site,
    headBias?: readonly number[],
  ): { output: tfl.SymbolicTensor; layers: tfl.layers.Layer[] } {
    let symbol = input;
    const made: tfl.layers.Layer[] = [];
    for (const [index, plan] of layers.entries()) {
      const layer = makeLayer({
        plan,
        name: this.#names.take(plan.path),
        trainable: site.trainable,
        conventions: this.#options.conventions,
        context: this.#context,
      });
      symbol = apply(layer, symbol);
      made.push(layer);
      this.#collect(layer, plan, site, index === layers.length - 1 ? headBias : undefined);
    }
    return { output: symbol, layers: made };
  }

  /** Gives a layer's weights their first values and their place in the order. */
  #collect(layer: tfl.layers.Layer, plan: PlanLayer, site: Site, headBias?: readonly number[]): void {
    const weights = layer.weights.map((weight) => ({ weight, name: weight.originalName.split('/').at(-1) ?? '' }));
    const kernel = weights.find(({ name }) => isKernel(name));
    const fanIn = kernel ? fanInOf(kernel.weight.shape.map((size) => size ?? 1)) : 0;
    const regularization = (valueOf(plan.spec, 'regularization') ?? {}) as { l1?: number; l2?: number };
    const { tasks } = site;
    for (const { weight, name } of weights) {
      const variable = variableOf(weight);
      const path = `${plan.path}/${name}`;
      const { seed, conventions } = this.#options;
      const initializer = valueOf(plan.spec, initializerKey(name));
      const first = {
        path: plan.path,
        name,
        shape: variable.shape,
        fanIn,
        ...(typeof initializer === 'string' ? { initializer } : {}),
      };
      const values =
        headBias && name === 'bias' ? biasOf(headBias, variable, path) : initialValue(first, seed, conventions);
      variable.assign(tf.tensor(values, variable.shape));
      if (!site.trainable) weight.trainable = false;
      const regularized = isKernel(name) || name === 'embeddings';
      this.#variables.push({
        path,
        parameter: name,
        variable,
        trainable: weight.trainable,
        kernel: isKernel(name),
        decays: regularized,
        l1: regularized ? (regularization.l1 ?? 0) : 0,
        l2: regularized ? (regularization.l2 ?? 0) : 0,
        learningRate: site.learningRate,
        tasks,
        shared: tasks.length > 1,
      });
    }
    if (layer instanceof BatchNormalization) this.#collectAverages(layer, plan, site);
  }

  #collectAverages({ averaging }: BatchNormalization, { path, pointer }: PlanLayer, { tasks, trainable }: Site): void {
    if (trainable) this.#averages.push({ ...averaging, path, pointer });
    this.#counts.push({
      path: `${path}/updates`,
      parameter: 'updates',
      variable: averaging.updates,
      ...{ trainable: false, kernel: false, decays: false },
      ...{ l1: 0, l2: 0, learningRate: 1 },
      tasks,
      shared: tasks.length > 1,
    });
  }

  #symbol(key: string): tfl.SymbolicTensor {
    const symbol = this.#symbols.get(key);
    if (symbol === undefined) throw new Error(`"${key}" is read before it is defined; the plan's order is wrong.`);
    return symbol;
  }
}

/** A consumer's own reading of a block that is not simply shared. */
function readKey(source: string, reader: string): string {
  return `${source} for ${reader}`;
}

function apply(layer: tfl.layers.Layer, input: tfl.SymbolicTensor | tfl.SymbolicTensor[]): tfl.SymbolicTensor {
  return layer.apply(input) as tfl.SymbolicTensor;
}

function known(shape: readonly (number | null)[], name: string): number[] {
  return shape.map((size) => {
    if (size === null) throw new Error(`The shape of input "${name}" is not known yet; the data must be read first.`);
    return size;
  });
}

function biasOf(bias: readonly number[], variable: tf.Variable, path: string): Float32Array {
  if (bias.length !== variable.size) {
    throw new Error(`${path} has ${String(variable.size)} values, but ${String(bias.length)} first values were given.`);
  }
  return Float32Array.from(bias);
}
