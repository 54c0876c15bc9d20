/** Cases of operations that slide a window over images: convolutions and pooling. */
import fc from 'fast-check';
import type { Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/engine/tfjs.ts';
import { activations, family, small } from './families.ts';
import { distinct, uniform, whole, type Case } from './support.ts';

const windows = fc
  .record({
    batch: small(3),
    height: fc.integer({ min: 3, max: 9 }),
    width: fc.integer({ min: 3, max: 9 }),
    inChannels: small(6),
    outChannels: small(5),
    kernelHeight: small(3),
    kernelWidth: small(3),
    strideHeight: small(3),
    strideWidth: small(3),
    pad: fc.constantFrom('valid' as const, 'same' as const, 1, 2),
  })
  // tfjs-core takes the height's kernel and stride for both axes when the padding is a number: square ones only.
  .map((w) => (typeof w.pad === 'number' ? { ...w, kernelWidth: w.kernelHeight, strideWidth: w.strideHeight } : w))
  .map((w) => ({
    ...w,
    strides: [w.strideHeight, w.strideWidth] as [number, number],
    rounding: typeof w.pad === 'number' ? ('floor' as const) : undefined,
  }));

export const conv = family(windows, (w, next) => ({
  operands: [
    uniform([w.batch, w.height, w.width, w.inChannels], next),
    uniform([w.kernelHeight, w.kernelWidth, w.inChannels, w.outChannels], next),
  ],
  run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, w.strides, w.pad, 'NHWC', 1, w.rounding),
  slopes: [0, 1],
}));

export const convTranspose = family(windows, (w, next) => {
  const pad = typeof w.pad === 'number' ? 'same' : w.pad;
  const extent = (size: number, kernel: number, stride: number): number =>
    pad === 'same' ? Math.ceil(size / stride) : Math.ceil((size - kernel + 1) / stride);
  const [outHeight, outWidth] = [
    extent(w.height, w.kernelHeight, w.strideHeight),
    extent(w.width, w.kernelWidth, w.strideWidth),
  ];
  return {
    operands: [
      uniform([w.batch, outHeight, outWidth, w.outChannels], next),
      uniform([w.kernelHeight, w.kernelWidth, w.inChannels, w.outChannels], next),
    ],
    run: (x, filter) =>
      tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [w.batch, w.height, w.width, w.inChannels], w.strides, pad),
    slopes: [0, 1],
  };
});

export const depthwise = family(windows, (w, next) => ({
  operands: [
    uniform([w.batch, w.height, w.width, w.inChannels], next),
    uniform([w.kernelHeight, w.kernelWidth, w.inChannels, Math.min(3, w.outChannels)], next),
  ],
  run: (x, filter) =>
    tf.depthwiseConv2d(
      x as Tensor4D,
      filter as Tensor4D,
      [w.strideHeight, w.strideHeight],
      w.pad,
      'NHWC',
      1,
      w.rounding,
    ),
  slopes: [0, 1],
}));

const dilated = windows.map((w) => ({
  ...w,
  dilations: [w.strideHeight, w.strideWidth] as [number, number],
  // Odd and even extents that hold the whole window, on grids of unequal size too.
  height: w.height + (w.kernelHeight - 1) * w.strideHeight,
  width: w.width + (w.kernelWidth - 1) * w.strideWidth,
}));

/** Taps that stand apart, differently far along the two axes. */
export const dilatedConv = family(dilated, (w, next) => ({
  operands: [
    uniform([w.batch, w.height, w.width, w.inChannels], next),
    uniform([w.kernelHeight, w.kernelWidth, w.inChannels, w.outChannels], next),
  ],
  run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, w.pad, 'NHWC', w.dilations, w.rounding),
  slopes: [0, 1],
}));

export const dilatedDepthwise = family(dilated, (w, next) => ({
  operands: [
    uniform([w.batch, w.height, w.width, w.inChannels], next),
    uniform([w.kernelHeight, w.kernelWidth, w.inChannels, Math.min(3, w.outChannels)], next),
  ],
  run: (x, filter) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, 1, w.pad, 'NHWC', w.dilations, w.rounding),
  slopes: [0, 1],
}));

