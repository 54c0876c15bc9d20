/** The losses of the types of tasks: a function and a row each. The compiler names the missing row. */
import type { AvailableTask, LossName, LossOf } from '../../../spec/types.ts';
import { ciou, diou, giou, iou, smoothL1 } from './box.ts';
import type { LossContext, LossFor, LossRow } from './contract.ts';
import { crossEntropy, weightedCrossEntropy } from './cross-entropy.ts';
import { focal } from './focal.ts';
import { poisson } from './poisson.ts';
import { quantile } from './quantile.ts';
import { huber, logCosh, mae, mse } from './residual.ts';

const losses: {
  readonly [Type in AvailableTask]: { readonly [Name in LossName<Type>]: LossRow<Type, Name> };
} = {
  classification: { 'cross-entropy': crossEntropy, 'weighted-cross-entropy': weightedCrossEntropy, focal },
  regression: { mse, mae, huber, 'log-cosh': logCosh, quantile, poisson },
  box: { iou, giou, diou, ciou, 'smooth-l1': smoothL1 },
};

/**
 * The loss of a task.
 *
 * @param loss in the long form of the spec
 * @throws RefusedError naming the parameter, when the training labels do not allow it
 */
export function createLoss<Type extends AvailableTask>(
  type: Type,
  loss: LossOf<Type>,
  context: LossContext,
): LossFor<Type> {
  const rows: Readonly<Record<string, unknown>> = losses[type];
  const row = rows[loss.type] as (parameters: LossOf<Type>, context: LossContext) => LossFor<Type>;
  return row(loss, context);
}
