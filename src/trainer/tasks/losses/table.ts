/** The losses of the types of tasks: a function and a row each. The compiler names the missing row. */
import type { AvailableTask, LossName, LossOf } from '../../../spec/resolved.ts';
import { ciou, diou, giou, iou, smoothL1 } from './box.ts';
import type { LossContext, LossFor, LossRow } from './contract.ts';
import { crossEntropy, weightedCrossEntropy } from './cross-entropy.ts';
import { focal } from './focal.ts';
import { poisson } from './poisson.ts';
import { quantile } from './quantile.ts';
import { huber, logCosh, mae, mse } from './residual.ts';

type LossTable<Type extends AvailableTask> = { readonly [Name in LossName<Type>]: LossRow<Type, Name> };

const classification: LossTable<'classification'> = {
  'cross-entropy': crossEntropy,
  'weighted-cross-entropy': weightedCrossEntropy,
  focal,
};

const regression: LossTable<'regression'> = { mse, mae, huber, 'log-cosh': logCosh, quantile, poisson };

const box: LossTable<'box'> = { iou, giou, diou, ciou, 'smooth-l1': smoothL1 };

const losses: { readonly [Type in AvailableTask]: LossTable<Type> } = { classification, regression, box };

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
