/**
 * What happens when the engine's memory can grow no further. tfjs does not look whether an allocation succeeded: a tensor
 * at address 0 overwrites the module's own data, and an operator that XNNPACK could not make gives whatever the memory
 * held, or the module ends with "memory access out of bounds". So the refused growth itself is made the error.
 */
import { text } from '../../common/text.ts';
import { sizeText } from '../../common/size.ts';
import { EngineError } from '../errors.ts';
import type { BackendWasm } from './heap.ts';

type Resize = (bytes: number) => number | boolean;
type Imports = Readonly<Record<string, Record<string, unknown> | undefined>>;

/** What the types of Node and of the package leave out. */
interface Assembly {
  instantiate: (source: unknown, imports?: Imports) => Promise<unknown>;
}
interface Allocator {
  _malloc: (bytes: number) => number;
  _free: (offset: number) => void;
}

const resizeName = 'emscripten_resize_heap';

/** @param bytes size of the memory that was asked for */
function exhausted(bytes: number): EngineError {
  return new EngineError(
    'memory',
    text(
      `The embedded engine needs ${sizeText(bytes)} of memory and cannot have it: WebAssembly has 4 GB at most, and less where the machine has less. Use smaller layers, a smaller batchSize, an optimizer that remembers less ("sgd"), or the native engine ("mtl runtime install"). The last checkpoint is kept.`,
      `内置引擎需要 ${sizeText(bytes)} 内存而无法取得：WebAssembly 最多 4 GB，机器内存较小时更少。请使用更小的层、更小的 batchSize、占用更少的优化器（"sgd"），或原生引擎（“mtl runtime install”）。最近的检查点已保留。`,
    ),
  );
}

/** The module's imports, with an error where it asks for memory in vain; the exception passes through the module. */
function withError(imports: Imports | undefined): void {
  const { env } = imports ?? {};
  const resize = env?.[resizeName] as Resize | undefined;
  if (env === undefined || resize === undefined) return;
  env[resizeName] = (bytes: number): number | boolean => {
    const grown = resize(bytes);
    // WebAssembly hands sizes over with a sign.
    if (!grown) throw exhausted(bytes >>> 0);
    return grown;
  };
}

/** Sizes that no growth is even tried for, and those that WebAssembly's 32 bits would wrap around. */
export function refuseOversized({ wasm }: BackendWasm): void {
  const allocator = wasm as unknown as Allocator;
  // Emscripten's first call puts the module's own function in place of the one that is there.
  allocator._free(allocator._malloc(1));
  const malloc = allocator._malloc.bind(allocator);
  allocator._malloc = (bytes: number): number => {
    const offset = bytes < 2 ** 32 ? malloc(bytes) : 0;
    if (offset === 0 && bytes > 0) throw exhausted(bytes);
    return offset;
  };
}

/** Runs what instantiates the module: tfjs builds its imports itself, so they are met on their way. */
export async function tellingExhaustion<T>(start: () => Promise<T>): Promise<T> {
  const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly: Assembly };
  const { instantiate } = assembly;
  assembly.instantiate = (source, imports) => {
    withError(imports);
    return instantiate(source, imports);
  };
  try {
    return await start();
  } finally {
    assembly.instantiate = instantiate;
  }
}
