/** Kernels that tfjs-node lacks but the plain cpu backend has: run there on copies, counted by name. */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { findKernel } from '../registry.ts';
import { cpuBackend, tf } from '../tfjs.ts';
import { backendName, nodeBackend } from './kernels.ts';

/** Draws on a canvas, which Node does not have. */
const browserKernels = new Set(['Draw', 'FromPixels']);

/** How often each kernel ran on the cpu backend since the process began. */
export const fallbackCounts = new Map<string, number>();

function onCpu(config: KernelConfig): KernelConfig['kernelFunc'] {
  return ({ inputs, backend, attrs }) => {
    const native = nodeBackend(backend);
    const cpu = tf.engine().findBackend('cpu');
    if (!(cpu instanceof cpuBackend.MathBackendCPU)) throw new EngineError('engine-unavailable', 'No cpu backend.');
    fallbackCounts.set(config.kernelName, (fallbackCounts.get(config.kernelName) ?? 0) + 1);
    const copies: Record<string, TensorInfo> = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, info]) =>
        info === undefined
          ? []
          : [[name, cpu.makeTensorInfo(info.shape, info.dtype, native.readSync(info.dataId) as Float32Array)]],
      ),
    );
    const result = config.kernelFunc({ inputs: copies, backend: cpu, attrs: attrs ?? {} });
    const outs = (Array.isArray(result) ? result : [result]).map(({ dataId, shape, dtype }: TensorInfo) => {
      // A copy: the native engine keeps what it is given.
      const moved = native.write(cpu.readSync(dataId).slice(), shape, dtype);
      cpu.disposeIntermediateTensorInfo({ dataId, shape, dtype });
      return { dataId: moved, shape, dtype };
    });
    for (const copy of Object.values(copies)) cpu.disposeIntermediateTensorInfo(copy);
    return Array.isArray(result) ? outs : (outs[0] ?? []);
  };
}

/** Kernels whose padding may be a number a side, which TensorFlow's operations as tfjs-node calls them do not take. */
const padded = [
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  'MaxPool',
  'MaxPoolGrad',
  'AvgPool',
  'AvgPoolGrad',
];

/** Lets the plain cpu backend do what has numbers for padding; `same` and `valid`, all that a spec can say, stay native. */
export function installPaddingFallbacks(): void {
  for (const name of padded) {
    const native = findKernel(name, backendName);
    const cpu = findKernel(name, 'cpu');
    if (native === undefined || cpu === undefined || wrapped.has(native)) continue;
    const other = onCpu(cpu);
    const kernel: KernelConfig = {
      ...native,
      kernelFunc: (call) => {
        const pad: unknown = call.attrs?.['pad'];
        return typeof pad === 'string' ? native.kernelFunc(call) : other(call);
      },
    };
    tf.unregisterKernel(name, backendName);
    tf.registerKernel(kernel);
    wrapped.add(kernel);
  }
}

const wrapped = new WeakSet<KernelConfig>();

/** Registers a fallback for every kernel of the cpu backend that the native backend has not got by now. */
export function installFallbacks(): void {
  for (const config of tf.getKernelsForBackend('cpu')) {
    const name = config.kernelName;
    if (browserKernels.has(name) || findKernel(name, backendName) !== undefined) continue;
    tf.registerKernel({ kernelName: name, backendName, kernelFunc: onCpu(config) });
  }
}
