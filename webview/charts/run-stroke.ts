/** What tells runs apart in one chart, where color tells tasks: dash and opacity. Pure. */

export interface RunStroke {
  /** CSS pixels. */
  readonly width: number;
  readonly dash: readonly number[];
  /** 0…1; none so faint that it could not be seen. */
  readonly alpha: number;
}

/** The first is the reference: solid and strong. */
const strokes: readonly RunStroke[] = [
  { width: 2.25, dash: [], alpha: 1 },
  { width: 1.75, dash: [9, 4], alpha: 0.9 },
  { width: 1.75, dash: [2, 4], alpha: 0.85 },
  { width: 1.5, dash: [10, 3, 2, 3], alpha: 0.75 },
  { width: 1.5, dash: [18, 5], alpha: 0.65 },
  { width: 1.5, dash: [5, 3, 1, 3, 1, 3], alpha: 0.6 },
];

/** As many runs differ from one another. */
export const runStrokes = strokes.length;

export function runStroke(place: number): RunStroke {
  // Of more runs than differ, none looks like the first.
  const line = place < strokes.length ? place : 1 + ((place - 1) % (strokes.length - 1));
  return strokes[line] ?? { width: 1.5, dash: [], alpha: 1 };
}
