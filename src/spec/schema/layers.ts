/** The table of layers: tf.layers names and arguments, and three of ours. One entry a layer. */
import { maxLayers } from '../reading/limits.ts';
import type { TSchema } from 'typebox';
import { list, tagged } from './build.ts';
import type { StaticOf } from './build.ts';
import { convolutionLayers } from './layers-convolution.ts';
import { coreLayers } from './layers-core.ts';
import { attentionLayers, recurrentLayers, residualLayer } from './layers-sequence.ts';

export interface ResidualLayer {
  readonly type: 'residual';
  readonly layers: readonly LayerSpec[];
  readonly name?: string;
}

const plain = { ...coreLayers, ...convolutionLayers, ...recurrentLayers, ...attentionLayers };

export type LayerSpec = StaticOf<typeof plain> | ResidualLayer;

export const layers = { ...plain, residual: residualLayer<LayerSpec>((): TSchema => layerList) };

export const layer = tagged(
  'type',
  layers,
  'One layer: `type` and the arguments of tf.layers.',
  '一层：`type` 及 tf.layers 的参数。',
);

export type LayerType = LayerSpec['type'];

export const layerList = list(layer, 'Layers, applied one after the other.', '依次作用的各层。', {
  fallback: [],
  maxItems: maxLayers,
});
