/** What the benchmark's processes are told and answer: one JSON object a line, over standard input and output. */
import type { WorkloadName } from './workloads.ts';

export interface Load {
  readonly do: 'load';
  /** Folder with `data.npz` and, once exported, the prepared arrays. */
  readonly folder: string;
  readonly workload: WorkloadName;
  readonly batch: number;
  readonly strategy: string;
  readonly variant: string;
  /** What the workbench trains. */
  readonly spec: object;
}

export interface Time {
  readonly do: 'time';
  readonly variant: string;
  /** Times steps until this many milliseconds are over, at least one step. */
  readonly milliseconds: number;
}

export type Request =
  | Load
  | Time
  /** Writes prepared data and first weights for the others. */
  | { readonly do: 'export'; readonly folder: string }
  /** Trains that many steps and answers with the losses of each. */
  | { readonly do: 'losses'; readonly variant: string; readonly steps: number }
  /** Where one step's time goes: milliseconds by part. */
  | { readonly do: 'profile'; readonly variant: string; readonly milliseconds: number }
  | { readonly do: 'unload' };

export interface Answer {
  readonly ok: boolean;
  /** Why it cannot be done: a row of the table says it. */
  readonly reason?: string;
  readonly times?: readonly number[];
  readonly losses?: readonly (readonly number[])[];
  readonly profile?: Readonly<Record<string, number>>;
  /** Versions, threads. */
  readonly about?: string;
}

/** What is exported beside the binary files: inputs, targets and first weights as little-endian float32. */
export interface Exported {
  readonly workload: WorkloadName;
  readonly samples: number;
  readonly shape: readonly number[];
  readonly targets: readonly { readonly name: string; readonly width: number }[];
  readonly weights: readonly { readonly path: string; readonly shape: readonly number[] }[];
}
