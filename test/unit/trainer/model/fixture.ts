/** Plans for the tests of this folder, written by hand: what the plan room would make of small specs. */
import type { LayerSpec, Spec } from '../../../../src/spec/index.ts';
import type { Plan, PlanBlock, PlanInput, PlanLayer, PlanSource, PlanTask } from '../../../../src/plan/plan.ts';
import { resolvedLoss, trainedLosses } from '../resolved.ts';

/** A layer as written in a spec, defaults left out. */
export type LooseLayer = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface LooseBlock {
  readonly input: readonly string[];
  readonly layers: readonly LooseLayer[];
  readonly trainable?: boolean;
}

export interface LooseTask {
  readonly type: 'classification' | 'regression' | 'box';
  readonly input: readonly string[];
  readonly units: number;
  readonly layers?: readonly LooseLayer[];
  readonly stopGradient?: boolean;
  readonly loss?: unknown;
  readonly metrics?: readonly string[];
  readonly format?: string;
  readonly scale?: string;
}

export interface LoosePlan {
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype?: 'int32' }>>;
  readonly blocks: Readonly<Record<string, LooseBlock>>;
  readonly tasks: Readonly<Record<string, LooseTask>>;
}

function layer(path: string, spec: LooseLayer): PlanLayer {
  const parameters = spec.type === 'embedding' ? Number(spec['inputDim']) * Number(spec['outputDim']) : null;
  return {
    pointer: `/${path}`,
    path,
    spec: spec as unknown as LayerSpec,
    inputShape: [],
    outputShape: [],
    parameters,
    trainable: parameters,
    weights: [],
  };
}

/** Sources by name: `task:x`, a block, or an input. */
function sources(plan: LoosePlan, names: readonly string[], stopGradient = false): readonly PlanSource[] {
  return names.map((name) => {
    if (name.startsWith('task:')) return { kind: 'task', name: name.slice(5), stopGradient };
    return { kind: name in plan.blocks ? 'block' : 'input', name };
  });
}

/** The loss as a resolved spec has it. */
function lossOf({ type, loss }: LooseTask): unknown {
  const [usual] = trainedLosses.filter(({ task }) => task === type);
  // Of a type that cannot be trained.
  if (usual === undefined) return loss;
  const { type: name = usual.name, ...parameters } = (typeof loss === 'string' ? { type: loss } : (loss ?? {})) as {
    readonly type?: string;
  };
  return resolvedLoss(type, name, parameters);
}

export function planTask(name: string, task: LooseTask, plan?: LoosePlan): PlanTask {
  return {
    name,
    pointer: `/tasks/${name}`,
    spec: {
      ...{ format: 'xyxy', scale: 'unit', ...task, loss: lossOf(task) },
      metrics: (task.metrics ?? []).map((type) => ({ type, ...(type === 'topK' && { k: 5 }) })),
    } as unknown as PlanTask['spec'],
    sources: plan ? sources(plan, task.input, task.stopGradient) : [],
    inputShape: [],
    layers: (task.layers ?? []).map((spec, index) => layer(`tasks/${name}/${String(index)}`, spec)),
    head: layer(`tasks/${name}/head`, { type: 'dense', units: task.units }),
    outputShape: [task.units],
    targetColumns: [],
    tasks: [],
    weight: 1,
    parameters: null,
    metrics: task.metrics ?? [],
  };
}

export function planOf(loose: LoosePlan): Plan {
  const inputs = new Map<string, PlanInput>();
  for (const [name, { shape, dtype = 'float32' }] of Object.entries(loose.inputs)) {
    inputs.set(name, {
      name,
      spec: {} as PlanInput['spec'],
      pointer: `/data/inputs/${name}`,
      columns: [],
      shape,
      dtype,
      consumers: [],
    });
  }
  const blocks = new Map<string, PlanBlock>();
  for (const [name, block] of Object.entries(loose.blocks)) {
    blocks.set(name, {
      name,
      pointer: `/network/${name}`,
      sources: sources(loose, block.input),
      inputShape: [],
      layers: block.layers.map((spec, index) => layer(`${name}/${String(index)}`, spec)),
      outputShape: [],
      parameters: null,
      trainable: null,
      consumers: [],
      tasks: [],
      shared: false,
    });
  }
  const tasks = new Map(Object.entries(loose.tasks).map(([name, task]) => [name, planTask(name, task, loose)]));
  const network = new Map(Object.entries(loose.blocks).map(([name, { trainable = true }]) => [name, { trainable }]));
  return {
    spec: { network, training: { learningRate: 0.001 } } as unknown as Spec,
    inputs,
    blocks,
    tasks,
    order: [
      ...[...blocks.keys()].map((name) => ({ kind: 'block' as const, name })),
      ...[...tasks.keys()].map((name) => ({ kind: 'task' as const, name })),
    ],
    parameters: { total: null, shared: null, byTask: new Map() },
  };
}

/** The article's network on 8×8 images, with a batch norm, a dropout and a pooling to have them tried. */
export const article: LoosePlan = {
  inputs: { image: { shape: [8, 8, 1] } },
  blocks: {
    特征提取: {
      input: ['image'],
      layers: [
        { type: 'conv2d', filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' },
        { type: 'batchNormalization' },
        { type: 'maxPooling2d' },
        { type: 'flatten' },
        { type: 'dropout', rate: 0.5 },
        { type: 'dense', units: 6, activation: 'tanh' },
      ],
    },
  },
  tasks: {
    分类: { type: 'classification', input: ['特征提取'], units: 3 },
    回归: {
      type: 'regression',
      input: ['特征提取'],
      units: 2,
      layers: [{ type: 'dense', units: 4, activation: 'relu' }],
    },
    检测: { type: 'box', input: ['特征提取'], units: 4 },
  },
};
