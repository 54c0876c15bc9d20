/** κ of dynamic task prioritization (conventions 5): how well a task does, in [0, 1]. */

/** Metrics that lie in [0, 1] with 1 the best. R² has no lower end. */
const bounded: ReadonlySet<string> = new Set([
  ...['accuracy', 'topK', 'macroF1', 'microF1', 'rocAuc', 'f1', 'meanAveragePrecision'],
  ...['meanIoU', 'iou50', 'ap', 'ap50', 'mIoU', 'pixelAccuracy', 'dice'],
  ...['exactMatch', 'tokenAccuracy', 'spanF1', 'cIndex', 'recallAtK'],
]);

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
  if (bounded.has(metric) && value !== null && Number.isFinite(value)) return clipped(value);
  if (loss === null || !Number.isFinite(loss) || !(constantLoss > 0)) return null;
  return clipped(1 - loss / constantLoss);
}

/** Whether κ is this metric itself. */
export const isBounded = (metric: string): boolean => bounded.has(metric);

const clipped = (value: number): number => Math.min(Math.max(value, 0.01), 0.99);
