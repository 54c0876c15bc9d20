/** What a chart is given to draw. */
import type { Mark, XAxis } from './series.ts';

export interface Zoom {
  readonly from: number;
  readonly to: number;
}

export interface Curve {
  readonly label: string;
  /** Place of the task in the spec, for its color; null: of all tasks. */
  readonly task: number | null;
  /** `dashed`: as in the legend; `dots`: dashed with points, since there are few. */
  readonly style: 'faint' | 'bold' | 'dashed' | 'dots' | 'total';
  readonly values: ArrayLike<number | null>;
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
  /** Names of the tasks that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly tasks: readonly string[];
  /** False while there is nothing to draw. */
  readonly any: boolean;
  /** @param limit points at most */
  readonly picture: (limit: number, zoom: Zoom | null) => Picture;
  /** What lies under the curves. */
  readonly under?: readonly Underlay[];
  /** The tooltip's line of a task. */
  readonly line: (picture: Picture, task: number, index: number, say: (value: number | null) => string) => string;
}
