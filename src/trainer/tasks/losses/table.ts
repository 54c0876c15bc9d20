/** All losses. To add one: write its row in this folder, add it here, name it in the spec's schema. */
import { ciou, diou, giou, iou, smoothL1 } from './box.ts';
import { crossEntropy, weightedCrossEntropy } from './cross-entropy.ts';
import { focal } from './focal.ts';
import { poisson } from './poisson.ts';
import { quantile } from './quantile.ts';
import { huber, logCosh, mae, mse } from './residual.ts';
import type { LossRow } from './types.ts';

/** The first of each task type is its default. */
export const losses: readonly LossRow[] = [
  ...[crossEntropy, weightedCrossEntropy, focal],
  ...[mse, mae, huber, logCosh, quantile, poisson],
  ...[iou, giou, diou, ciou, smoothL1],
];

/** @throws RangeError when the task type has no loss of this name */
export function lossRow(task: string, name: string | undefined): LossRow {
  const row = losses.find((entry) => entry.task === task && (name === undefined || entry.name === name));
  if (row !== undefined) return row;
  const names = losses.filter((entry) => entry.task === task).map((entry) => entry.name);
  throw new RangeError(
    `Tasks of type "${task}" have no loss "${name ?? ''}"; they have ${names.join(', ') || 'none'}.`,
  );
}
