/** Cutting runs that are hopeless while a stage explores: the driver's side. */
import type { Text } from '../../common/text.ts';
import type { Outcome, PlannedRun } from '../contract.ts';

export interface Cut {
  readonly run: string;
  /** The epoch by which it was judged. */
  readonly epoch: number;
  readonly reason: Text;
}

export interface Pruner {
  /** Which of the live runs are to be stopped now. */
  look(live: readonly PlannedRun[], outcomes: ReadonlyMap<string, Outcome>): readonly Cut[];
}
