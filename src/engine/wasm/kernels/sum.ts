/** Sum over axes, accumulated in double precision. */
import type { SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { reduceSum } from '../reduce.ts';

function sum(call: KernelCall): TensorInfo {
  const x = input(call, 'Sum', 'x');
  const { axis, keepDims } = attributes<SumAttrs>(call);
  const dtype = x.dtype === 'bool' ? 'int32' : x.dtype;
  return reduceSum(call.backend, x, { axis, keepDims, mean: false, dtype });
}

export const sumKernel: WasmKernel = { name: 'Sum', reason: 'wrong', run: sum };
