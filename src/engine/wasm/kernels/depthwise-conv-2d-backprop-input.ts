/** dx[…, c] = Σ over taps and m of dy[…, c·M + m] · W[kh, kw, c, m]. */
import type { DepthwiseConv2dNativeBackpropInputAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { depthwiseInfo, forEachTap } from '../depthwise.ts';
import { floats, zeros } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

function backpropInput(call: KernelCall): TensorInfo {
  const { backend } = call;
  const dy = input(call, 'DepthwiseConv2dNativeBackpropInput', 'dy');
  const filter = input(call, 'DepthwiseConv2dNativeBackpropInput', 'filter');
  const attrs = attributes<DepthwiseConv2dNativeBackpropInputAttrs>(call);
  const conv = depthwiseInfo(attrs.inputShape, filter.shape, attrs);
  const multiplier = conv.outChannels / conv.inChannels;
  const out = zeros(backend, attrs.inputShape);
  const [slope, weight, to] = [floats(backend, dy), floats(backend, filter), floats(backend, out)];
  forEachTap(conv, (atX, atDy, atFilter) => {
    for (let c = 0, o = 0; c < conv.inChannels; c++) {
      let sum = to[atX + c] ?? 0;
      for (let m = 0; m < multiplier; m++, o++) sum += (slope[atDy + o] ?? 0) * (weight[atFilter + o] ?? 0);
      to[atX + c] = sum;
    }
  });
  return out;
}

export const depthwiseConv2DBackpropInputKernel: WasmKernel = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  reason: 'missing',
  run: backpropInput,
};
