/** Every kernel of ours, in one table. To add one: write its file in kernels/, add its row, and its cases in the test. */
import type { WasmKernel } from './kernel.ts';
import { batchMatMulKernel } from './kernels/batch-mat-mul.ts';
import { conv2DBackpropFilterKernel } from './kernels/conv-2d-backprop-filter.ts';

export const wasmKernels: readonly WasmKernel[] = [batchMatMulKernel, conv2DBackpropFilterKernel];
