/**
 * The layers a model can be built from: one row each, spec arguments → tf.layers object. All start from zeros, since
 * first values are drawn by `initialize.ts`. To add a layer, write its function and add its row; its shape is in src/plan/layers.
 */
import { booleanOf, numberOf, sizesOf, textOf, valueOf } from '../../plan/layers/arguments.ts';
import type { PlanLayer } from '../../plan/plan.ts';
import type { AvailableLayer, LayerType } from '../../spec/index.ts';
import { tfl } from '../../engine/tfjs.ts';
import { BatchNormalization } from './batch-normalization.ts';
import type { StepContext } from './context.ts';
import { inSteps } from './dilated-convolution.ts';
import type { Conventions } from './initialize.ts';
import { KeyedDropout } from './stand-in-layers.ts';

/** A layer to make: the plan's, and what the model decides. */
export interface NewLayer {
  readonly plan: PlanLayer;
  readonly name: string;
  /** False in a block with `trainable: false`. */
  readonly trainable: boolean;
  readonly conventions: Conventions;
  readonly context: StepContext;
}

type MakeLayer = (layer: NewLayer) => tfl.layers.Layer;

type Activation = NonNullable<Parameters<typeof tfl.layers.activation>[0]>['activation'];
type Padding = 'valid' | 'same';

const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;

interface BatchNormalizationConstants {
  readonly momentum: number;
  readonly epsilon: number;
  readonly debias: boolean;
}

/** Batch-norm constants of either world (conventions 1.9); momentum in tf's sense, the share of the old value kept. */
const batchNormalizationDefaults: Readonly<Record<Conventions, BatchNormalizationConstants>> = {
  tf: { momentum: 0.99, epsilon: 1e-3, debias: true },
  pytorch: { momentum: 0.9, epsilon: 1e-5, debias: false },
};

const dense: MakeLayer = ({ plan: { spec }, ...rest }) =>
  tfl.layers.dense({
    ...common(rest),
    ...zeros,
    units: numberOf(spec, 'units', 1),
    activation: activationOf(spec),
    useBias: booleanOf(spec, 'useBias', true),
  });

const conv2d: MakeLayer = ({ plan: { spec }, ...rest }) => {
  const dilationRate = pair(spec, 'dilationRate', 1);
  const layer = tfl.layers.conv2d({
    ...common(rest),
    ...zeros,
    filters: numberOf(spec, 'filters', 1),
    kernelSize: pair(spec, 'kernelSize', 1),
    strides: pair(spec, 'strides', 1),
    dilationRate,
    padding: paddingOf(spec),
    activation: activationOf(spec),
    useBias: booleanOf(spec, 'useBias', true),
  });
  return dilationRate.every((rate) => rate === 1) ? layer : inSteps(layer);
};

const maxPooling2d: MakeLayer = ({ plan: { spec }, name }) => tfl.layers.maxPooling2d({ name, ...pooling(spec) });

const averagePooling2d: MakeLayer = ({ plan: { spec }, name }) =>
  tfl.layers.averagePooling2d({ name, ...pooling(spec) });

const globalAveragePooling2d: MakeLayer = ({ name }) =>
  tfl.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' });

const globalMaxPooling2d: MakeLayer = ({ name }) => tfl.layers.globalMaxPooling2d({ name, dataFormat: 'channelsLast' });

const flatten: MakeLayer = ({ name }) => tfl.layers.flatten({ name });

const activation: MakeLayer = ({ plan: { spec }, name }) =>
  tfl.layers.activation({ name, activation: activationOf(spec) });

const dropout: MakeLayer = ({ plan, name, context }) =>
  new KeyedDropout({ name, rate: numberOf(plan.spec, 'rate', 0), path: plan.path, context });

const batchNormalization: MakeLayer = ({ plan: { spec }, name, trainable, conventions, context }) => {
  const { momentum, epsilon, debias } = batchNormalizationDefaults[conventions];
  return new BatchNormalization({
    name,
    trainable,
    context,
    momentum: numberOf(spec, 'momentum', momentum),
    epsilon: numberOf(spec, 'epsilon', epsilon),
    center: booleanOf(spec, 'center', true),
    scale: booleanOf(spec, 'scale', true),
    unbiased: conventions === 'pytorch',
    debias: booleanOf(spec, 'debias', debias),
  });
};

const embedding: MakeLayer = ({ plan: { spec, weights }, ...rest }) =>
  tfl.layers.embedding({
    ...common(rest),
    inputDim: weights[0]?.shape[0] ?? numberOf(spec, 'inputDim', 0),
    outputDim: numberOf(spec, 'outputDim', 1),
    embeddingsInitializer: 'zeros',
  });

const makers: { readonly [Type in AvailableLayer]: MakeLayer } = {
  dense,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  flatten,
  activation,
  dropout,
  batchNormalization,
  embedding,
};

/** Names of the layer types that can be trained. */
export const layerTypes: readonly string[] = Object.keys(makers);

/**
 * The tf.layers object of a plan's layer, not yet applied.
 *
 * @throws Error for a type without a row: the plan marks those `not-available` and no such spec gets here
 */
export function makeLayer(layer: NewLayer): tfl.layers.Layer {
  const { type } = layer.plan.spec;
  if (!isAvailable(type)) throw new Error(`Layer "${type}" (${layer.plan.pointer}) cannot be trained by this version.`);
  return makers[type](layer);
}

function isAvailable(type: LayerType): type is AvailableLayer {
  return Object.hasOwn(makers, type);
}

function common({ name, trainable }: { name: string; trainable: boolean }): { name: string; trainable: boolean } {
  return { name, trainable };
}

function activationOf(spec: PlanLayer['spec']): Activation {
  return textOf(spec, 'activation', 'linear') as Activation;
}

function paddingOf(spec: PlanLayer['spec']): Padding {
  return textOf(spec, 'padding', 'valid') === 'same' ? 'same' : 'valid';
}

function pair(spec: PlanLayer['spec'], name: string, otherwise: number | readonly number[]): [number, number] {
  const [height = 1, width = 1] = sizesOf(spec, name, 2, otherwise);
  return [height, width];
}

function pooling(spec: PlanLayer['spec']): { poolSize: [number, number]; strides: [number, number]; padding: Padding } {
  const poolSize = pair(spec, 'poolSize', 2);
  const strides = valueOf(spec, 'strides') === undefined ? poolSize : pair(spec, 'strides', 2);
  return { poolSize, strides, padding: paddingOf(spec) };
}
