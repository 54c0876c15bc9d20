/** Pooling over windows and over everything, channels last. */
import { sizesOf } from './arguments.ts';
import { paddingOf } from './convolution.ts';
import { windowLength, windowMistake } from './sizes.ts';
import { phrase, sizePhrase } from './summary.ts';
import type { LayerRule } from './contract.ts';

function pooling(axes: 1 | 2): LayerRule {
  return {
    axes: axes === 1 ? 2 : 3,
    apply: (layer, input) => {
      const size = sizesOf(layer, 'poolSize', axes, 2);
      const strides = sizesOf(layer, 'strides', axes, size);
      const padding = paddingOf(layer);
      const mistake = padding === 'valid' ? windowMistake(layer.type, 'poolSize', size, input.shape) : null;
      if (mistake !== null) return mistake;
      const shape = size.map((length, axis) =>
        windowLength(input.shape[axis] ?? null, length, padding, strides[axis] ?? length),
      );
      return { output: { shape: [...shape, input.shape[axes] ?? null] }, weights: [] };
    },
    summary: (layer) => phrase(layer, sizePhrase(layer, 'poolSize', axes, 2)),
  };
}

/** Mean or maximum over all positions: only the channels are left. */
function globalPooling(axes: 1 | 2): LayerRule {
  return {
    axes: axes === 1 ? 2 : 3,
    apply: (_layer, input) => ({ output: { shape: [input.shape[axes] ?? null] }, weights: [] }),
    summary: (layer) => phrase(layer),
  };
}

export const pooling1d = pooling(1);
export const pooling2d = pooling(2);
export const globalPooling1d = globalPooling(1);
export const globalPooling2d = globalPooling(2);
