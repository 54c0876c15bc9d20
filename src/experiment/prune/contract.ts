/** Cutting hopeless trials while exploring: what is known of the trials, and what is decided. */
import type { Text } from '../../common/text.ts';
import type { Spec } from '../../spec/index.ts';

type Prune = NonNullable<NonNullable<Spec['experiment']>['stages'][number]['prune']>;

/** What a trial measured on validation at the end of an epoch. Less is better throughout: who calls turns the others around. */
export interface Report {
  /** A number a task, in the order of `PruneRequest.tasks`; null is no value, and no evidence for or against. */
  readonly measures: readonly (number | null)[];
  readonly monitor: number | null;
}

export interface PrunedTrial {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'pruned';
  /** By epoch, counted from 1. */
  readonly reports: ReadonlyMap<number, Report>;
}

export interface PruneRequest extends Omit<Prune, 'method'> {
  readonly tasks: readonly string[];
  /** Epochs of a trial that is not cut. */
  readonly epochs: number;
}

export interface PruneDecision {
  readonly decision: 'go on' | 'cut';
  readonly reason: Text;
}

/** @param id the trial that has just reported @param epoch the epoch it has reported */
export type Pruner = (
  request: PruneRequest,
  trials: readonly PrunedTrial[],
  id: string,
  epoch: number,
) => PruneDecision;
