/** What this machine has for a run, for who estimates whether it fits. */
import { memoryHere, type Memory } from '../files/memory.ts';
import { currentRuntime } from './installed.ts';
import { runtimeFolder } from './layout.ts';

export { processorsHere } from '../files/processors.ts';

/** Fits the plan's `Machine`. */
export interface Machine extends Memory {
  readonly native: boolean;
}

/** Reads nothing but the system's own numbers and the list of installed runtimes. */
export function thisMachine(folder = runtimeFolder()): Machine {
  return { ...memoryHere(), native: currentRuntime(folder) !== null };
}
