/** Kernels of the plain cpu backend for a back end that lacks them: on copies of its tensors, counted by name. */
import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { cpuBackend, tf } from './tfjs.ts';

/** How tensors leave a back end and come back to it. */
export interface Moves {
  read(backend: unknown, info: TensorInfo): Float32Array;
  make(backend: unknown, values: Float32Array, shape: number[], dtype: DataType): TensorInfo;
}

/** Draws on a canvas, which Node does not have. */
export const browserKernels: ReadonlySet<string> = new Set(['Draw', 'FromPixels']);

/** @param counts how often each kernel ran on the cpu backend since the process began */
export function onCpu(config: KernelConfig, counts: Map<string, number>, moves: Moves): KernelConfig['kernelFunc'] {
  return ({ inputs, backend, attrs }) => {
    const cpu = tf.engine().findBackend('cpu');
    if (!(cpu instanceof cpuBackend.MathBackendCPU)) throw new Error('There is no cpu backend.');
    counts.set(config.kernelName, (counts.get(config.kernelName) ?? 0) + 1);
    const copies: Record<string, TensorInfo> = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, info]) =>
        info === undefined ? [] : [[name, cpu.makeTensorInfo(info.shape, info.dtype, moves.read(backend, info))]],
      ),
    );
    const result = config.kernelFunc({ inputs: copies, backend: cpu, attrs: attrs ?? {} });
    const outs = (Array.isArray(result) ? result : [result]).map((info: TensorInfo) => {
      const moved = moves.make(backend, cpu.readSync(info.dataId) as Float32Array, info.shape, info.dtype);
      cpu.disposeIntermediateTensorInfo(info);
      return moved;
    });
    for (const copy of Object.values(copies)) cpu.disposeIntermediateTensorInfo(copy);
    return Array.isArray(result) ? outs : (outs[0] ?? []);
  };
}
