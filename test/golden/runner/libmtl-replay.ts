/** What the replay of a LibMTL training carries from step to step. */
import { at, filled, plus } from '../../../src/numbers/linear.ts';
import type { Json, Memory } from '../../../src/weighting/contract.ts';
import type { Case, Check, Tolerance } from './check.ts';
import type { Method } from './libmtl-methods.ts';
import type { Parameters, TinyModel } from './tiny-model.ts';

/** One step's gradients as LibMTL leaves them, before the optimizer. */
export interface Combined {
  readonly shared: readonly number[];
  /** Factor of each head's own gradient. */
  readonly heads: readonly number[];
  readonly weights: readonly number[] | null;
  readonly gradient?: readonly number[];
}

export interface Replay {
  readonly method: Method;
  readonly all: Case;
  readonly model: TinyModel;
  readonly tasks: readonly string[];
  readonly check: Check;
  readonly tolerance: Tolerance;
  readonly repGrad: boolean;
  parameters: Parameters;
  state: Json;
  memory: Memory<Float64Array>;
  /** Whether the library's last solution solves its own equation, where it records no distance from the optimum. */
  libraryConverged: boolean;
}

export const combination = (weights: readonly number[], rows: readonly (readonly number[])[]): number[] =>
  rows.reduce<number[]>((total, values, i) => plus(total, values, at(weights, i)), filled(rows[0]?.length ?? 0, 0));
