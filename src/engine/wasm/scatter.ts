/**
 * The inverse of taking patches ("col2im"), in two or three spatial dimensions: every patch is added onto the input
 * positions it was taken from.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { multiplyMatrices, swapLastAxes } from './kernels/batch-mat-mul.ts';
import { allocate, dispose, floats, reshaped, sizeOf, zeros, type BackendWasm } from './heap.ts';

type Triple = readonly [depth: number, height: number, width: number];

/** A convolution without dilation; two spatial dimensions have depth 1 throughout. */
export interface Geometry {
  readonly batch: number;
  readonly inSize: Triple;
  readonly outSize: Triple;
  readonly filterSize: Triple;
  readonly strides: Triple;
  /** Padding in front of the first element. */
  readonly before: Triple;
  readonly inChannels: number;
  readonly outChannels: number;
}

const patchBudget = 4 * 1024 * 1024;

/** Adds patches ([count × outputs, taps × inChannels]) onto dx (channels last), images `from` to `from + count`. */
function scatterPatches(patches: Float32Array, dx: Float32Array, g: Geometry, from: number, count: number): void {
  const [inDepth, inHeight, inWidth] = g.inSize;
  const [filterDepth, filterHeight, filterWidth] = g.filterSize;
  const channels = g.inChannels;
  const positions = sizeOf(g.outSize);
  let at = 0;
  for (let p = 0; p < count * positions; p++) {
    const image = from + Math.floor(p / positions);
    const [d0, h0, w0] = corner(p % positions, g);
    for (let d = d0; d < d0 + filterDepth; d++) {
      for (let h = h0; h < h0 + filterHeight; h++) {
        const inside = d >= 0 && d < inDepth && h >= 0 && h < inHeight;
        const row = ((image * inDepth + d) * inHeight + h) * inWidth;
        for (let w = w0; w < w0 + filterWidth; w++, at += channels) {
          if (!inside || w < 0 || w >= inWidth) continue;
          const to = (row + w) * channels;
          for (let c = 0; c < channels; c++) dx[to + c] = (dx[to + c] ?? 0) + (patches[at + c] ?? 0);
        }
      }
    }
  }
}

/** The input position under the filter's first tap, for an output position; negative inside the padding. */
function corner(position: number, g: Geometry): Triple {
  const [, outHeight, outWidth] = g.outSize;
  const w = position % outWidth;
  const h = Math.floor(position / outWidth) % outHeight;
  const d = Math.floor(position / (outWidth * outHeight));
  return [d * g.strides[0] - g.before[0], h * g.strides[1] - g.before[1], w * g.strides[2] - g.before[2]];
}

/**
 * dx of a convolution: patches = dy [P, Co] × Wᵀ [Co, taps·Ci], added onto dx, a few images at a time.
 * @param dy [batch, ...outSize, outChannels]
 * @param filter [...filterSize, inChannels, outChannels]
 * @returns [batch, ...inSize, inChannels], as `shape` writes it
 */
export function backpropInput(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  g: Geometry,
  shape: readonly number[],
): TensorInfo {
  const taps = sizeOf(g.filterSize) * g.inChannels;
  const positions = sizeOf(g.outSize);
  const matrix = reshaped(backend, filter, [1, taps, g.outChannels]);
  const turned = swapLastAxes(backend, matrix);
  const dx = zeros(backend, shape);
  const chunk = Math.max(1, Math.min(g.batch, Math.floor(patchBudget / Math.max(1, positions * taps))));
  for (let from = 0; from < g.batch; from += chunk) {
    const count = Math.min(chunk, g.batch - from);
    const part = allocate(backend, [1, count * positions, g.outChannels], 'float32');
    const start = from * positions * g.outChannels;
    floats(backend, part).set(floats(backend, dy).subarray(start, start + count * positions * g.outChannels));
    const patches = multiplyMatrices(backend, part, turned);
    scatterPatches(floats(backend, patches), floats(backend, dx), g, from, count);
    dispose(backend, part, patches);
  }
  dispose(backend, matrix, turned);
  return dx;
}
