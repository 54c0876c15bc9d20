/**
 * What the trainer knows of an engine. The embedded engine (wasm) and the native one implement this same interface;
 * nothing outside this folder asks which of them is at work.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Text } from '../common/text.ts';

/** How an engine names itself in the `start` record, the panel and `mtl doctor`. */
export interface EngineDescription {
  readonly name: 'native' | 'wasm';
  /** `cpu` or `gpu`, or the name the device driver gives. */
  readonly device: string;
  /** One line for people: versions, instruction set, why a better engine was not taken. */
  readonly detail: Text;
  /** True where steps run as one captured graph. */
  readonly graph: boolean;
  readonly threads: number;
  /** True when the same build, processor model and thread count give the same bits. */
  readonly deterministic: boolean;
}

/** What a spec or a command line asks for; `auto` takes the best there is. */
export type EngineRequest = 'auto' | 'native' | 'wasm';

export interface EngineOptions {
  /** The folder that holds the engine's binaries (`*.wasm`): the bundles' folder, or the package's when run from source. */
  readonly assetsDirectory: string;
  /** The folder of the native engine's runtimes; without one the native engine counts as not installed. */
  readonly runtimeFolder?: string;
}

export interface Engine {
  readonly description: EngineDescription;
  /** Of the library that computes, and how it was built: another one may give other numbers. */
  readonly version: string;
  /** The tfjs backend that is now active, as registered with tfjs-core. */
  readonly backend: tf.KernelBackend;
  /** How often an operation the engine lacks ran on the plain cpu backend instead, by kernel name. */
  fallbacks(): ReadonlyMap<string, number>;
  /** Frees the backend. The engine cannot be used afterwards. */
  dispose(): void;
}
