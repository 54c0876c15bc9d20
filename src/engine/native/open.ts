/**
 * Opens the native engine: TensorFlow's C library from the runtime folder, through the addon that lies with it, under
 * tfjs-node's own backend and kernels.
 */
import { textOfError } from '../../common/told-error.ts';
import { joined, text, type Text, withoutEnd } from '../../common/text.ts';
import * as os from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { gpuModels, unusedGpu } from '../../runtime/gpu.ts';
import { currentRuntime, trustedAddon, type Runtime } from '../../runtime/installed.ts';
import { probe } from '../../runtime/probe.ts';
import { RuntimeError } from '../../runtime/error.ts';
import { mendCpuBackend } from '../cpu.ts';
import { EngineError, notInstalled } from '../errors.ts';
import { installGradients } from '../gradients.ts';
import { findKernel } from '../registry.ts';
import { tf } from '../tfjs.ts';
import type { Engine, EngineDescription } from '../contract.ts';
import { intraOpThreads, prepareForRuntime } from './environment.ts';
import { fallbackCounts, installFallbacks, installPaddingFallbacks } from './fallback.ts';
import { backendName, nativeKernels } from './kernels.ts';
import { NodeJSKernelBackend, type TFJSBinding } from './tfjs-node.ts';

/**
 * RTLD_NODELETE of dlfcn.h (glibc, macOS), which Node has no name for. When a thread ends, Node unloads what it has
 * loaded; the threads of TensorFlow's library would go on in memory that is gone.
 */
const neverUnload = process.platform === 'darwin' ? 0x80 : 0x1000;

/** A library is loaded once a process; so the addon, and the backend on top of it, are one a process. */
let loaded: { readonly addon: string; readonly binding: TFJSBinding; readonly version: string } | undefined;
let users = 0;

/**
 * @param folder the runtime folder
 * @throws EngineError `engine-unavailable`: why there is no native engine, as the middle of a sentence
 */
export async function openNative(folder: string): Promise<Engine> {
  const runtime = installed(folder);
  const { binding, version } = load(runtime);
  const backend = activate(binding);
  users++;
  let disposed = false;
  return {
    description: { ...describe(runtime, backend), detail: await detailOf(runtime, version, backend) },
    version: `TensorFlow ${version}${runtime.manifest.gpu ? ', CUDA build' : ''}`,
    backend,
    fallbacks: () => new Map(fallbackCounts),
    dispose() {
      if (disposed) return;
      disposed = true;
      if (--users === 0) tf.removeBackend(backendName);
    },
  };
}

function unavailable(why: Text, cause?: unknown): EngineError {
  return new EngineError('engine-unavailable', why, { cause });
}

function installed(folder: string): Runtime {
  const runtime = currentRuntime(folder);
  if (runtime === null) throw notInstalled();
  return runtime;
}

/** Loads the library into this process; a second time gives the first one's. */
function load(runtime: Runtime): NonNullable<typeof loaded> {
  try {
    const addon = trustedAddon(runtime);
    if (loaded !== undefined) return loaded;
    if (isMainThread) prepareForRuntime(runtime);
    const found: { exports: unknown } = { exports: {} };
    process.dlopen(found, addon, os.constants.dlopen.RTLD_LAZY | neverUnload);
    const binding = found.exports as TFJSBinding & { readonly TF_Version: string };
    loaded = { addon, binding, version: binding.TF_Version };
    return loaded;
  } catch (error) {
    // A sentence of its own becomes the middle of one.
    if (error instanceof RuntimeError) throw unavailable(withoutEnd(error.text), error);
    const { en, zh } = textOfError(error);
    throw unavailable(
      text(
        `the native engine in ${runtime.folder} cannot be loaded (${en}); "mtl doctor" says more`,
        `无法加载 ${runtime.folder} 中的原生引擎（${zh}）；详见“mtl doctor”`,
      ),
      error,
    );
  }
}

function activate(binding: TFJSBinding): NodeJSKernelBackend {
  for (const kernel of nativeKernels) {
    if (findKernel(kernel.kernelName, backendName) !== undefined) tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel(kernel);
  }
  installFallbacks();
  installPaddingFallbacks();
  installGradients();
  mendCpuBackend();
  if (users === 0) {
    // A backend that was freed has forgotten its tensors: a new one begins empty.
    tf.registerBackend(backendName, () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'), 3);
  }
  void tf.setBackend(backendName);
  // setBackend does not throw when the factory fails; asking for the backend does.
  const backend: unknown = tf.backend();
  if (backend instanceof NodeJSKernelBackend) return backend;
  throw unavailable(text('TensorFlow did not start; "mtl doctor" says more', 'TensorFlow 未能启动；详见“mtl doctor”'));
}

function describe({ manifest }: Runtime, backend: NodeJSKernelBackend): Omit<EngineDescription, 'detail'> {
  return {
    name: 'native',
    device: backend.isUsingGpuDevice ? (gpuModels()[0] ?? manifest.device ?? 'gpu') : 'cpu',
    graph: false,
    threads: intraOpThreads(),
    deterministic: process.env['TF_DETERMINISTIC_OPS'] === '1',
  };
}

/** Versions, device, and why no better one is used. */
async function detailOf(runtime: Runtime, version: string, backend: NodeJSKernelBackend): Promise<Text> {
  if (backend.isUsingGpuDevice) return text(`TensorFlow ${version} on the GPU`, `TensorFlow ${version}（GPU）`);
  const threads = intraOpThreads();
  const where = text(
    `TensorFlow ${version} on the CPU, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`,
    `TensorFlow ${version}（CPU），${String(threads)} 个线程`,
  );
  const why = runtime.manifest.gpu ? await whyOnCpu(runtime) : unusedGpu(false);
  return why === null ? where : joined([where, why]);
}

/** TensorFlow says why on the stderr of its process: another one is asked, since this one's goes to the log. */
async function whyOnCpu({ folder }: Runtime): Promise<Text> {
  const asked = await probe(folder).catch(() => null);
  const why = asked?.whyNoGpu ?? text('"mtl doctor" says why', '原因见“mtl doctor”');
  return text(
    `no GPU is used although the GPU build is installed: ${why.en}`,
    `已安装 GPU 版本但未使用 GPU：${why.zh}`,
  );
}
