/** Numbers, predicted in normalized units. */
import { text } from '../../common/text.ts';
import { RefusedError } from '../errors.ts';
import { type Scaling, undoScaling } from '../../samples/scaling.ts';
import { columnNames } from '../../samples/targets/gaps.ts';
import type { FittedRegression } from '../../samples/targets/regression.ts';
import { tf } from '../../engine/tfjs.ts';
import { ridgeLoss } from '../baselines/cross-validation.ts';
import { columnOf, convexMinimum, hasLabels, weightsInColumn } from './constants.ts';
import { createLoss } from './losses/table.ts';
import type { Loss } from './losses/contract.ts';
import { RegressionSums } from './metrics/regression.ts';
import type { MetricSums } from './metrics/contract.ts';
import type { PlanTaskOf, TaskTypeRow } from './row.ts';
import { outputColumns, primaryOf, type Task, type TaskFacts } from './contract.ts';

const unscaled: Scaling = { method: 'none', shift: 0, divisor: 1 };

export const regression: TaskTypeRow<FittedRegression> = {
  // With the loss `poisson` the saved model gives η = ln μ: tf.layers has no exponential activation.
  activation: 'linear',
  facts: ({ columns, scalings }) => ({
    columns: columnNames(columns, scalings.length),
    targetColumns: columns,
    scalings,
  }),
  create: (plan, facts) => createRegression(plan as PlanTaskOf<'regression'>, facts),
  baseline: {
    model: 'ridge',
    stratified: false,
    validate: (problem) => ridgeLoss(problem, problem.targets, problem.loss.link?.(problem)),
  },
};

function createRegression(plan: PlanTaskOf<'regression'>, facts: TaskFacts): Task {
  const rawWidth = plan.outputShape.at(-1) ?? 1;
  const loss = createLoss('regression', plan.spec.loss, { width: rawWidth });
  const { levels } = loss;
  const perColumn = levels?.length ?? 1;
  const columns = rawWidth / perColumn;
  const scalings = facts.scalings ?? Array.from({ length: columns }, () => unscaled);
  if (!Number.isInteger(columns) || scalings.length !== columns) {
    throw new RefusedError(
      text(
        `Task "${plan.name}" has ${String(rawWidth)} outputs, which does not fit its ${String(scalings.length)} target columns.`,
        `任务“${plan.name}”有 ${String(rawWidth)} 个输出，与其 ${String(scalings.length)} 个目标列不符。`,
      ),
    );
  }
  const metrics = plan.spec.metrics.map(({ type }) => type);
  const decode = (values: ArrayLike<number>, each: number): Float64Array =>
    Float64Array.from(values, (value, index) =>
      undoScaling(scalings[Math.floor(index / each) % columns] ?? unscaled, value),
    );
  const predict = (raw: tf.Tensor): tf.Tensor => loss.predict?.(raw) ?? tf.clone(raw);
  const names = facts.columns ?? Array.from({ length: columns }, (_, column) => String(column));
  const sums = (): MetricSums =>
    new RegressionSums({ metrics, columns: names, ...(levels ? { quantiles: levels } : {}) });
  return {
    name: plan.name,
    type: 'regression',
    lossName: plan.spec.loss.type,
    loss,
    rawShape: [rawWidth],
    labelShape: [columns],
    metrics,
    primary: primaryOf('regression', metrics),
    predict,
    answers: predict,
    decode: (predictions) => decode(predictions, perColumn),
    output: () => ({
      columns: outputColumns(plan.name, writtenNames(facts.targetColumns, rawWidth)),
      read: predict,
      cells: (read) => [...decode(read, perColumn)],
    }),
    headBias: () => undefined,
    bestConstant: (training) => {
      if (!hasLabels(training.weights)) return undefined;
      const best = Array.from({ length: columns }, (_, column) => {
        const values = columnOf(training.targets, columns, column);
        const weights = weightsInColumn(training, columns, column);
        // A column that training does not know has no best constant.
        if (!hasLabels(weights)) return new Array<number>(perColumn).fill(NaN);
        return loss.bestConstants?.(values, weights) ?? [searched(loss, values, weights)];
      });
      return Float32Array.from(best.flat());
    },
    newMetrics: () => inOriginalUnits(sums(), decode, perColumn),
  };
}

/** Target columns, or positions where one column holds several numbers or each has several quantiles. */
function writtenNames(columns: readonly string[] | undefined, width: number): readonly string[] {
  if (columns?.length === width) return columns;
  return Array.from({ length: width }, (_, index) => String(index));
}

/** The best constant of one column, of a convex loss. */
function searched(loss: Loss, values: Float64Array, weights: ArrayLike<number>): number {
  const total = (x: number): number => {
    let sum = 0;
    for (const [row, value] of values.entries()) {
      const weight = weights[row] ?? 0;
      if (weight > 0) sum += weight * loss.sample([x], [value]).loss;
    }
    return sum;
  };
  const labeled = values.filter((_, row) => (weights[row] ?? 0) > 0);
  const low = labeled.reduce((least, value) => Math.min(least, value), Infinity);
  const high = labeled.reduce((most, value) => Math.max(most, value), -Infinity);
  return convexMinimum(total, low, high);
}

/** Metrics are judged in the unit of the data: both sides are scaled back before they are summed. */
function inOriginalUnits(
  sums: MetricSums,
  decode: (values: ArrayLike<number>, each: number) => Float64Array,
  perColumn: number,
): MetricSums {
  return {
    update: (predicted, target, labeled, present) => {
      sums.update(decode(predicted, perColumn), decode(target, 1), labeled, present);
    },
    result: () => sums.result(),
    state: () => sums.state(),
    restore: (state) => {
      sums.restore(state);
    },
  };
}
