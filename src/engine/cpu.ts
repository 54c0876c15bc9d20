/**
 * A kernel of tfjs's plain cpu backend that is wrong. The engines run there what they lack, and tests compare with it.
 */
import type { AvgPoolGradAttrs, KernelConfig } from '@tensorflow/tfjs-core';
import { averagePoolGradient } from './pooling.ts';
import { cpuBackend, tf } from './tfjs.ts';

/** Each dy is shared by the elements that its window has inside the image, not by the padding too. */
const avgPoolGrad: KernelConfig = {
  kernelName: 'AvgPoolGrad',
  backendName: 'cpu',
  kernelFunc: ({ inputs: { dy, input: x }, backend, attrs }) => {
    if (!(backend instanceof cpuBackend.MathBackendCPU) || dy === undefined || x === undefined) {
      throw new Error('AvgPoolGrad of the cpu backend takes dy and input.');
    }
    const { filterSize, strides, pad } = attrs as unknown as AvgPoolGradAttrs;
    const shape = x.shape as [number, number, number, number];
    const conv = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    const dx = new Float32Array(tf.util.sizeFromShape(x.shape));
    averagePoolGradient(Float32Array.from(backend.readSync(dy.dataId) as Float32Array), dx, conv);
    return backend.makeTensorInfo(x.shape, 'float32', dx);
  },
};

/** Idempotent. */
export function mendCpuBackend(): void {
  tf.unregisterKernel(avgPoolGrad.kernelName, avgPoolGrad.backendName);
  tf.registerKernel(avgPoolGrad);
}
