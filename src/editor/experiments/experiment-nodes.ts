/** What stands in the list of runs below an experiment. */
import type { Text } from '../../common/text.ts';
import type { ArmEntry, PlannedEntry } from './experiment-runs.ts';

export interface ExperimentNode {
  readonly kind: 'experiment';
  readonly directory: string;
}
export interface ArmNode {
  readonly kind: 'arm';
  readonly experiment: string;
  readonly entry: ArmEntry;
}
/** Some of an arm's runs, where there are too many to be read at once. */
export interface PartNode {
  readonly kind: 'part';
  readonly experiment: string;
  readonly arm: string;
  /** Of the first of them among the arm's, from 0. */
  readonly from: number;
  readonly runs: readonly PlannedEntry[];
}
export interface PlannedNode {
  readonly kind: 'planned';
  readonly experiment: string;
  readonly entry: PlannedEntry;
}
/** Something that must be said: why nothing is listed, or what is to come. */
export interface NoteNode {
  readonly kind: 'note';
  readonly experiment: string;
  readonly note: { readonly later: number } | { readonly problem: Text };
}
export type BelowExperiment = ArmNode | PartNode | PlannedNode | NoteNode;
