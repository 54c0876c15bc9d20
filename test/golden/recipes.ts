/** For each architecture of the reference vectors: the spec that means the same network, and where its numbers belong. */
import { cgc } from '../../src/plan/sharing/cgc.ts';
import { dselectK } from '../../src/plan/sharing/dselect-k.ts';
import { ple } from '../../src/plan/sharing/ple.ts';
import type { SharedBlock, SharingOf, SharingOutcome } from '../../src/plan/sharing/contract.ts';

export type Numbers = number | readonly Numbers[];
export type Tensors = Readonly<Record<string, Numbers>>;

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

/** One weight of ours and the place of its numbers in the file. */
export interface Place {
  readonly path: string;
  readonly name: string;
  /** Indices into the file's tensor, e.g. a row of a cross-stitch unit. */
  readonly at?: readonly number[];
  /** Linear layers are [out, in] there and [in, out] here. */
  readonly transposed?: boolean;
}

export interface Recipe {
  readonly sharing: Readonly<Record<string, unknown>>;
  readonly stages: readonly (readonly object[])[];
  readonly taskLayers: readonly object[];
  readonly places: readonly Place[];
  /** Layer of ours → name of a gate in the file. */
  readonly gates?: Readonly<Record<string, string>>;
  readonly override?: (block: SharedBlock) => SharingOutcome;
}

/** Name of the shared block. */
export const block = 'b';


function layer(units: number): object {
  return { type: 'dense', units, activation: 'tanh' };
}

export function tasksOf({ config }: ArchitectureCase): readonly string[] {
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

export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The network of a case and where its numbers belong. */
export function recipeOf(architecture: string, one: ArchitectureCase): Recipe {
  const make = recipes[architecture.toLowerCase().replaceAll('_', '-')];
  if (make === undefined) throw new Error(`No recipe for architecture "${architecture}".`);
  return make(one);
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
    levels.flatMap((level): readonly (readonly [string, string])[] => [
      ...tasksOf(one).map((task): readonly [string, string] => [
        `${block}/levels/${String(level)}/gates/task:${task}/0`,
        `level${String(level)}_${task}`,
      ]),
      ...(level < last
        ? [[`${block}/levels/${String(level)}/gates/shared/0`, `level${String(level)}_shared`] as const]
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

