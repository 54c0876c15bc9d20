/**
 * Runs a case of `reference/architectures` through spec → plan → model: forward values, gates and gradients. The spec is
 * what a user would write; only what the language keeps equal for all tasks and LibMTL does not (numbers of experts,
 * the codes of DSelect-k's experts) is put into the plan by hand.
 */
import { makePlan } from '../../src/plan/index.ts';
import { cgc } from '../../src/plan/sharing/cgc.ts';
import { dselectK } from '../../src/plan/sharing/dselect-k.ts';
import { ple } from '../../src/plan/sharing/ple.ts';
import type { SharedBlock, SharingOf, SharingOutcome } from '../../src/plan/sharing/types.ts';
import type { Plan } from '../../src/plan/types.ts';
import { type LayerSpec, readSpec } from '../../src/spec/index.ts';
import { tf, tfl } from '../../src/trainer/engine/tfjs.ts';
import { buildModel, type Model } from '../../src/trainer/model/build.ts';
import { layerName } from '../../src/trainer/model/names.ts';
import { BranchChoice } from '../../src/trainer/model/sharing/choice.ts';

export type Numbers = number | readonly Numbers[];
type Tensors = Readonly<Record<string, Numbers>>;

export interface ArchitectureCase {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>> & {
    readonly in: number;
    readonly hidden: number;
    readonly outputs: readonly number[];
  };
  readonly input: Numbers;
  readonly params: Tensors;
  readonly gates?: Tensors;
  readonly intermediate?: Tensors;
  readonly regulariser?: { readonly value: number; readonly grads: Tensors };
  readonly outputs: Tensors;
  readonly grads: Tensors;
}

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

/** One weight of ours and the place of its numbers in the file. */
interface Place {
  readonly path: string;
  readonly name: string;
  /** Indices into the file's tensor, e.g. a row of a cross-stitch unit. */
  readonly at?: readonly number[];
  /** Linear layers are [out, in] there and [in, out] here. */
  readonly transposed?: boolean;
}

interface Recipe {
  readonly sharing: Readonly<Record<string, unknown>>;
  readonly stages: readonly (readonly object[])[];
  readonly taskLayers: readonly object[];
  readonly places: readonly Place[];
  /** Layer of ours → name of a gate in the file. */
  readonly gates?: Readonly<Record<string, string>>;
  readonly override?: (block: SharedBlock) => SharingOutcome;
}

const block = 'b';

/** Compares every case of a file with what the project computes, on the active tfjs backend. */
export async function checkArchitectures(file: ArchitectureFile): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const one of file.cases) verdicts.push(await checkCase(file.architecture, one));
  return verdicts;
}

