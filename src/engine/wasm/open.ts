/** Opens the embedded engine: tfjs-backend-wasm with our kernels, from binaries that lie on disk. */
import { joined, text, type Text } from '../../common/text.ts';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { mendCpuBackend } from '../cpu.ts';
import { EngineError } from '../errors.ts';
import { isBackendRegistered } from '../registry.ts';
import { tf, wasm } from '../tfjs.ts';
import type { Engine, EngineDescription, EngineOptions } from '../contract.ts';
import { refuseOversized, tellingExhaustion } from './exhaustion.ts';
import { fallbackCounts, installFallbacks } from './fallback.ts';
import { wasmBackend, type BackendWasm } from './heap.ts';
import { installGradients } from '../gradients.ts';
import { installKernels } from './install.ts';
import { wasmKernels } from './kernels.ts';

const simdBinary = 'tfjs-backend-wasm-simd.wasm';
const plainBinary = 'tfjs-backend-wasm.wasm';

/** tf.removeBackend forgets the factory too; a later open needs it again. */
const factory = tf.findBackendFactory('wasm');

/** The backend is one a process: engines opened on top of each other share it, the last to go frees it. */
let open: Promise<Held> | undefined;

interface Held {
  readonly backend: BackendWasm;
  readonly simd: boolean;
  users: number;
}

async function requireFile(file: string): Promise<void> {
  try {
    await access(file);
  } catch (cause) {
    throw new EngineError(
      'engine-unavailable',
      text(
        `The embedded engine's file ${path.basename(file)} is missing: install the extension again, or run "npm run build" in a clone.`,
        `缺少内置引擎的文件 ${path.basename(file)}：请重新安装扩展，或在源代码目录中运行“npm run build”。`,
      ),
      { cause },
    );
  }
}

/**
 * Emscripten adds process-wide handlers that rethrow whatever was not caught; a trainer has its own idea of that.
 */
async function withoutNewListeners<T>(action: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'exit'));
  const result = await action();
  events.forEach((event, index) => {
    for (const listener of process.listeners(event as 'exit')) {
      if (!before[index]?.includes(listener)) process.removeListener(event, listener);
    }
  });
  return result;
}

async function start(assetsDirectory: string): Promise<Held> {
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  await requireFile(path.join(assetsDirectory, simd ? simdBinary : plainBinary));
  installKernels(wasmKernels);
  installFallbacks();
  installGradients();
  mendCpuBackend();
  wasm.setWasmPaths(assetsDirectory.endsWith(path.sep) ? assetsDirectory : assetsDirectory + path.sep);
  if (!isBackendRegistered('wasm')) {
    tf.registerBackend('wasm', factory, 2);
  }
  const ready = await withoutNewListeners(() => tellingExhaustion(() => tf.setBackend('wasm')));
  if (!ready) {
    throw new EngineError(
      'engine-unavailable',
      text(
        'The embedded engine\'s WebAssembly did not start, so its files are damaged or of another version: install the extension again, or run "npm run build" in a clone.',
        '内置引擎的 WebAssembly 未能启动，其文件已损坏或版本不符：请重新安装扩展，或在源代码目录中运行“npm run build”。',
      ),
    );
  }
  const backend = wasmBackend(tf.backend());
  refuseOversized(backend);
  return { backend, simd, users: 0 };
}

function describe(simd: boolean, note: Text | null): EngineDescription {
  const set = simd
    ? text('SIMD', 'SIMD')
    : text('no SIMD (this Node cannot): several times slower', '无 SIMD（当前 Node 不支持），慢数倍');
  const how = text(
    `TensorFlow.js ${tf.version_core} on WebAssembly, ${set.en}, 1 thread`,
    `TensorFlow.js ${tf.version_core}（WebAssembly），${set.zh}，1 个线程`,
  );
  return {
    name: 'wasm',
    device: 'cpu',
    detail: note === null ? how : joined([how, note]),
    graph: false,
    threads: 1,
    deterministic: true,
  };
}

/** @param note appended to the description's detail: why a better engine was not taken; null where none was asked for */
export async function openWasm(options: EngineOptions, note: Text | null): Promise<Engine> {
  // The promise is kept, so that two that open at once do not start it twice.
  open ??= start(options.assetsDirectory).catch((error: unknown) => {
    open = undefined;
    throw error;
  });
  const held = await open;
  held.users++;
  let disposed = false;
  return {
    description: describe(held.simd, note),
    version: `TensorFlow.js ${tf.version_core}, ${held.simd ? 'SIMD' : 'no SIMD'}`,
    backend: held.backend,
    fallbacks: () => new Map(fallbackCounts),
    dispose() {
      if (disposed) return;
      disposed = true;
      if (--held.users > 0) return;
      open = undefined;
      tf.removeBackend('wasm');
    },
  };
}