export const fusedConv = (kind: 'conv2d' | 'depthwiseConv2d'): fc.Arbitrary<Case> =>
  family(fc.tuple(windows, activations, fc.boolean()), ([w, activation, biased], next) => {
    const multiplier = Math.min(3, w.outChannels);
    const outs = kind === 'conv2d' ? w.outChannels : w.inChannels * multiplier;
    const pad = typeof w.pad === 'number' ? 'same' : w.pad;
    return {
      operands: [
        uniform([w.batch, w.height, w.width, w.inChannels], next),
        uniform([w.kernelHeight, w.kernelWidth, w.inChannels, kind === 'conv2d' ? w.outChannels : multiplier], next),
        uniform([outs], next),
        uniform([1, 1, outs], next),
      ],
      run: (x, filter, bias, alpha) =>
        tf.fused[kind]({
          x: x as Tensor4D,
          filter: filter as Tensor4D,
          strides: [w.strideHeight, w.strideHeight],
          pad,
          activation,
          leakyreluAlpha: 0.3,
          ...(biased ? { bias } : {}),
          ...(activation === 'prelu' ? { preluActivationWeights: alpha } : {}),
        }),
      slopes: [],
    };
  });

export const conv3d = family(
  fc.tuple(windows, fc.integer({ min: 3, max: 5 }), small(3)),
  ([w, depth, kernelDepth], next) => ({
    operands: [
      uniform([w.batch, depth, Math.min(5, w.height), Math.min(5, w.width), Math.min(2, w.inChannels)], next),
      uniform(
        [kernelDepth, w.kernelHeight, w.kernelWidth, Math.min(2, w.inChannels), Math.min(3, w.outChannels)],
        next,
      ),
    ],
    run: (x, filter) =>
      tf.conv3d(
        x as Tensor5D,
        filter as Tensor5D,
        [1, w.strideHeight, w.strideWidth],
        typeof w.pad === 'number' ? 'same' : w.pad,
      ),
    slopes: [0],
  }),
);

export const maxPool = family(windows, (w, next) => {
  const biggest = typeof w.pad === 'number' ? Math.min(w.pad, w.kernelHeight - 1, w.kernelWidth - 1) : w.pad;
  return {
    operands: [distinct([w.batch, w.height, w.width, w.inChannels], next)],
    run: (x) => tf.maxPool(x as Tensor4D, [w.kernelHeight, w.kernelWidth], w.strides, biggest, w.rounding),
    slopes: [0],
    step: 0.02,
  };
});

/** Everything below zero: the windows whose gradient the backend's own kernel loses. */
export const maxPoolBelowZero = family(windows, (w, next) => {
  const { shape, values, dtype } = distinct([w.batch, w.height, w.width, w.inChannels], next);
  return {
    operands: [{ shape, values: values.map((v) => Math.fround(v - 60)), dtype }],
    run: (x) => tf.maxPool(x as Tensor4D, [w.kernelHeight, w.kernelWidth], w.strides, 'same'),
    slopes: [0],
    step: 0.02,
  };
});

/** Padding belongs to no window: those at the edges are smaller. */
export const averagePool = family(windows, (w, next) => ({
  operands: [uniform([w.batch, w.height, w.width, w.inChannels], next)],
  run: (x) =>
    tf.avgPool(x as Tensor4D, [w.kernelHeight, w.kernelWidth], w.strides, typeof w.pad === 'number' ? 'same' : w.pad),
  slopes: [0],
}));

/** Plateaus: few different values, so that most windows have several largest. Only forwards; there is no one slope. */
export const maxPoolTies = family(windows, (w, next) => ({
  operands: [{ ...whole([w.batch, w.height, w.width, w.inChannels], next, -1, 1), dtype: 'float32' }],
  run: (x) => tf.maxPool(x as Tensor4D, [w.kernelHeight, w.kernelWidth], w.strides, 'same'),
  slopes: [],
}));
