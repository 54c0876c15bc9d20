/** κ of dynamic task prioritization (conventions 5): how well a task does, in [0, 1]. */

import { isBounded } from '../../spec/index.ts';

export interface Measured {
  /** Key of the primary metric, and its value where it is known. */
  readonly metric: string;
  readonly value: number | null;
  readonly loss: number | null;
  /** L⁰ on training labels. */
  readonly constantLoss: number;
}

/**
 * The primary metric where it lies in [0, 1] and higher is better, else 1 − L/L⁰; within [.01, .99]. Null where neither
 * is known.
 */
export function performanceOf({ metric, value, loss, constantLoss }: Measured): number | null {
  if (isBounded(metric) && value !== null && Number.isFinite(value)) return clipped(value);
  if (loss === null || !Number.isFinite(loss) || !(constantLoss > 0)) return null;
  return clipped(1 - loss / constantLoss);
}

const clipped = (value: number): number => Math.min(Math.max(value, 0.01), 0.99);
