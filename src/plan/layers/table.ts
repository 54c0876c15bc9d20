/**
 * The layers a block may hold: one row each. To add one, write its rule in this folder and add its row.
 */
import type { LayerSpec, LayerType } from '../../spec/index.ts';
import { conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d, upSampling2d } from './convolution.ts';
import { activation, dense, dropout, embedding, flatten, reshape, spatialDropout1d } from './core.ts';
import { multiHeadAttention, positionalEncoding, residual } from './attention.ts';
import { axesMistake } from './axes.ts';
import { batchNormalization, layerNormalization } from './normalization.ts';
import { globalPooling1d, globalPooling2d, pooling1d, pooling2d } from './pooling.ts';
import { bidirectional, gru, lstm, simpleRNN } from './recurrent.ts';
import { product, sum } from './sizes.ts';
import type { Dim } from '../plan.ts';
import type { Flow, LayerOutcome, LayerRule, ShapeMistake, WeightShape } from './contract.ts';

export const layerRules: { readonly [Type in LayerType]: LayerRule } = {
  dense,
  conv1d,
  conv2d,
  separableConv2d,
  depthwiseConv2d,
  conv2dTranspose,
  upSampling2d,
  maxPooling1d: pooling1d,
  maxPooling2d: pooling2d,
  averagePooling1d: pooling1d,
  averagePooling2d: pooling2d,
  globalAveragePooling1d: globalPooling1d,
  globalAveragePooling2d: globalPooling2d,
  globalMaxPooling1d: globalPooling1d,
  globalMaxPooling2d: globalPooling2d,
  flatten,
  dropout,
  spatialDropout1d,
  batchNormalization,
  layerNormalization,
  activation,
  embedding,
  lstm,
  gru,
  simpleRNN,
  bidirectional,
  reshape,
  multiHeadAttention,
  residual,
  positionalEncoding,
};

/** What is known of a type of layer; undefined for a word that is none. */
export function layerRule(type: string): LayerRule | undefined {
  return Object.hasOwn(layerRules, type) ? layerRules[type as LayerType] : undefined;
}

/** Shape and weights of a layer for an input; a mistake says why it cannot take it. Unknown sizes flow through. */
export function applyLayer(layer: LayerSpec, input: Flow): LayerOutcome | ShapeMistake {
  const rule = layerRule(layer.type);
  if (rule === undefined) return { output: input, weights: [] };
  const fits =
    rule.axes === '2+' ? input.shape.length >= 2 : rule.axes === undefined || rule.axes === input.shape.length;
  if (!fits && rule.axes !== undefined) return axesMistake(layer.type, rule.axes, input.shape);
  return rule.apply(layer, input, applyLayer);
}

/** One short phrase for the diagram: `conv2d 10 × 3×3, relu`. */
export function summaryOf(layer: LayerSpec): string {
  return layerRule(layer.type)?.summary(layer) ?? layer.type;
}

/** Number of values in these weights; null when a size is unknown. */
export function countOf(weights: readonly WeightShape[], which: 'all' | 'trainable'): Dim {
  return sum(weights.filter((weight) => which === 'all' || weight.trainable).map((weight) => product(weight.shape)));
}
