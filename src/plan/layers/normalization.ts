/** Normalization layers over the last axis. */
import { booleanOf } from './arguments.ts';
import { phrase } from './summary.ts';
import type { LayerRule, WeightShape } from './contract.ts';

/** gamma and beta are trained; the moving mean and variance are kept, not trained. */
export const batchNormalization: LayerRule = {
  centersChannels: true,
  apply: (layer, input) => {
    const shape = [input.shape.at(-1) ?? null];
    const weights: WeightShape[] = [];
    if (booleanOf(layer, 'scale', true)) weights.push({ name: 'gamma', shape, trainable: true });
    if (booleanOf(layer, 'center', true)) weights.push({ name: 'beta', shape, trainable: true });
    weights.push(
      { name: 'moving_mean', shape, trainable: false },
      { name: 'moving_variance', shape, trainable: false },
    );
    return { output: { shape: input.shape }, weights };
  },
  summary: (layer) => phrase(layer),
};

export const layerNormalization: LayerRule = {
  apply: (layer, input) => {
    const shape = [input.shape.at(-1) ?? null];
    const weights: WeightShape[] = [];
    if (booleanOf(layer, 'scale', true)) weights.push({ name: 'gamma', shape, trainable: true });
    if (booleanOf(layer, 'center', true)) weights.push({ name: 'beta', shape, trainable: true });
    return { output: { shape: input.shape }, weights };
  },
  summary: (layer) => phrase(layer),
};
