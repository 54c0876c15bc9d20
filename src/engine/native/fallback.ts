/** Kernels that tfjs-node lacks but the plain cpu backend has: run there on copies, counted by name. */
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { browserKernels, onCpu, type Moves } from '../on-cpu.ts';
import { findKernel } from '../registry.ts';
import { tf } from '../tfjs.ts';
import { backendName, nodeBackend } from './kernels.ts';

type KernelCall = Parameters<KernelFunc>[0];

/** How often each kernel ran on the cpu backend since the process began. */
export const fallbackCounts = new Map<string, number>();

const moves: Moves = {
  read: (backend, { dataId }) => nodeBackend(backend).readSync(dataId) as Float32Array,
  // A copy: the native engine keeps what it is given.
  make: (backend, values, shape, dtype) => ({
    dataId: nodeBackend(backend).write(values.slice(), shape, dtype),
    shape,
    dtype,
  }),
};

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

/** Kernels of which TensorFlow computes taps that stand apart on some processors only: there it has oneDNN's. */
const undilated: ReadonlySet<string> = new Set(['DepthwiseConv2dNative', 'FusedDepthwiseConv2D']);

/** Whether TensorFlow computes a call of one of the kernels above on every processor. */
function isNative(name: string, attrs: KernelCall['attrs']): boolean {
  const dilations: unknown = attrs?.['dilations'];
  return (
    typeof attrs?.['pad'] === 'string' && (!undilated.has(name) || [dilations ?? 1].flat().every((each) => each === 1))
  );
}

/**
 * Lets the plain cpu backend do what has numbers for padding, and depthwise convolutions whose taps stand apart; `same` and
 * `valid`, all that a spec can say, stay native.
 */
export function installPaddingFallbacks(): void {
  for (const name of padded) {
    const native = findKernel(name, backendName);
    const cpu = findKernel(name, 'cpu');
    if (native === undefined || cpu === undefined || wrapped.has(native)) continue;
    const other = onCpu(cpu, fallbackCounts, moves);
    const kernel: KernelConfig = {
      ...native,
      kernelFunc: (call) => (isNative(name, call.attrs) ? native.kernelFunc(call) : other(call)),
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
    tf.registerKernel({ kernelName: name, backendName, kernelFunc: onCpu(config, fallbackCounts, moves) });
  }
}
