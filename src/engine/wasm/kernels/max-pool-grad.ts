/**
 * Each dy goes to the first maximum of its window. (The backend's own takes 0 for the least maximum, so windows
 * without a positive element lose their gradient.)
 */
import type { backend_util, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { floats, zeros } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

/** Offset of the first maximum of one window in one channel; not-a-number counts as the largest, as forwards. */
function firstMaximum(
  x: Float32Array,
  conv: backend_util.Conv2DInfo,
  image: number,
  top: number,
  left: number,
  c: number,
): number {
  const { inHeight, inWidth, inChannels } = conv;
  let best = -1;
  let largest = -Infinity;
  const bottom = Math.min(inHeight, top + conv.effectiveFilterHeight);
  const right = Math.min(inWidth, left + conv.effectiveFilterWidth);
  for (let h = Math.max(0, top); h < bottom; h++) {
    let at = ((image * inHeight + h) * inWidth + Math.max(0, left)) * inChannels + c;
    for (let w = Math.max(0, left); w < right; w++, at += inChannels) {
      const value = x[at] ?? 0;
      if (best < 0 || value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
        largest = value;
        best = at;
      }
    }
  }
  return best;
}

function maxPoolGrad(call: KernelCall): TensorInfo {
  const { backend } = call;
  const dy = input(call, 'MaxPoolGrad', 'dy');
  const x = input(call, 'MaxPoolGrad', 'input');
  const { filterSize, strides, pad, dimRoundingMode } = attributes<MaxPoolGradAttrs>(call);
  const shape = x.shape as [number, number, number, number];
  const conv = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = zeros(backend, x.shape);
  const [slope, value, to] = [floats(backend, dy), floats(backend, x), floats(backend, dx)];
  let at = 0;
  for (let image = 0; image < conv.batchSize; image++) {
    for (let oh = 0; oh < conv.outHeight; oh++) {
      for (let ow = 0; ow < conv.outWidth; ow++) {
        const top = oh * conv.strideHeight - conv.padInfo.top;
        const left = ow * conv.strideWidth - conv.padInfo.left;
        for (let c = 0; c < conv.outChannels; c++, at++) {
          const best = firstMaximum(value, conv, image, top, left, c);
          if (best >= 0) to[best] = (to[best] ?? 0) + (slope[at] ?? 0);
        }
      }
    }
  }
  return dx;
}

export const maxPoolGradKernel: WasmKernel = { name: 'MaxPoolGrad', reason: 'wrong', run: maxPoolGrad };
