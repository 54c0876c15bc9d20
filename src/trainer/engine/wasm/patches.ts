/**
 * Patches of a channels-last image batch ("im2col"): row (n, oh, ow) holds the kh × kw × ci inputs under the filter.
 */
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { multiplyMatrices } from './kernels/batch-mat-mul.ts';
import { allocate, dispose, floats, type BackendWasm } from './heap.ts';
import { run } from './kernel.ts';

type Conv = backend_util.Conv2DInfo;

/** 4 Mi numbers, 16 MiB: larger patches leave the caches anyway and only cost memory. */
const patchBudget = 4 * 1024 * 1024;

export function imagesPerChunk(conv: Conv): number {
  const perImage = conv.outHeight * conv.outWidth * conv.filterHeight * conv.filterWidth * conv.inChannels;
  return Math.max(1, Math.min(conv.batchSize, Math.floor(patchBudget / Math.max(1, perImage))));
}

/**
 * Writes the patches of `count` images starting at `from` into `patches` ([count·oh·ow, kh·kw·ci]).
 * Inputs outside the image are zero.
 */
export function writePatches(x: Float32Array, conv: Conv, from: number, count: number, patches: Float32Array): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } =
    conv;
  const { top, left } = conv.padInfo;
  const run = filterWidth * inChannels;
  const row = inWidth * inChannels;
  let to = 0;
  for (let image = from; image < from + count; image++) {
    for (let oh = 0; oh < outHeight; oh++) {
      for (let ow = 0; ow < outWidth; ow++) {
        // The part of a filter row that lies inside the image is contiguous in memory.
        const iw = ow * strideWidth - left;
        const begin = Math.max(0, -iw) * inChannels;
        const end = Math.min(filterWidth, inWidth - iw) * inChannels;
        for (let kh = 0; kh < filterHeight; kh++, to += run) {
          const ih = oh * strideHeight - top + kh;
          if (ih < 0 || ih >= inHeight || end <= begin) {
            for (let i = 0; i < run; i++) patches[to + i] = 0;
            continue;
          }
          const source = (image * inHeight + ih) * row + iw * inChannels;
          for (let i = 0; i < begin; i++) patches[to + i] = 0;
          if (run >= 64) patches.set(x.subarray(source + begin, source + end), to + begin);
          else for (let i = begin; i < end; i++) patches[to + i] = x[source + i] ?? 0;
          for (let i = end; i < run; i++) patches[to + i] = 0;
        }
      }
    }
  }
}

/** sum[co, k] += Σ over the chunk's positions p of dy[p, co] · patches[p, k]. */
export function addPatchProduct(
  backend: BackendWasm,
  x: TensorInfo,
  dy: TensorInfo,
  conv: Conv,
  from: number,
  count: number,
  sum: TensorInfo,
): void {
  const positions = count * conv.outHeight * conv.outWidth;
  const taps = conv.filterHeight * conv.filterWidth * conv.inChannels;
  const patches = allocate(backend, [1, positions, taps], 'float32');
  const chunk = allocate(backend, [positions, conv.outChannels], 'float32');
  writePatches(floats(backend, x), conv, from, count, floats(backend, patches));
  const start = from * conv.outHeight * conv.outWidth * conv.outChannels;
  floats(backend, chunk).set(floats(backend, dy).subarray(start, start + positions * conv.outChannels));
  const turned = run(backend, 'Transpose', { x: chunk }, { perm: [1, 0] });
  const product = multiplyMatrices(backend, { ...turned, shape: [1, conv.outChannels, positions] }, patches);
  const target = floats(backend, sum);
  const part = floats(backend, product);
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (part[i] ?? 0);
  dispose(backend, patches, chunk, turned, product);
}
