/** dW[kh, kw, c, m] = Σ over positions of x[…, c] · dy[…, c·M + m], accumulated in double precision. */
import type { DepthwiseConv2dNativeBackpropFilterAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { depthwiseInfo, forEachTap } from '../depthwise.ts';
import { allocate, floats } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

function backpropFilter(call: KernelCall): TensorInfo {
  const { backend } = call;
  const x = input(call, 'DepthwiseConv2dNativeBackpropFilter', 'x');
  const dy = input(call, 'DepthwiseConv2dNativeBackpropFilter', 'dy');
  const attrs = attributes<DepthwiseConv2dNativeBackpropFilterAttrs>(call);
  const conv = depthwiseInfo(x.shape, attrs.filterShape, attrs);
  const multiplier = conv.outChannels / conv.inChannels;
  const out = allocate(backend, attrs.filterShape, 'float32');
  const [value, slope, to] = [floats(backend, x), floats(backend, dy), floats(backend, out)];
  const sums = new Float64Array(to.length);
  forEachTap(conv, (atX, atDy, atFilter) => {
    for (let c = 0, o = 0; c < conv.inChannels; c++) {
      const v = value[atX + c] ?? 0;
      for (let m = 0; m < multiplier; m++, o++)
        sums[atFilter + o] = (sums[atFilter + o] ?? 0) + v * (slope[atDy + o] ?? 0);
    }
  });
  to.set(sums);
  return out;
}

export const depthwiseConv2DBackpropFilterKernel: WasmKernel = {
  name: 'DepthwiseConv2dNativeBackpropFilter',
  reason: 'missing',
  run: backpropFilter,
};
