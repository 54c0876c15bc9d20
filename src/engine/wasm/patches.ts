/**
 * Patches of a channels-last image batch ("im2col"): row (n, oh, ow) holds the kh × kw × ci inputs under the filter.
 */
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { multiplyMatrices, swapLastAxes } from './kernels/batch-mat-mul.ts';
import { allocate, dispose, floats, reshaped, type BackendWasm } from './heap.ts';

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
function writePatches(x: Float32Array, conv: Conv, from: number, count: number, patches: Float32Array): void {
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

/**
 * The same patches turned: row k = (kh, kw, ci) of `rows` ([kh·kw·ci, count·oh·ow]) holds what that tap sees at every
 * position. Long runs along the width make this the faster form where there are few input channels.
 */
function writeTapRows(x: Float32Array, conv: Conv, from: number, count: number, rows: Float32Array): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } =
    conv;
  const { top, left } = conv.padInfo;
  const step = strideWidth * inChannels;
  let to = 0;
  for (let kh = 0; kh < filterHeight; kh++) {
    for (let tap = 0; tap < filterWidth * inChannels; tap++) {
      const kw = Math.floor(tap / inChannels);
      const ci = tap % inChannels;
      const begin = Math.min(outWidth, Math.max(0, Math.ceil((left - kw) / strideWidth)));
      const end = Math.max(begin, Math.min(outWidth, Math.ceil((inWidth + left - kw) / strideWidth)));
      for (let image = from; image < from + count; image++) {
        for (let oh = 0; oh < outHeight; oh++, to += outWidth) {
          const ih = oh * strideHeight - top + kh;
          if (ih < 0 || ih >= inHeight) {
            rows.fill(0, to, to + outWidth);
            continue;
          }
          let at = ((image * inHeight + ih) * inWidth + begin * strideWidth - left + kw) * inChannels + ci;
          for (let i = to; i < to + begin; i++) rows[i] = 0;
          for (let i = to + begin; i < to + end; i++, at += step) rows[i] = x[at] ?? 0;
          for (let i = to + end; i < to + outWidth; i++) rows[i] = 0;
        }
      }
    }
  }
}

/** Up to this many input channels the turned patches are written faster. */
const fewChannels = 4;

/** Images `from` to `from + count` of a batch: the batch itself where that is all of it. Must be disposed. */
function imagesOf(backend: BackendWasm, dy: TensorInfo, conv: Conv, from: number, count: number): TensorInfo {
  const perImage = conv.outHeight * conv.outWidth;
  const shape = [1, count * perImage, conv.outChannels];
  if (count === conv.batchSize) return reshaped(backend, dy, shape);
  const part = allocate(backend, shape, 'float32');
  const size = perImage * conv.outChannels;
  floats(backend, part).set(floats(backend, dy).subarray(from * size, (from + count) * size));
  return part;
}

/** [1, kh·kw·ci, co]: Σ over the positions p of patches[p, k] · dy[p, co], for some images of a batch. */
export function patchProduct(
  backend: BackendWasm,
  x: TensorInfo,
  dy: TensorInfo,
  conv: Conv,
  from: number,
  count: number,
): TensorInfo {
  const positions = count * conv.outHeight * conv.outWidth;
  const taps = conv.filterHeight * conv.filterWidth * conv.inChannels;
  const images = imagesOf(backend, dy, conv, from, count);
  const few = conv.inChannels <= fewChannels;
  const patches = allocate(backend, few ? [1, taps, positions] : [1, positions, taps], 'float32');
  (few ? writeTapRows : writePatches)(floats(backend, x), conv, from, count, floats(backend, patches));
  if (few) {
    const product = multiplyMatrices(backend, patches, images);
    dispose(backend, images, patches);
    return product;
  }
  const turned = swapLastAxes(backend, images);
  const product = multiplyMatrices(backend, turned, patches);
  const result = swapLastAxes(backend, product);
  dispose(backend, images, patches, turned, product);
  return result;
}
