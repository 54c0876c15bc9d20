/** What is compared, wherever it comes from: arms with what there is of each task and seed. */
import type { Text } from '../../common/text.ts';
import type { Json } from '../../common/checks.ts';
import type { ExperimentSpec, Spec } from '../../spec/index.ts';
import type { Measure } from '../contract.ts';
import type { Cell, CellState, Costs, FailureNote, Provenance, RunsBeside, SplitName } from './contract.ts';

export interface ContestArm {
  readonly id: string;
  readonly of: string;
  readonly stage: string | null;
  readonly confirmed: boolean;
  readonly tuned: boolean;
  readonly singleTask: boolean;
  readonly split: SplitName;
  readonly point: ReadonlyMap<string, Json>;
  readonly seeds: readonly number[];
  /** What pairs a seed with that of another arm: all seeds of the run. One a seed. */
  readonly pairKeys: readonly string[];
  /** Which split a seed has; one a seed. */
  readonly splits: readonly string[];
  /** Task to cells in the order of the seeds. */
  readonly rows: ReadonlyMap<string, readonly Cell[]>;
  readonly costs: Costs;
  readonly parameters: number | null;
  /** The spec that it trains; null for one of several. */
  readonly spec: Spec | null;
  readonly runs: readonly { readonly id: string; readonly seed: number; readonly task: string | null }[];
}

export interface Contest {
  readonly kind: 'experiment' | 'runs';
  readonly name: string;
  readonly question: string | null;
  readonly measures: readonly Measure[];
  readonly arms: readonly ContestArm[];
  readonly baseline: string;
  /** Arms have the same seeds; else each has seeds of its own, and Welch's t compares them. */
  readonly paired: boolean;
  /** n_test/n_train where splits vary. */
  readonly overlap: number;
  readonly analysis: ExperimentSpec['analysis'];
  /** Failed runs count as the worst there is, or are left out of the tests and counted. */
  readonly failed: 'worst' | 'exclude';
  /** Shares of the seeds at which one looks, the last 1; null where none were declared. */
  readonly looks: readonly number[] | null;
  readonly hypotheses: ExperimentSpec['hypotheses'];
  /** Arms that are not known yet: their tests count. */
  readonly laterArms: number;
  readonly failures: readonly FailureNote[];
  readonly deviations: readonly Text[];
  readonly remarks: readonly Text[];
  readonly provenance: Provenance;
  /** Single runs side by side; absent for an experiment. */
  readonly beside?: RunsBeside;
}

export const valueCell = (value: number): Cell => ({ state: 'value', value });
export const emptyCell = (state: Exclude<CellState, 'value'>): Cell => ({ state, value: null });

/** Cells in a state. */
export const countOf = (cells: readonly Cell[], state: CellState): number =>
  cells.filter((cell) => cell.state === state).length;

export const valuesOf = (cells: readonly Cell[]): number[] =>
  cells.flatMap(({ value }) => (value === null ? [] : [value]));
