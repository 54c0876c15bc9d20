/**
 * Kernels that tfjs-backend-wasm and we lack but the plain cpu backend has: run there on copies, counted by name.
 * Complex numbers do not exist in the wasm heap, so the kernels that need them refuse in words.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { findKernel } from '../registry.ts';
import { cpuBackend, tf } from '../tfjs.ts';
import { wasmBackend } from './heap.ts';

const complexKernels = new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real']);

/** Draws on a canvas, which Node does not have. */
const browserKernels = new Set(['Draw', 'FromPixels']);

/** How often each kernel ran on the cpu backend since the process began. */
export const fallbackCounts = new Map<string, number>();

function refuse(name: string): KernelConfig['kernelFunc'] {
  return () => {
    throw new EngineError(
      'operation-unsupported',
      `The embedded engine has no complex numbers: the operation ${name} cannot run on it. Use a real-valued layer or loss instead.`,
    );
  };
}

function onCpu(config: KernelConfig): KernelConfig['kernelFunc'] {
  return ({ inputs, backend, attrs }) => {
    const wasm = wasmBackend(backend);
    const cpu = tf.engine().findBackend('cpu');
    if (!(cpu instanceof cpuBackend.MathBackendCPU)) throw new EngineError('engine-unavailable', 'No cpu backend.');
    fallbackCounts.set(config.kernelName, (fallbackCounts.get(config.kernelName) ?? 0) + 1);
    const copies: Record<string, TensorInfo> = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, info]) =>
        info === undefined
          ? []
          : [[name, cpu.makeTensorInfo(info.shape, info.dtype, wasm.readSync(info.dataId) as Float32Array)]],
      ),
    );
    const result = config.kernelFunc({ inputs: copies, backend: cpu, attrs: attrs ?? {} });
    const outs = (Array.isArray(result) ? result : [result]).map((info: TensorInfo) => {
      const moved = wasm.makeOutput(info.shape, info.dtype, undefined, cpu.readSync(info.dataId));
      cpu.disposeIntermediateTensorInfo(info);
      return moved;
    });
    for (const copy of Object.values(copies)) cpu.disposeIntermediateTensorInfo(copy);
    return Array.isArray(result) ? outs : (outs[0] ?? []);
  };
}

/** Registers a fallback for every kernel of the cpu backend that the wasm backend has not got by now. */
export function installFallbacks(): void {
  for (const config of tf.getKernelsForBackend('cpu')) {
    const name = config.kernelName;
    if (browserKernels.has(name) || findKernel(name, 'wasm') !== undefined) continue;
    const kernelFunc = complexKernels.has(name) ? refuse(name) : onCpu(config);
    tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc });
  }
}
