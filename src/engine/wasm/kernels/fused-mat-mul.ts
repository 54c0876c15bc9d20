/** activation(op(A) op(B) + bias): the product in its fast form, the activation as a kernel that keeps not-a-number. */
import type { _FusedMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { activate } from '../activation.ts';
import { dispose } from '../heap.ts';
import { attributes, input, run, type KernelCall, type WasmKernel } from '../kernel.ts';

function fusedMatMul(call: KernelCall): TensorInfo {
  const { backend } = call;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attributes<_FusedMatMulAttrs>(call);
  const a = input(call, '_FusedMatMul', 'a');
  const b = input(call, '_FusedMatMul', 'b');
  const { bias, preluActivationWeights } = call.inputs;
  let out = run(backend, 'BatchMatMul', { a, b }, { transposeA, transposeB });
  if (bias !== undefined) {
    const product = out;
    out = run(backend, 'Add', { a: product, b: bias });
    dispose(backend, product);
  }
  return activate(backend, out, activation, { leaky: leakyreluAlpha ?? 0, prelu: preluActivationWeights });
}

export const fusedMatMulKernel: WasmKernel = { name: '_FusedMatMul', reason: 'wrong', run: fusedMatMul };
