/** Registers our kernels with tfjs in place of, or beside, those of tfjs-backend-wasm. */
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { findKernel } from '../registry.ts';
import { tf } from '../tfjs.ts';
import { keepStock, type WasmKernel } from './kernel.ts';

/**
 * Idempotent. A replaced kernel keeps its predecessor's set-up function, which binds the wasm module's exports: ours
 * may call the predecessor.
 */
export function installKernels(kernels: readonly WasmKernel[]): void {
  for (const kernel of kernels) {
    const stock = findKernel(kernel.name, 'wasm');
    const ours = kernel.run as unknown as KernelConfig['kernelFunc'];
    if (stock?.kernelFunc === ours) continue;
    if (stock !== undefined) {
      keepStock(kernel.name, stock.kernelFunc);
      tf.unregisterKernel(kernel.name, 'wasm');
    }
    const setup = stock?.setupFunc;
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: 'wasm',
      kernelFunc: ours,
      ...(setup === undefined ? {} : { setupFunc: setup }),
    });
  }
}
