/**
 * Gradient of a 2-D convolution with respect to its filter: dW[kh, kw, ci, co] = Σ over n, oh, ow of
 * x[n, oh·s − pad + kh, ow·s − pad + kw, ci] · dy[n, oh, ow, co]. As one product of patches [P, K] and dy [P, Co] with
 * P = batch × output positions and K = kh × kw × ci, a few images at a time so that the patches stay small.
 */
import type { Conv2DBackpropFilterAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { imagesPerChunk, patchProduct } from '../patches.ts';
import { dispose } from '../heap.ts';
import { attributes, input, refuseChannelsFirst, run, type KernelCall, type WasmKernel } from '../kernel.ts';

function conv2DBackpropFilter(call: KernelCall): TensorInfo {
  const { backend } = call;
  const x = input(call, 'Conv2DBackpropFilter', 'x');
  const dy = input(call, 'Conv2DBackpropFilter', 'dy');
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributes<Conv2DBackpropFilterAttrs>(call);
  refuseChannelsFirst('Conv2DBackpropFilter', dataFormat);
  const xShape = x.shape as [number, number, number, number];
  const conv = tf.backend_util.computeConv2DInfo(xShape, filterShape, strides, 1, pad, dimRoundingMode, false);
  const chunk = imagesPerChunk(conv);
  let dW = patchProduct(backend, x, dy, conv, 0, chunk);
  for (let from = chunk; from < conv.batchSize; from += chunk) {
    const part = patchProduct(backend, x, dy, conv, from, Math.min(chunk, conv.batchSize - from));
    const sum = run(backend, 'Add', { a: dW, b: part });
    dispose(backend, dW, part);
    dW = sum;
  }
  return { ...dW, shape: [...filterShape] };
}

export const conv2DBackpropFilterKernel: WasmKernel = {
  name: 'Conv2DBackpropFilter',
  reason: 'missing',
  run: conv2DBackpropFilter,
};
