/** Every kernel of ours, in one table. To add one: write its file in kernels/, add its row, and its cases in the test. */
import type { WasmKernel } from './kernel.ts';
import { adamUpdateKernel } from './kernels/adam-update.ts';
import { avgPoolKernel } from './kernels/avg-pool.ts';
import { avgPoolGradKernel } from './kernels/avg-pool-grad.ts';
import { batchMatMulKernel } from './kernels/batch-mat-mul.ts';
import { castKernel } from './kernels/cast.ts';
import { clipByValueKernel } from './kernels/clip-by-value.ts';
import { conv2DKernel } from './kernels/conv-2d.ts';
import { conv2DBackpropFilterKernel } from './kernels/conv-2d-backprop-filter.ts';
import { conv2DBackpropInputKernel } from './kernels/conv-2d-backprop-input.ts';
import { conv3DBackpropInputKernel } from './kernels/conv-3d-backprop-input.ts';
import { depthwiseConv2DKernel } from './kernels/depthwise-conv-2d.ts';
import { depthwiseConv2DBackpropFilterKernel } from './kernels/depthwise-conv-2d-backprop-filter.ts';
import { depthwiseConv2DBackpropInputKernel } from './kernels/depthwise-conv-2d-backprop-input.ts';
import { einsumKernel } from './kernels/einsum.ts';
import { fusedConv2DKernel } from './kernels/fused-conv-2d.ts';
import { fusedDepthwiseConv2DKernel } from './kernels/fused-depthwise-conv-2d.ts';
import { fusedMatMulKernel } from './kernels/fused-mat-mul.ts';
import { identityKernel } from './kernels/identity.ts';
import { maxPoolKernel } from './kernels/max-pool.ts';
import { maxPoolGradKernel } from './kernels/max-pool-grad.ts';
import { maximumKernel } from './kernels/maximum.ts';
import { meanKernel } from './kernels/mean.ts';
import { minimumKernel } from './kernels/minimum.ts';
import { relu6Kernel } from './kernels/relu-6.ts';
import { reluGradKernel } from './kernels/relu-grad.ts';
import { resizeNearestNeighborGradKernel } from './kernels/resize-nearest-neighbor-grad.ts';
import { signKernel } from './kernels/sign.ts';
import { sliceKernel } from './kernels/slice.ts';
import { splitVKernel } from './kernels/split-v.ts';
import { stridedSliceKernel } from './kernels/strided-slice.ts';
import { sumKernel } from './kernels/sum.ts';
import { unpackKernel } from './kernels/unpack.ts';
import { unsortedSegmentSumKernel } from './kernels/unsorted-segment-sum.ts';

export const wasmKernels: readonly WasmKernel[] = [
  adamUpdateKernel,
  avgPoolKernel,
  avgPoolGradKernel,
  batchMatMulKernel,
  castKernel,
  clipByValueKernel,
  conv2DKernel,
  conv2DBackpropFilterKernel,
  conv2DBackpropInputKernel,
  conv3DBackpropInputKernel,
  depthwiseConv2DKernel,
  depthwiseConv2DBackpropFilterKernel,
  depthwiseConv2DBackpropInputKernel,
  einsumKernel,
  fusedConv2DKernel,
  fusedDepthwiseConv2DKernel,
  fusedMatMulKernel,
  identityKernel,
  maxPoolKernel,
  maxPoolGradKernel,
  maximumKernel,
  meanKernel,
  minimumKernel,
  relu6Kernel,
  reluGradKernel,
  resizeNearestNeighborGradKernel,
  signKernel,
  sliceKernel,
  splitVKernel,
  stridedSliceKernel,
  sumKernel,
  unpackKernel,
  unsortedSegmentSumKernel,
];
