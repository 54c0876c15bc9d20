/** The trainer's way to an engine. */
import { text } from '../common/text.ts';
import { EngineError, notInstalled } from './errors.ts';
import type { Engine, EngineOptions, EngineRequest } from './contract.ts';
import { openWasm } from './wasm/open.ts';

/**
 * Opens the engine and makes it tfjs's active backend.
 *
 * `auto` takes the native engine where it is installed and works, else the embedded one, whose description then says why
 * the native one was not taken; `native` and `wasm` take that one or none. Everything is loaded here: nothing is read
 * from disk afterwards.
 * @throws EngineError `engine-unavailable`, whose message says what to do next.
 */
export async function openEngine(request: EngineRequest, options: EngineOptions): Promise<Engine> {
  if (request === 'wasm') return openWasm(options, null);
  try {
    return await openNative(options);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (request === 'auto') return openWasm(options, error.text);
    throw new EngineError(
      'engine-unavailable',
      text(
        `No native engine: ${error.text.en}. Set "engine" to "auto" or "wasm" to train on the embedded one.`,
        `原生引擎不可用：${error.text.zh}。若要使用内置引擎训练，请将 "engine" 设为 "auto" 或 "wasm"。`,
      ),
      { cause: error },
    );
  }
}

async function openNative({ runtimeFolder }: EngineOptions): Promise<Engine> {
  if (runtimeFolder === undefined) {
    throw notInstalled();
  }
  // Loaded only when it is asked for: tfjs-node's code takes its time, and a machine without the engine has no use for it.
  const native = await import('./native/open.ts');
  return native.openNative(runtimeFolder);
}
