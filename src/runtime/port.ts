/** How an installation is asked for, seen and stopped: a window, a terminal and a test each have their own port. */
import type { Machine } from './checks.ts';

export type Phase = 'check' | 'download' | 'verify' | 'unpack' | 'compile' | 'test';

export interface InstallPort {
  /** The runtime folder (layout.ts). */
  readonly folder: string;
  /** The folder that holds `native/`: the bundles', or the working tree (addon.ts). */
  readonly assets: string;
  /** `done` of `total` bytes; `what` is the file at work. */
  progress(phase: Phase, done: number, total: number, what: string): void;
  readonly signal?: AbortSignal | undefined;
  /** Of this machine unless a test says otherwise. */
  readonly machine?: Machine;
}

export interface InstallRequest {
  readonly gpu?: boolean;
  /** The Python whose pip fetches; else the first with pip on the PATH. */
  readonly python?: string | undefined;
  /** A wheel, a folder or a Python environment to take TensorFlow from; at most a compiler is fetched then. */
  readonly from?: string | undefined;
  /** Compile the addon here even where the extension brings one. */
  readonly compile?: boolean;
  /** The C++ compiler for that; `pinned` fetches the one of compilers.ts. */
  readonly compiler?: string | undefined;
}