async function checkCase(architecture: string, one: ArchitectureCase): Promise<Verdict> {
  const make = recipes[architecture.toLowerCase().replaceAll('_', '-')];
  if (make === undefined) throw new Error(`No recipe for architecture "${architecture}".`);
  const recipe = make(one);
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

// ---- the network ---------------------------------------------------------------------------------------------

function layer(units: number): object {
  return { type: 'dense', units, activation: 'tanh' };
}

function tasksOf({ config }: ArchitectureCase): readonly string[] {
  return config.outputs.map((_, index) => `t${String(index)}`);
}

function heads(one: ArchitectureCase): readonly Place[] {
  return tasksOf(one).flatMap((task) => linear(`tasks/${task}/head`, `decoders.${task}`));
}

function linear(path: string, name: string): readonly Place[] {
  return [
    { path: `${path}/kernel`, name: `${name}.weight`, transposed: true },
    { path: `${path}/bias`, name: `${name}.bias` },
  ];
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

type MakeRecipe = (one: ArchitectureCase) => Recipe;

const recipes: Readonly<Record<string, MakeRecipe>> = {
  hps: (one) => ({
    sharing: { type: 'hard' },
    stages: [[layer(one.config.hidden)]],
    taskLayers: [],
    places: [...linear(`${block}/0`, 'encoder.lin'), ...heads(one)],
  }),
  mmoe: (one) => {
    const experts = Number(one.config['num_experts']);
    return {
      sharing: { type: 'mmoe', experts },
      stages: [[layer(one.config.hidden)]],
      taskLayers: [],
      places: [...sharedExperts(experts), ...gatePlaces(one), ...heads(one)],
      gates: gateNames(one),
    };
  },
  cgc: (one) => {
    const [shared = 1, ...own] = one.config['num_experts'] as number[];
    return {
      sharing: { type: 'cgc', sharedExperts: shared, taskExperts: 1 },
      stages: [[layer(one.config.hidden)]],
      taskLayers: [],
      places: [
        ...sharedExperts(shared),
        ...tasksOf(one).flatMap((task, index) =>
          range(own[index] ?? 0).flatMap((expert) =>
            linear(
              `${block}/experts/task:${task}/${String(expert)}/0`,
              `experts_specific.${task}.${String(expert)}.lin`,
            ),
          ),
        ),
        ...gatePlaces(one),
        ...heads(one),
      ],
      gates: gateNames(one),
      override: (given) => cgc(given as SharedBlock<SharingOf<'cgc'>>, own),
    };
  },
  ple: (one) => (one.id.includes('/paper/') ? plePaper(one) : pleLibrary(one)),
  'cross-stitch': (one) => ({
    sharing: { type: 'cross-stitch' },
    stages: [[layer(one.config.hidden), layer(one.config.hidden)], [layer(one.config.hidden)], [layer(one.config.hidden)]],
    taskLayers: [layer(one.config.hidden)],
    places: [
      ...tasksOf(one).flatMap((task, index) => [
        ...linear(`${block}/columns/task:${task}/0/0`, `encoder.resnet_conv.${task}.0`),
        ...linear(`${block}/columns/task:${task}/0/1`, `encoder.resnet_layer.0.${String(index)}.0`),
        ...linear(`${block}/columns/task:${task}/1/0`, `encoder.resnet_layer.1.${String(index)}.0`),
        ...linear(`${block}/columns/task:${task}/2/0`, `encoder.resnet_layer.2.${String(index)}.0`),
        ...linear(`tasks/${task}/0`, `encoder.resnet_layer.3.${String(index)}.0`),
        ...range(3).map((stage) => ({
          path: `${block}/units/${String(stage)}/task:${task}/kernel`,
          name: 'encoder.cross_unit',
          at: [stage, index],
        })),
      ]),
      ...heads(one),
    ],
  }),
  ltb: (one) => ({
    sharing: { type: 'branch' },
    stages: range(4).map(() => [layer(one.config.hidden)]),
    taskLayers: [layer(one.config.hidden)],
    places: [
      ...tasksOf(one).flatMap((task, index) => [
        ...linear(`${block}/columns/task:${task}/0/0`, `encoder.resnet_conv.${task}.0`),
        ...range(4).flatMap((stage) =>
          linear(
            stage < 3 ? `${block}/columns/task:${task}/${String(stage + 1)}/0` : `tasks/${task}/0`,
            `encoder.resnet_layer.${String(stage)}.${String(index)}.0`,
          ),
        ),
        ...range(4).map((stage) => ({
          path: `${block}/choices/${String(stage)}/task:${task}/alpha`,
          name: 'encoder.alpha',
          at: [stage + 1, index],
        })),
      ]),
      ...heads(one),
    ],
  }),
  mtan: (one) => {
    const blocks = range(Number(one.config['blocks']));
    return {
      sharing: { type: 'mtan' },
      stages: blocks.map(() => [layer(one.config.hidden), layer(one.config.hidden)]),
      taskLayers: [],
      places: [
        ...blocks.flatMap((stage) => {
          const j = String(stage);
          return [
            ...linear(`${block}/trunk/${j}/u/0`, `block${j}.u`),
            ...linear(`${block}/trunk/${j}/p/0`, `block${j}.p`),
            ...(stage === 0 ? [] : linear(`${block}/convolutions/${j}/0`, `block${j}.f`)),
            ...tasksOf(one).flatMap((task) => [
              ...linear(`${block}/masks/${j}/task:${task}/0`, `block${j}.att.${task}.g`),
              ...linear(`${block}/masks/${j}/task:${task}/1`, `block${j}.att.${task}.h`),
            ]),
          ];
        }),
        ...heads(one),
      ],
      gates: Object.fromEntries(
        blocks.flatMap((stage) =>
          tasksOf(one).map((task) => [
            `${block}/masks/${String(stage)}/task:${task}/1`,
            `mask_block${String(stage)}_${task}`,
          ]),
        ),
      ),
    };
  },
  'dselect-k': (one) => {
    const experts = Number(one.config['num_experts']);
    const codes = one.config['binary_codes'] as number[][];
    return {
      sharing: { type: 'dselect-k', experts, selected: Number(one.config['num_nonzeros']), entropy: 1e-6 },
      stages: [[layer(one.config.hidden)]],
      taskLayers: [],
      places: [
        ...sharedExperts(experts),
        ...tasksOf(one).flatMap((task): readonly Place[] =>
          (['z', 'w'] as const).flatMap((letter): readonly Place[] => [
            {
              path: `${block}/gates/task:${task}/${letter}_kernel`,
              name: `_${letter}_logits.${task}.weight`,
              transposed: true,
            },
            { path: `${block}/gates/task:${task}/${letter}_bias`, name: `_${letter}_logits.${task}.bias` },
          ]),
        ),
        ...heads(one),
      ],
      gates: Object.fromEntries(tasksOf(one).map((task) => [`${block}/gates/task:${task}/gate`, task])),
      override: (given) => dselectK(given as SharedBlock<SharingOf<'dselect-k'>>, codes),
    };
  },
};

function sharedExperts(count: number): readonly Place[] {
  return range(count).flatMap((index) =>
    linear(`${block}/experts/${String(index)}/0`, `experts_shared.${String(index)}.lin`),
  );
}

function gatePlaces(one: ArchitectureCase): readonly Place[] {
  return tasksOf(one).flatMap((task) => linear(`${block}/gates/task:${task}/0`, `gate_specific.${task}.0`));
}

function gateNames(one: ArchitectureCase): Readonly<Record<string, string>> {
  return Object.fromEntries(tasksOf(one).map((task) => [`${block}/gates/task:${task}/0`, task]));
}

function plePaper(one: ArchitectureCase): Recipe {
  const levels = range(Number(one.config['levels']));
  const [shared, own] = [Number(one.config['shared_experts']), Number(one.config['experts_per_task'])];
  const last = levels.length - 1;
  return {
    sharing: { type: 'ple', sharedExperts: shared, taskExperts: own },
    stages: levels.map(() => [layer(one.config.hidden)]),
    taskLayers: [],
    places: [
      ...levels.flatMap((level) => {
        const [ours, theirs] = [`${block}/levels/${String(level)}`, `level${String(level)}`];
        // The last level's shared stream goes nowhere, so there is no gate for it.
        const gate = level === last ? [] : linear(`${ours}/gates/shared/0`, `${theirs}.gate.shared`);
        return [
          ...range(shared).flatMap((index) =>
            linear(`${ours}/experts/${String(index)}/0`, `${theirs}.shared.${String(index)}`),
          ),
          ...tasksOf(one).flatMap((task) => [
            ...range(own).flatMap((index) =>
              linear(`${ours}/experts/task:${task}/${String(index)}/0`, `${theirs}.${task}.${String(index)}`),
            ),
            ...linear(`${ours}/gates/task:${task}/0`, `${theirs}.gate.${task}`),
          ]),
          ...gate,
        ];
      }),
      ...heads(one),
    ],
    gates: levelGates(one, levels, last),
  };
}

function levelGates(one: ArchitectureCase, levels: readonly number[], last: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    levels.flatMap((level) => [
      ...tasksOf(one).map((task) => [
        `${block}/levels/${String(level)}/gates/task:${task}/0`,
        `level${String(level)}_${task}`,
      ]),
      ...(level < last
        ? [[`${block}/levels/${String(level)}/gates/shared/0`, `level${String(level)}_shared`]]
        : []),
    ]),
  );
}

function pleLibrary(one: ArchitectureCase): Recipe {
  const levels = range(Number(one.config['levels']));
  const [shared = 1, ...own] = one.config['num_experts'] as number[];
  return {
    sharing: { type: 'ple', sharedExperts: shared, taskExperts: 1, sharedGate: false },
    stages: levels.map(() => [layer(one.config.hidden)]),
    taskLayers: [],
    places: [
      ...levels.flatMap((level) => {
        const [ours, at] = [`${block}/levels/${String(level)}`, String(level)];
        return [
          ...range(shared).flatMap((index) =>
            linear(`${ours}/experts/${String(index)}/0`, `encoder.shared_layer.${at}.${String(index)}.0`),
          ),
          ...tasksOf(one).flatMap((task, place) => [
            ...range(own[place] ?? 0).flatMap((index) =>
              linear(
                `${ours}/experts/task:${task}/${String(index)}/0`,
                `encoder.specific_layer.${at}.${task}.${String(index)}.0`,
              ),
            ),
            ...linear(`${ours}/gates/task:${task}/0`, `encoder.gate_specific.${task}.${at}.0`),
          ]),
        ];
      }),
      ...heads(one),
    ],
    gates: levelGates(one, levels, 0),
    override: (given) => ple(given as SharedBlock<SharingOf<'ple'>>, own),
  };
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
  let value = tensors[name];
  for (const index of at) value = Array.isArray(value) ? (value as readonly Numbers[])[index] : undefined;
  if (value === undefined) throw new Error(`The file has no "${name}".`);
  const tensor = tf.tensor(value as number[]);
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
    const expected = await valueAt(one.grads, place).array();
    await check(`gradient of ${place.path}`, tf.reshape(gradient, [-1]), expected, 1e-3);
  }
  if (one.regulariser) await checkRegulariser(model, input, one, recipe, check);
  tf.dispose([input, ...outputs, ...gradients.values()]);
  return comparisons;
}

/** LibMTL leaves the penalty's gradient of the last task alone. */
async function checkRegulariser(
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
    return penalties.slice(-1);
  };
  const [penalty] = penaltiesOf();
  await check('penalty', penalty ?? tf.scalar(NaN), regulariser.value, 1e-4);
  const gradients = gradientsOf(model, input, penaltiesOf);
  for (const place of recipe.places.filter(({ name }) => regulariser.grads[name] !== undefined)) {
    const expected = await valueAt(regulariser.grads, place).array();
    await check(`penalty's gradient of ${place.path}`, gradients.get(place.path) ?? tf.scalar(NaN), expected, 1e-3);
  }
}

/** Gradients of the sum of all values, by path; the input's under `input`. */
function gradientsOf(model: Model, input: tf.Variable, values: () => tf.Tensor[]): Map<string, tf.Tensor> {
  const trainable = model.variables.filter((variable) => variable.trainable);
  const { grads } = tf.variableGrads(
    () => tf.addN(values().map((value) => tf.sum(value))) as tf.Scalar,
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
