/**
 * What TensorFlow reads from the environment when its library is loaded. It reads the process's own environment, which a
 * thread of Node only has a copy of: this is called in the main thread, before the library is loaded anywhere.
 */
import * as path from 'node:path';
import { processorsHere } from '../../runtime/machine.ts';

/** Threads that one operation may use: what the person says, else `fallback`, the processors this process may run on. */
export function intraOpThreads(env: NodeJS.ProcessEnv = process.env, fallback: number = processorsHere()): number {
  const given = Number(env['TF_NUM_INTRAOP_THREADS']);
  return Number.isInteger(given) && given > 0 ? given : fallback;
}

/**
 * Fixed threads and deterministic operations: the same build on the same number of threads gives the same bits. Whatever
 * the person has set stays.
 * @param runtime folder of the runtime that will be loaded
 * @param threads for one operation; absent: all processors
 */
export function prepareEnvironment(env: NodeJS.ProcessEnv, runtime: string, gpu: boolean, threads?: number): void {
  env['TF_NUM_INTRAOP_THREADS'] ??= String(intraOpThreads(env, threads));
  // Operations run one after another in the thread that asks: handing each to a pool costs more than a small one takes.
  env['TF_NUM_INTEROP_THREADS'] ??= '-1';
  env['TF_DETERMINISTIC_OPS'] ??= '1';
  // Information goes, warnings and errors stay: they end in the run's log.
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  if (!gpu) return;
  // Other programs of the machine need the GPU's memory, too.
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // XLA's compiler looks there for ptxas and libdevice.
  env['XLA_FLAGS'] ??= `--xla_gpu_cuda_data_dir=${path.join(runtime, 'deps', 'nvidia', 'cuda_nvcc')}`;
}

/** In the main thread of a process that may train on the native engine. */
export function prepareForRuntime(
  runtime: { readonly folder: string; readonly manifest: { readonly gpu: boolean } } | null,
  threads?: number,
): void {
  if (runtime !== null) prepareEnvironment(process.env, runtime.folder, runtime.manifest.gpu, threads);
}
