/**
 * Each dy goes to the pixel the forward pass took it from, by the forward pass's own rule: the exact adjoint, checked
 * by finite differences. (tfjs's own gradients leave out half-pixel centers, and the cpu backend's reads dy of several
 * images with the strides of the input.)
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floats, zeros } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

interface ResizeAttrs {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

/** For every output coordinate, the input coordinate it shows. */
function sources(inExtent: number, outExtent: number, { alignCorners, halfPixelCenters }: ResizeAttrs): number[] {
  const shrink = alignCorners && outExtent > 1 ? 1 : 0;
  const scale = (inExtent - shrink) / (outExtent - shrink);
  return Array.from({ length: outExtent }, (_, at) => {
    const exact = scale * (halfPixelCenters === true ? at + 0.5 : at);
    return Math.max(0, Math.min(inExtent - 1, alignCorners ? Math.round(exact) : Math.floor(exact)));
  });
}

function resizeGrad(call: KernelCall): TensorInfo {
  const { backend } = call;
  const dy = input(call, 'ResizeNearestNeighborGrad', 'dy');
  const images = input(call, 'ResizeNearestNeighborGrad', 'images');
  const attrs = attributes<ResizeAttrs>(call);
  const [batch = 0, inHeight = 0, inWidth = 0, channels = 0] = images.shape;
  const [, outHeight = 0, outWidth = 0] = dy.shape;
  const rows = sources(inHeight, outHeight, attrs);
  const columns = sources(inWidth, outWidth, attrs);
  const dx = zeros(backend, images.shape);
  const [slope, to] = [floats(backend, dy), floats(backend, dx)];
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (const row of rows) {
      for (const column of columns) {
        const target = ((image * inHeight + row) * inWidth + column) * channels;
        for (let c = 0; c < channels; c++) to[target + c] = (to[target + c] ?? 0) + (slope[at++] ?? 0);
      }
    }
  }
  return dx;
}

export const resizeNearestNeighborGradKernel: WasmKernel = {
  name: 'ResizeNearestNeighborGrad',
  reason: 'wrong',
  run: resizeGrad,
};
