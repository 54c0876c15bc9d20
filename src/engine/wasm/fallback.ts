/**
 * Kernels that tfjs-backend-wasm and we lack but the plain cpu backend has: run there on copies, counted by name.
 * Complex numbers do not exist in the wasm heap, so the kernels that need them refuse in words.
 */
import { text } from '../../common/text.ts';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { browserKernels, onCpu, type Moves } from '../on-cpu.ts';
import { findKernel } from '../registry.ts';
import { tf } from '../tfjs.ts';
import { wasmBackend } from './heap.ts';

const complexKernels = new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real']);

/** How often each kernel ran on the cpu backend since the process began. */
export const fallbackCounts = new Map<string, number>();

function refuse(name: string): KernelConfig['kernelFunc'] {
  return () => {
    throw new EngineError(
      'operation-unsupported',
      text(
        `The embedded engine has no complex numbers: the operation ${name} cannot run on it. Use a real-valued layer or loss instead.`,
        `内置引擎没有复数，无法执行运算 ${name}。请改用实数的层或损失。`,
      ),
    );
  };
}

const moves: Moves = {
  read: (backend, { dataId }) => wasmBackend(backend).readSync(dataId) as Float32Array,
  make: (backend, values, shape, dtype) => wasmBackend(backend).makeOutput(shape, dtype, undefined, values),
};

/** Registers a fallback for every kernel of the cpu backend that the wasm backend has not got by now. */
export function installFallbacks(): void {
  for (const config of tf.getKernelsForBackend('cpu')) {
    const name = config.kernelName;
    if (browserKernels.has(name) || findKernel(name, 'wasm') !== undefined) continue;
    const kernelFunc = complexKernels.has(name) ? refuse(name) : onCpu(config, fallbackCounts, moves);
    tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc });
  }
}
