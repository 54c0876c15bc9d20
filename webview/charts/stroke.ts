/** How each style of curve is drawn: in the chart, in the samples beside names and in saved pictures alike. Pure. */

export type CurveStyle =
  /** As recorded, under the smoothed curve. */
  | 'faint'
  /** What a task is known by: its color and dash. */
  | 'bold'
  /** With points, since there are few values. */
  | 'dots'
  /** Of all tasks. */
  | 'total'
  | 'total-faint'
  /** The color of a task alone: dashes mean something else there. */
  | 'plain';

export interface Stroke {
  /** CSS pixels. */
  readonly width: number;
  readonly dash: readonly number[];
  /** 0…1. */
  readonly alpha: number;
  readonly points: boolean;
}

const totalDash = [1, 3];

/** @param dash that of the task */
export function strokeOf(style: CurveStyle, dash: readonly number[]): Stroke {
  switch (style) {
    case 'faint':
      return { width: 1, dash: [], alpha: 0.3, points: false };
    case 'bold':
      return { width: 2, dash, alpha: 1, points: false };
    case 'dots':
      return { width: 1, dash, alpha: 1, points: true };
    case 'total':
      return { width: 2.5, dash: totalDash, alpha: 1, points: false };
    case 'plain':
      return { width: 3, dash: [], alpha: 1, points: false };
    case 'total-faint':
      return { width: 1, dash: totalDash, alpha: 0.3, points: false };
  }
}
