/** Convolutions, channels last. Kernel shapes as tf.layers builds them. */
import type { LayerSpec } from '../../spec/index.ts';
import type { Dim, Shape } from '../plan.ts';
import { booleanOf, numberOf, sizesOf, textOf } from './arguments.ts';
import { dilated, type Padding, scaled, transposedLength, windowLength, windowMistake } from './sizes.ts';
import { phrase, sizePhrase } from './summary.ts';
import type { Flow, LayerRule, ShapeMistake, WeightShape } from './contract.ts';

/** `causal` pads on the left alone, and by as much as `same` pads on both sides together. */
export function paddingOf(layer: LayerSpec): Padding {
  return textOf(layer, 'padding', 'valid') === 'valid' ? 'valid' : 'same';
}

function withBias(layer: LayerSpec, units: Dim, weights: readonly WeightShape[]): readonly WeightShape[] {
  return booleanOf(layer, 'useBias', true) ? [...weights, { name: 'bias', shape: [units], trainable: true }] : weights;
}

interface Window {
  readonly kernel: readonly number[];
  readonly shape: Shape;
  readonly channels: Dim;
}

/** Slides the kernel over the leading axes; gives their new lengths. */
function slide(layer: LayerSpec, input: Flow, axes: 1 | 2, dilates: boolean): Window | ShapeMistake {
  const kernel = sizesOf(layer, 'kernelSize', axes, 1);
  const strides = sizesOf(layer, 'strides', axes, 1);
  const dilation = sizesOf(layer, 'dilationRate', axes, 1).map((rate) => (dilates ? rate : 1));
  if (strides.some((stride) => stride > 1) && dilation.some((rate) => rate > 1)) {
    return stridesAndDilation(layer, strides, dilation);
  }
  const padding = paddingOf(layer);
  if (padding === 'valid') {
    const reach = kernel.map((size, axis) => dilated(size, dilation[axis] ?? 1));
    const mistake = windowMistake(layer.type, 'kernelSize', reach, input.shape);
    if (mistake !== null) return mistake;
  }
  const shape = kernel.map((size, axis) =>
    windowLength(input.shape[axis] ?? null, size, padding, strides[axis] ?? 1, dilation[axis] ?? 1),
  );
  return { kernel, shape, channels: input.shape[axes] ?? null };
}

/** tf.layers and tfjs compute no such convolution. */
function stridesAndDilation(layer: LayerSpec, strides: readonly number[], dilation: readonly number[]): ShapeMistake {
  const [step, rate] = [strides.join('×'), dilation.join('×')];
  return {
    code: 'strides-and-dilation',
    argument: 'dilationRate',
    message: {
      en: `${layer.type} has strides of ${step} and a dilationRate of ${rate}: one of them must be 1 along all axes. Leave out one, or let a pooling layer do what the strides are for.`,
      zh: `${layer.type} 的 strides 为 ${step}，dilationRate 为 ${rate}：两者之一在各轴上必须为 1。请去掉其中一个，或改用池化层来缩小尺寸。`,
    },
  };
}

function convolution(axes: 1 | 2): LayerRule {
  return {
    axes: axes === 1 ? 2 : 3,
    affine: true,
    threads: { argument: 'filters', least: axes === 1 ? 32 : 16 },
    apply: (layer, input) => {
      const window = slide(layer, input, axes, true);
      if ('code' in window) return window;
      const filters = numberOf(layer, 'filters', 1);
      const kernel = { name: 'kernel', shape: [...window.kernel, window.channels, filters], trainable: true };
      return { output: { shape: [...window.shape, filters] }, weights: withBias(layer, filters, [kernel]) };
    },
    summary: (layer) => phrase(layer, numberOf(layer, 'filters', 1), '×', sizePhrase(layer, 'kernelSize', axes, 1)),
  };
}

export const conv1d = convolution(1);
export const conv2d = convolution(2);

/** Depthwise kernel, then a 1×1 convolution over the `depthMultiplier`-fold channels. */
export const separableConv2d: LayerRule = {
  axes: 3,
  affine: true,
  threads: { argument: 'filters', least: 16 },
  apply: (layer, input) => {
    const window = slide(layer, input, 2, true);
    if ('code' in window) return window;
    const filters = numberOf(layer, 'filters', 1);
    const multiplier = numberOf(layer, 'depthMultiplier', 1);
    const weights: readonly WeightShape[] = [
      { name: 'depthwise_kernel', shape: [...window.kernel, window.channels, multiplier], trainable: true },
      { name: 'pointwise_kernel', shape: [1, 1, scaled(window.channels, multiplier), filters], trainable: true },
    ];
    return { output: { shape: [...window.shape, filters] }, weights: withBias(layer, filters, weights) };
  },
  summary: (layer) => phrase(layer, numberOf(layer, 'filters', 1), '×', sizePhrase(layer, 'kernelSize', 2, 1)),
};

/** One filter per channel; tf.layers ignores `dilationRate` here. */
export const depthwiseConv2d: LayerRule = {
  axes: 3,
  affine: true,
  apply: (layer, input) => {
    const window = slide(layer, input, 2, false);
    if ('code' in window) return window;
    const multiplier = numberOf(layer, 'depthMultiplier', 1);
    const channels = scaled(window.channels, multiplier);
    const kernel = {
      name: 'depthwise_kernel',
      shape: [...window.kernel, window.channels, multiplier],
      trainable: true,
    };
    return { output: { shape: [...window.shape, channels] }, weights: withBias(layer, channels, [kernel]) };
  },
  summary: (layer) => phrase(layer, sizePhrase(layer, 'kernelSize', 2, 1)),
};

/** The kernel of a transposed convolution is [h, w, filters, channels]. */
export const conv2dTranspose: LayerRule = {
  axes: 3,
  affine: true,
  threads: { argument: 'filters', least: 16 },
  apply: (layer, input) => {
    const kernel = sizesOf(layer, 'kernelSize', 2, 1);
    const strides = sizesOf(layer, 'strides', 2, 1);
    const padding = paddingOf(layer);
    const filters = numberOf(layer, 'filters', 1);
    const shape = kernel.map((size, axis) =>
      transposedLength(input.shape[axis] ?? null, size, padding, strides[axis] ?? 1),
    );
    const weight = { name: 'kernel', shape: [...kernel, filters, input.shape[2] ?? null], trainable: true };
    return { output: { shape: [...shape, filters] }, weights: withBias(layer, filters, [weight]) };
  },
  summary: (layer) => phrase(layer, numberOf(layer, 'filters', 1), '×', sizePhrase(layer, 'kernelSize', 2, 1)),
};

export const upSampling2d: LayerRule = {
  axes: 3,
  apply: (layer, input) => {
    const size = sizesOf(layer, 'size', 2, 2);
    const [height = null, width = null, channels = null] = input.shape;
    return { output: { shape: [scaled(height, size[0] ?? 1), scaled(width, size[1] ?? 1), channels] }, weights: [] };
  },
  summary: (layer) => phrase(layer, sizePhrase(layer, 'size', 2, 2)),
};
