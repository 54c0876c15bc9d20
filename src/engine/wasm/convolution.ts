/**
 * The backend's own convolutions, called with the padding written out. Left to itself XNNPACK computes "same" wrongly
 * where a stride is larger than the kernel; and tfjs-core derives the output's width from the height's kernel and
 * stride where the padding is a number, so that a kernel that is not square writes past the end of its output.
 */
import type { backend_util, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { runStock, type KernelCall } from './kernel.ts';

type Shape4 = [number, number, number, number];

interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dilations: [number, number] | number | null | undefined;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The padding as [[0, 0], [top, bottom], [left, right], [0, 0]] (channels last). */
function explicitPadding(attrs: ConvAttrs, x: TensorInfo, filter: TensorInfo, depthwise: boolean): number[][] {
  if (typeof attrs.pad === 'number') {
    return [
      [0, 0],
      [attrs.pad, attrs.pad],
      [attrs.pad, attrs.pad],
      [0, 0],
    ];
  }
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4,
    filter.shape as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );
  return [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ];
}

/** Runs the backend's own convolution kernel `name` on inputs x and filter (and bias where fused), channels last. */
export function convolve(
  call: KernelCall,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  depthwise: boolean,
): TensorInfo {
  const { x, filter } = inputs;
  const typed = attrs as unknown as ConvAttrs;
  if (x === undefined || filter === undefined || typed.pad === 'valid' || Array.isArray(typed.pad)) {
    return runStock(call.backend, name, inputs, attrs);
  }
  const pad = explicitPadding(typed, x, filter, depthwise) as unknown as NamedAttrMap[string];
  return runStock(call.backend, name, inputs, { ...attrs, pad });
}
