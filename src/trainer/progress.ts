/**
 * Where a training stands: all that changes from step to step and is no tensor. One plain value, so that a checkpoint
 * is this value and the tensors, and nothing else can be forgotten.
 */
import { freshPlateau, type PlateauState } from './optimizers/schedules.ts';
import { initialSelection, type SelectionState } from './monitor.ts';
import type { SumsState } from './sums.ts';
import type { Json } from './weighting/types.ts';

export interface Progress {
  /** Updates done. */
  readonly step: number;
  /** The running epoch, from 1; epochs done + 1. */
  readonly epoch: number;
  /** Updates done in the running epoch. */
  readonly stepInEpoch: number;
  /** Sums of the running epoch; null at its start. */
  readonly sums: SumsState | null;
  readonly strategy: Json;
  readonly selection: SelectionState;
  readonly plateau: PlateauState;
  /** Early stopping has ended the training: a resume must not go on. */
  readonly stoppedEarly: boolean;
  /** Seconds of training before this attempt. */
  readonly seconds: number;
  /** Codes (with task) of warnings already told. */
  readonly warned: readonly string[];
}

export function freshProgress(strategy: Json): Progress {
  return {
    step: 0,
    epoch: 1,
    stepInEpoch: 0,
    sums: null,
    strategy,
    selection: initialSelection,
    plateau: freshPlateau,
    stoppedEarly: false,
    seconds: 0,
    warned: [],
  };
}
