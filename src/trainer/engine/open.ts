/** The trainer's way to an engine. */
import { EngineError } from './errors.ts';
import type { Engine, EngineOptions, EngineRequest } from './types.ts';
import { openWasm } from './wasm/open.ts';

const nativeMissing = 'the native engine is not part of this version';

/**
 * Opens the engine and makes it tfjs's active backend.
 *
 * `wasm` and `auto` open the embedded engine (`auto` says in the description why the native one was not taken);
 * `native` is refused. Everything is loaded here: nothing is read from disk afterwards.
 * @throws EngineError `engine-unavailable`, whose message says what to do next.
 */
export async function openEngine(request: EngineRequest, options: EngineOptions): Promise<Engine> {
  if (request === 'native') {
    throw new EngineError(
      'engine-unavailable',
      `No native engine: ${nativeMissing}. Set "engine" to "auto" or "wasm" to train on the embedded one.`,
    );
  }
  return openWasm(options, request === 'auto' ? nativeMissing : '');
}
