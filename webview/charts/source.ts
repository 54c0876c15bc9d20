/** What a chart is given to draw. */
import type { Mark, XAxis } from './series.ts';
import type { CurveStyle } from './stroke.ts';

export interface Zoom {
  readonly from: number;
  readonly to: number;
}

export interface Curve {
  readonly label: string;
  /** Place of the task in the spec, for its color; null: of all tasks. */
  readonly task: number | null;
  readonly style: CurveStyle;
  readonly values: ArrayLike<number | null>;
  /**
   * Made of other values, as a smoothed curve is: it never stretches a log scale below what was recorded. Where a loss is
   * exactly 0 for long, its smoothed curve falls below any number that there is.
   */
  readonly derived?: boolean;
}

/** A curve of another run, which keeps its own places on the x axis. */
export interface Underlay {
  /** Place of the task in the spec. */
  readonly task: number;
  readonly x: readonly number[];
  /** Null where there is no finite number: a gap. */
  readonly y: readonly (number | null)[];
  /** `faint`: one of several; `mean`: of them all; `other`: another run. */
  readonly style: 'faint' | 'mean' | 'other';
  /** Heading of its value at the cursor; none: only its mean is told. */
  readonly label?: string;
  /** Of another run: which dash and opacity it has. */
  readonly run?: number;
  /** Standard deviation around a mean, drawn as a band. */
  readonly sd?: readonly number[];
}

export interface Picture {
  readonly x: Float64Array;
  readonly curves: readonly Curve[];
  /** Where values are no finite numbers. */
  readonly marks: readonly Mark[];
}

export interface Source {
  /** Another text means other curves: the plot is made anew. */
  readonly shape: string;
  readonly axis: XAxis;
  readonly xLabel: string;
  readonly log: boolean;
  /** Names of the tasks that are not drawn; `allTasks`: what is of them all. */
  readonly hidden: ReadonlySet<string>;
  readonly tasks: readonly string[];
  /** False while there is nothing to draw. */
  readonly any: boolean;
  /** From the first place of the x axis to the last. */
  readonly reach: Zoom;
  /** @param limit points at most */
  readonly picture: (limit: number, zoom: Zoom | null) => Picture;
  /** What lies under the curves. */
  readonly under?: readonly Underlay[];
  /** Headings of the numbers of a reading. */
  readonly columns: readonly string[];
  /**
   * What there is at a place of the picture: the tasks in the order of the spec, at last what is of them all. By the
   * first of the values a curve is found and sorted.
   */
  readonly readings: (picture: Picture, index: number) => readonly Reading[];
}

export interface Reading {
  /** Place in the spec; null: of all tasks. */
  readonly task: number | null;
  readonly name: string;
  /** One a column; a text stands for what is no finite number, null for what there is not. */
  readonly values: readonly (number | string | null)[];
}

/** In a set of hidden names: what is of all tasks. No task is called so. */
export const allTasks = '\u0000';

export function isHidden({ hidden, tasks }: Pick<Source, 'hidden' | 'tasks'>, task: number | null): boolean {
  return hidden.has(task === null ? allTasks : (tasks[task] ?? allTasks));
}
