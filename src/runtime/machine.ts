/** What this machine has for a run, for who estimates whether it fits. */
import * as os from 'node:os';
import * as process from 'node:process';
import { currentRuntime } from './installed.ts';
import { runtimeFolder } from './layout.ts';

/** Fits the plan's `Machine`. */
export interface Machine {
  readonly total: number;
  readonly available: number;
  readonly native: boolean;
}

/** What Node and the system tell, in bytes. */
export interface Told {
  readonly total: number;
  readonly free: number;
  /** A container's limit: 0 or far beyond the machine where there is none. */
  readonly constrained?: number | undefined;
  readonly available?: number | undefined;
  readonly platform: string;
}

/** What macOS calls free leaves out what it would give back at once. */
const shareOfMac = 0.7;

export function memoryOf({ total, free, constrained = 0, available = free, platform }: Told): {
  readonly total: number;
  readonly available: number;
} {
  const most = constrained > 0 ? Math.min(total, constrained) : total;
  const left = platform === 'darwin' ? Math.max(available, shareOfMac * most) : available;
  return { total: most, available: Math.min(left, most) };
}

/** Reads nothing but the system's own numbers and the list of installed runtimes. */
export function thisMachine(folder = runtimeFolder()): Machine {
  // Node 20.13 and newer know what a container may still take.
  const { constrainedMemory, availableMemory } = process as {
    readonly constrainedMemory?: () => number | undefined;
    readonly availableMemory?: () => number;
  };
  const told = {
    ...{ total: os.totalmem(), free: os.freemem(), platform: process.platform },
    ...{ constrained: constrainedMemory?.(), available: availableMemory?.() },
  };
  return { ...memoryOf(told), native: currentRuntime(folder) !== null };
}
