/**
 * The layers a block may hold: one row each. To add one, write its rule in this folder and add its row.
 */
import type { LayerSpec } from '../../spec/index.ts';
import { conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d, upSampling2d } from './convolution.ts';
import { activation, dense, dropout, embedding, flatten, reshape, spatialDropout1d } from './core.ts';
import { multiHeadAttention, positionalEncoding, residual } from './attention.ts';
import { axesMistake } from './axes.ts';
import { batchNormalization, layerNormalization } from './normalization.ts';
import { globalPooling1d, globalPooling2d, pooling1d, pooling2d } from './pooling.ts';
import { bidirectional, gru, lstm, simpleRNN } from './recurrent.ts';
import { product, sum } from './sizes.ts';
import type { Dim } from '../types.ts';
import type { Flow, LayerOutcome, LayerRule, ShapeMistake, WeightShape } from './types.ts';

export const layerRules: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>([
  ['dense', dense],
  ['conv1d', conv1d],
  ['conv2d', conv2d],
  ['separableConv2d', separableConv2d],
  ['depthwiseConv2d', depthwiseConv2d],
  ['conv2dTranspose', conv2dTranspose],
  ['upSampling2d', upSampling2d],
  ['maxPooling1d', pooling1d],
  ['maxPooling2d', pooling2d],
  ['averagePooling1d', pooling1d],
  ['averagePooling2d', pooling2d],
  ['globalAveragePooling1d', globalPooling1d],
  ['globalAveragePooling2d', globalPooling2d],
  ['globalMaxPooling1d', globalPooling1d],
  ['globalMaxPooling2d', globalPooling2d],
  ['flatten', flatten],
  ['dropout', dropout],
  ['spatialDropout1d', spatialDropout1d],
  ['batchNormalization', batchNormalization],
  ['layerNormalization', layerNormalization],
  ['activation', activation],
  ['embedding', embedding],
  ['lstm', lstm],
  ['gru', gru],
  ['simpleRNN', simpleRNN],
  ['bidirectional', bidirectional],
  ['reshape', reshape],
  ['multiHeadAttention', multiHeadAttention],
  ['residual', residual],
  ['positionalEncoding', positionalEncoding],
]);

/** Shape and weights of a layer for an input; a mistake says why it cannot take it. Unknown sizes flow through. */
export function applyLayer(layer: LayerSpec, input: Flow): LayerOutcome | ShapeMistake {
  const rule = layerRules.get(layer.type);
  if (rule === undefined) return { output: input, weights: [] };
  const fits =
    rule.axes === '2+' ? input.shape.length >= 2 : rule.axes === undefined || rule.axes === input.shape.length;
  if (!fits && rule.axes !== undefined) return axesMistake(layer.type, rule.axes, input.shape);
  return rule.apply(layer, input, applyLayer);
}

/** One short phrase for the diagram: `conv2d 10 × 3×3, relu`. */
export function summaryOf(layer: LayerSpec): string {
  return layerRules.get(layer.type)?.summary(layer) ?? layer.type;
}

/** Number of values in these weights; null when a size is unknown. */
export function countOf(weights: readonly WeightShape[], which: 'all' | 'trainable'): Dim {
  return sum(weights.filter((weight) => which === 'all' || weight.trainable).map((weight) => product(weight.shape)));
}
