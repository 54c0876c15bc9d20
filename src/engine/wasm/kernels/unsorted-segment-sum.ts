/** out[s, …] = Σ of x[i, …] over i with segmentIds[i] = s; ids outside [0, numSegments) are left out. */
import type { TensorInfo, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import { allocate, numbers, sizeOf } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

function unsortedSegmentSum(call: KernelCall): TensorInfo {
  const { backend } = call;
  const x = input(call, 'UnsortedSegmentSum', 'x');
  const segmentIds = input(call, 'UnsortedSegmentSum', 'segmentIds');
  const { numSegments } = attributes<UnsortedSegmentSumAttrs>(call);
  const inner = x.shape.slice(segmentIds.shape.length);
  const width = sizeOf(inner);
  const out = allocate(backend, [numSegments, ...inner], x.dtype);
  const [from, ids, to] = [numbers(backend, x), numbers(backend, segmentIds), numbers(backend, out)];
  to.fill(0);
  for (let i = 0; i < ids.length; i++) {
    const segment = ids[i] ?? -1;
    if (segment < 0 || segment >= numSegments) continue;
    const [source, target] = [i * width, segment * width];
    for (let j = 0; j < width; j++) to[target + j] = (to[target + j] ?? 0) + (from[source + j] ?? 0);
  }
  return out;
}

export const unsortedSegmentSumKernel: WasmKernel = {
  name: 'UnsortedSegmentSum',
  reason: 'missing',
  run: unsortedSegmentSum,
};
