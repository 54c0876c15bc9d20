/**
 * What runs an experiment's runs: processes on this machine, or the nodes of a cluster. The driver says which run is next
 * and judges what has become of it by its run directory; an executor only starts, watches and stops.
 *
 * Every method may be called again after a crash of the driver: what was submitted already is taken over, not repeated.
 */
import type { Text } from '../../common/text.ts';
import type { ControlRequest } from '../../runs/control.ts';
import type { ProcessExit } from '../../runs/detached.ts';
import type { PlannedRun } from '../contract.ts';

/** Kinds of executors; a row each in `table.ts`. */
export interface ExecutorKinds {
  readonly local: LocalSettings;
}

export type ExecutorName = keyof ExecutorKinds;

/** For whoever only asks whether there is one. */
export const executorNames: readonly ExecutorName[] = ['local'];

/** Where a run lies, and how it is begun. */
export interface RunPlace {
  /** Absolute; a run directory that is made already. */
  readonly directory: string;
  readonly resume: boolean;
}

/** How the process of a run ended, as far as is known: nothing of one that was taken over. */
export interface RunExit extends Partial<ProcessExit> {
  /** The disk is full, or cannot be written. */
  readonly unwritable?: Text;
}

export interface Executor {
  readonly name: ExecutorName;
  /** At most so many at once. */
  readonly slots: number;
  /** Where that number comes from. */
  readonly says: Text;
  /** Why the run cannot be submitted now; null where it can. */
  whyNoRoom(run: PlannedRun): Text | null;
  /** Starts a run, or takes it over where it is alive already. */
  submit(run: PlannedRun, where: RunPlace): Promise<void>;
  /** Told once for every run that was submitted, when nobody works on it any more. */
  watch(onEnd: (run: string, exit: RunExit) => void): void;
  /** Asks a run to stop after a checkpoint, to pause or to go on. One that has just ended hears nothing. */
  request(run: string, wish: ControlRequest, by: string): void;
  /** Ends a run that did not stop when it was asked to. */
  kill(run: string): void;
  /** Brings what a run has written to its directory here. */
  collect(run: string): Promise<void>;
  /** Lets go: the runs go on, and are taken over by the next driver. */
  close(): void;
}

/** What the local executor is told of this machine and this experiment. */
export interface LocalSettings {
  /** Absolute path of `trainer.cjs`. */
  readonly trainerFile: string;
  /** Absolute folder that the spec's paths may not leave. */
  readonly root: string;
  readonly allowOutside: boolean;
  readonly engine: 'native' | 'wasm';
  readonly device: string;
  readonly jobs: number | null;
  readonly version: string;
  readonly processors: number;
  /** Of a usual run: the spec as it stands. */
  readonly threads: number;
  /** Bytes that may still be taken. */
  readonly available: () => number;
  /** Arguments for node itself (a loader, in tests). */
  readonly nodeArguments?: readonly string[];
}
