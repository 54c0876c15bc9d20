/** Mean over axes, accumulated in double precision; always float32. */
import type { MeanAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { reduceSum } from '../reduce.ts';

function mean(call: KernelCall): TensorInfo {
  const { axis, keepDims } = attributes<MeanAttrs>(call);
  return reduceSum(call.backend, input(call, 'Mean', 'x'), { axis, keepDims, mean: true, dtype: 'float32' });
}

export const meanKernel: WasmKernel = { name: 'Mean', reason: 'wrong', run: mean };
