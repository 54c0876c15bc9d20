/**
 * Runs a case of `reference/architectures` through spec → plan → model: forward values, gates and gradients. The spec is
 * what a user would write; only what the language keeps equal for all tasks and LibMTL does not (numbers of experts,
 * the codes of DSelect-k's experts) is put into the plan by hand.
 */
import { makePlan } from '../../src/plan/index.ts';
import type { SharedBlock } from '../../src/plan/sharing/contract.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type LayerSpec, readSpec } from '../../src/spec/index.ts';
import { tf, tfl } from '../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../src/trainer/model/build.ts';
import { layerName } from '../../src/trainer/model/names.ts';
import { BranchChoice } from '../../src/trainer/model/sharing/choice.ts';
import {
  type ArchitectureCase,
  block,
  type Numbers,
  type Place,
  range,
  type Recipe,
  recipeOf,
  tasksOf,
  type Tensors,
} from './recipes.ts';

export interface ArchitectureFile {
  readonly architecture: string;
  readonly cases: readonly ArchitectureCase[];
}

/** How far one value of a case is off. */
export interface Comparison {
  readonly what: string;
  readonly error: number;
  readonly allowed: number;
}

export interface Verdict {
  readonly id: string;
  readonly passed: boolean;
  readonly comparisons: readonly Comparison[];
}

/** Compares every case of a file with what the project computes, on the active tfjs backend. */
export async function checkArchitectures(file: ArchitectureFile): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const one of file.cases) verdicts.push(await checkCase(file.architecture, one));
  return verdicts;
}

async function checkCase(architecture: string, one: ArchitectureCase): Promise<Verdict> {
  const recipe = recipeOf(architecture, one);
  const plan = planOf(one, recipe);
  const model = buildModel(plan, { seed: 1, conventions: 'tf' });
  try {
    setWeights(model, one, recipe);
    setStep(model, one);
    const comparisons = await compare(model, one, recipe);
    return { id: one.id, passed: comparisons.every(({ error, allowed }) => error <= allowed), comparisons };
  } finally {
    model.dispose();
  }
}

// ---- plan and model ------------------------------------------------------------------------------------------

function planOf(one: ArchitectureCase, { sharing, stages, taskLayers, override }: Recipe): Plan {
  const { config } = one;
  const columns = (count: number, letter: string): string[] => range(count).map((index) => `${letter}${String(index)}`);
  const text = JSON.stringify({
    data: { source: 'table.csv', inputs: { x: { type: 'number', from: columns(config.in, 'x') } } },
    network: { [block]: { input: 'x', stages, sharing } },
    tasks: Object.fromEntries(
      tasksOf(one).map((task, index) => [
        task,
        {
          type: 'regression',
          target: columns(config.outputs[index] ?? 1, `${task}y`),
          input: block,
          layers: taskLayers,
        },
      ]),
    ),
  });
  const { spec, tree, problems } = readSpec(text);
  const planning = spec && makePlan(spec, tree);
  const errors = [...problems, ...(planning?.problems ?? [])].filter(({ severity }) => severity === 'error');
  if (!planning?.plan || errors.length > 0) throw new Error(errors.map(({ message }) => message.en).join(' '));
  const { plan } = planning;
  const planned = plan.blocks.get(block);
  if (!override || !planned) return plan;
  const outcome = override(sharedBlock(one, planned.inputShape, sharing, stages));
  if (!('sharing' in outcome)) throw new Error(outcome.message.en);
  return { ...plan, blocks: new Map([[block, { ...planned, sharing: outcome.sharing }]]) };
}

function sharedBlock(
  one: ArchitectureCase,
  shape: readonly (number | null)[],
  sharing: object,
  stages: readonly (readonly object[])[],
): SharedBlock {
  return {
    name: block,
    sharing: { gamma: 1, ...sharing } as unknown as SharedBlock['sharing'],
    stages: stages.map((stage) => stage.map((spec) => ({ spec: spec as LayerSpec, pointer: '' }))),
    input: { shape },
    consumers: tasksOf(one).map((name) => ({ key: `task:${name}`, id: `task:${name}`, name, tasks: [name] })),
    tasks: tasksOf(one),
  };
}

function setWeights(model: Model, one: ArchitectureCase, { places }: Recipe): void {
  const byPath = new Map(places.map((place) => [place.path, place] as const));
  for (const { path, variable } of model.variables) {
    const place = byPath.get(path);
    if (place === undefined) throw new Error(`${one.id}: nothing in the file belongs to "${path}".`);
    byPath.delete(path);
    tf.tidy(() => variable.assign(tf.reshape(valueAt(one.params, place), variable.shape)));
  }
  const [left] = byPath.keys();
  if (left !== undefined) throw new Error(`${one.id}: the model has no "${left}".`);
}

function valueAt(tensors: Tensors, { name, at = [], transposed = false }: Place): tf.Tensor {
  let value: Numbers | undefined = tensors[name];
  for (const index of at) value = typeof value === 'object' ? value[index] : undefined;
  if (value === undefined) throw new Error(`The file has no "${name}".`);
  const tensor = tf.tensor(value);
  return transposed ? tf.transpose(tensor) : tensor;
}

