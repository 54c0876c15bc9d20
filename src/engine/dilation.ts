/**
 * Gradients of convolutions whose taps stand apart, which tfjs lacks. A convolution with dilation d is an ordinary one on
 * each of the d × d grids that every d-th row and column make (Yu & Koltun 2016); its gradients are those of the grids'
 * convolutions, gathered the same way.
 */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from './tfjs.ts';

type Pair = readonly [number, number];

/** A convolution with strides of 1, channels last. */
export interface Dilated {
  readonly x: Tensor4D;
  readonly filter: Tensor4D;
  readonly dilations: Pair;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
}

/** The gradients of the same convolution without dilation and padding. */
export interface PlainGradients {
  readonly input: (shape: Tensor4D['shape'], dy: Tensor4D, filter: Tensor4D) => Tensor4D;
  readonly filter: (x: Tensor4D, dy: Tensor4D, shape: Tensor4D['shape']) => Tensor4D;
}

interface Grids {
  readonly block: number[];
  /** Rows and columns around x: its padding, and what makes the grids equally large. */
  readonly around: [number, number][];
  /** The latter alone: what stands around dy. */
  readonly more: [number, number][];
}

function gridsOf({ x, filter, dilations, pad }: Dilated): Grids {
  const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filter.shape, 1, [...dilations], pad);
  const padded = [
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
  ] as const;
  const more = dilations.map((dilation, axis): [number, number] => {
    const [before = 0, after = 0] = padded[axis] ?? [];
    const extent = (x.shape[axis + 1] ?? 0) + before + after;
    return [0, (dilation - (extent % dilation)) % dilation];
  });
  return {
    block: [...dilations],
    around: padded.map(([before, after], axis) => [before, after + (more[axis]?.[1] ?? 0)]),
    more,
  };
}

const gridded = (x: Tensor4D, block: number[], around: [number, number][]): Tensor4D =>
  tf.spaceToBatchND(x, block, around);

/** dx, [batch, height, width, channels] */
export function inputGradient(convolution: Dilated, dy: Tensor4D, plain: PlainGradients): Tensor4D {
  return tf.tidy(() => {
    const { block, around, more } = gridsOf(convolution);
    const { x, filter } = convolution;
    const [batch, height, width, channels] = x.shape;
    const [rows = 1, columns = 1] = block;
    const extent = (axis: number, size: number): number => size + (around[axis]?.[0] ?? 0) + (around[axis]?.[1] ?? 0);
    const shape: Tensor4D['shape'] = [
      batch * rows * columns,
      extent(0, height) / rows,
      extent(1, width) / columns,
      channels,
    ];
    const dx = plain.input(shape, gridded(dy, block, more), filter);
    return tf.batchToSpaceND(dx, block, around);
  });
}

/** dW, the filter's shape */
export function filterGradient(convolution: Dilated, dy: Tensor4D, plain: PlainGradients): Tensor4D {
  return tf.tidy(() => {
    const { block, around, more } = gridsOf(convolution);
    const { x, filter } = convolution;
    return plain.filter(gridded(x, block, around), gridded(dy, block, more), filter.shape);
  });
}