/** Epoch and noise of learned branching. */
function setStep(model: Model, { config, intermediate }: ArchitectureCase): void {
  if (config['epochs'] === undefined) return;
  model.setSchedule(1, Number(config['epochs']));
  model.setStep(Number(config['epoch']));
  const noise = intermediate?.['gumbel_noise'] as number[][][] | undefined;
  for (const one of model.network.layers) {
    if (!(one instanceof BranchChoice) || noise === undefined) continue;
    const [, stage, task] = /choices\.(\d+)\.task_3a_t(\d+)\./.exec(one.name) ?? [];
    const values = noise[Number(stage) + 1]?.[Number(task)];
    if (values === undefined) throw new Error(`The file has no noise for ${one.name}.`);
    one.noise = () => Float32Array.from(values);
  }
}

// ---- comparing -----------------------------------------------------------------------------------------------

async function compare(model: Model, one: ArchitectureCase, recipe: Recipe): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  const check = async (what: string, tensor: tf.Tensor, expected: Numbers, rtol: number): Promise<void> => {
    comparisons.push(difference(what, await tensor.data(), flat(expected), rtol));
  };
  const input = tf.variable(tf.tensor2d(one.input as number[][]));
  const outputs = model.forward([input], true);
  for (const [index, task] of tasksOf(one).entries()) {
    await check(`output ${task}`, outputs[index] as tf.Tensor, one.outputs[task] ?? [], 1e-4);
  }
  for (const [layerPath, gate] of Object.entries(recipe.gates ?? {})) {
    const expected = one.gates?.[gate];
    if (expected === undefined) throw new Error(`${one.id}: the file has no gate "${gate}".`);
    const part = tfl.model({
      inputs: model.network.inputs,
      outputs: model.network.getLayer(layerName(layerPath)).output,
    });
    await check(`gate ${gate}`, part.apply(input) as tf.Tensor, expected, 1e-4);
  }
  const gradients = gradientsOf(model, input, () => model.forward([input], true));
  await check('gradient of the input', gradients.get('input') ?? tf.scalar(NaN), one.grads['input'] ?? [], 1e-3);
  for (const place of recipe.places) {
    const gradient = gradients.get(place.path) ?? tf.zerosLike(valueAt(one.params, place));
    const expected = Array.from(await valueAt(one.grads, place).data());
    await check(`gradient of ${place.path}`, tf.reshape(gradient, [-1]), expected, 1e-3);
  }
  if (one.regulariser) await checkRegularizer(model, input, one, recipe, check);
  tf.dispose([input, ...outputs, ...gradients.values()]);
  return comparisons;
}

/** LibMTL leaves the penalty's gradient of the last task alone. */
async function checkRegularizer(
  model: Model,
  input: tf.Variable,
  one: ArchitectureCase,
  recipe: Recipe,
  check: (what: string, tensor: tf.Tensor, expected: Numbers, rtol: number) => Promise<void>,
): Promise<void> {
  const { regulariser } = one;
  if (!regulariser) return;
  const penaltiesOf = (): tf.Tensor[] => {
    const penalties = model.collectPenalties(() => model.forward([input], true));
    return penalties.slice(-1).map(({ value }) => value);
  };
  const [penalty] = penaltiesOf();
  await check('penalty', penalty ?? tf.scalar(NaN), regulariser.value, 1e-4);
  const gradients = gradientsOf(model, input, penaltiesOf);
  for (const place of recipe.places.filter(({ name }) => regulariser.grads[name] !== undefined)) {
    const expected = Array.from(await valueAt(regulariser.grads, place).data());
    await check(`penalty's gradient of ${place.path}`, gradients.get(place.path) ?? tf.scalar(NaN), expected, 1e-3);
  }
}

/** Gradients of the sum of all values, by path; the input's under `input`. */
function gradientsOf(model: Model, input: tf.Variable, values: () => tf.Tensor[]): Map<string, tf.Tensor> {
  const trainable = model.variables.filter((variable) => variable.trainable);
  const { grads } = tf.variableGrads(
    () => tf.addN<tf.Scalar>(values().map((value) => tf.sum(value))),
    [input, ...trainable.map(({ variable }) => variable)],
  );
  const found = new Map<string, tf.Tensor>();
  const take = (path: string, variable: tf.Variable): void => {
    const gradient = grads[variable.name];
    if (gradient) found.set(path, gradient);
  };
  take('input', input);
  for (const { path, variable } of trainable) take(path, variable);
  return found;
}

/** The README's rule: max|x − expected| ≤ max(1e-5, rtol · max|expected|). */
function difference(what: string, values: ArrayLike<number>, expected: readonly number[], rtol: number): Comparison {
  const largest = Math.max(...expected.map(Math.abs));
  const error =
    values.length === expected.length
      ? Math.max(...expected.map((value, index) => Math.abs(value - (values[index] ?? NaN))))
      : Infinity;
  return { what, error: Number.isNaN(error) ? Infinity : error, allowed: Math.max(1e-5, rtol * largest) };
}

function flat(value: Numbers): readonly number[] {
  return typeof value === 'number' ? [value] : value.flatMap(flat);
}
