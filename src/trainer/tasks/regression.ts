/** Numbers, predicted in normalized units. */
import { text } from '../../common/text.ts';
import { RefusedError } from '../errors.ts';
import type { Plan, PlanTask } from '../../plan/types.ts';
import { type Scaling, undoScaling } from '../../samples/scaling.ts';
import { columnNames } from '../../samples/targets/gaps.ts';
import type { FittedRegression } from '../../samples/targets/regression.ts';
import { tf } from '../../engine/tfjs.ts';
import {
  identity,
  logarithm,
  ridgeLoss,
  shifted,
  type LinearProblem,
  type Link,
} from '../baselines/cross-validation.ts';
import { columnOf, convexMinimum, hasLabels, weightedMean, weightedQuantile, weightsInColumn } from './constants.ts';
import { numbersParameter } from './losses/parameters.ts';
import { defaultQuantiles } from './losses/quantile.ts';
import { lossRow } from './losses/table.ts';
import type { Loss } from './losses/types.ts';
import { RegressionSums } from './metrics/regression.ts';
import type { MetricSums } from './metrics/types.ts';
import { metricsOf, primaryOf, settingsOf } from './settings.ts';
import type { TaskTypeRow } from './row.ts';
import { outputColumns, type Task, type TaskFacts } from './types.ts';

const unscaled: Scaling = { method: 'none', shift: 0, divisor: 1 };

export const regression: TaskTypeRow<FittedRegression> = {
  // With the loss `poisson` the saved model gives η = ln μ: tf.layers has no exponential activation.
  activation: 'linear',
  facts: ({ columns, scalings }) => ({
    columns: columnNames(columns, scalings.length),
    targetColumns: columns,
    scalings,
  }),
  create: (plan, facts) => createRegression(plan, facts),
  baseline: {
    model: 'ridge',
    stratified: false,
    validate: (problem, task, plan) => ridgeLoss(problem, problem.targets, linkOf(problem, task, plan)),
  },
};

/** How raw outputs follow from the line, by the loss. */
function linkOf(problem: LinearProblem, task: Task, plan: Plan): Link {
  if (task.lossRow.name === 'poisson') return logarithm(problem);
  if (task.lossRow.name !== 'quantile') return identity;
  const { parameters } = settingsOf(plan.tasks.get(task.name)?.spec.loss);
  return shifted(problem, numbersParameter(parameters, 'quantiles') ?? defaultQuantiles);
}

function createRegression(plan: PlanTask, facts: TaskFacts): Task {
  const { name: lossName, parameters } = settingsOf(plan.spec.loss);
  const row = lossRow('regression', lossName);
  const rawWidth = plan.outputShape.at(-1) ?? 1;
  const quantiles =
    row.name === 'quantile' ? (numbersParameter(parameters, 'quantiles') ?? defaultQuantiles) : undefined;
  const columns = rawWidth / (quantiles?.length ?? 1);
  const scalings = facts.scalings ?? Array.from({ length: columns }, () => unscaled);
  if (!Number.isInteger(columns) || scalings.length !== columns) {
    throw new RefusedError(
      text(
        `Task "${plan.name}" has ${String(rawWidth)} outputs, which does not fit its ${String(scalings.length)} target columns.`,
        `任务“${plan.name}”有 ${String(rawWidth)} 个输出，与其 ${String(scalings.length)} 个目标列不符。`,
      ),
    );
  }
  const loss = row.create(parameters, { width: rawWidth });
  const metrics = metricsOf(plan, 'regression');
  const decode = (values: ArrayLike<number>, perColumn: number): Float64Array =>
    Float64Array.from(values, (value, index) =>
      undoScaling(scalings[Math.floor(index / perColumn) % columns] ?? unscaled, value),
    );
  const predict = (raw: tf.Tensor): tf.Tensor => (row.name === 'poisson' ? tf.exp(raw) : tf.clone(raw));
  const names = facts.columns ?? Array.from({ length: columns }, (_, column) => String(column));
  const sums = (): MetricSums => new RegressionSums({ metrics, columns: names, ...(quantiles ? { quantiles } : {}) });
  return {
    name: plan.name,
    type: 'regression',
    lossRow: row,
    loss,
    rawShape: [rawWidth],
    labelShape: [columns],
    metrics,
    primary: primaryOf('regression', metrics),
    predict,
    answers: predict,
    decode: (predictions) => decode(predictions, quantiles?.length ?? 1),
    output: () => ({
      columns: outputColumns(plan.name, writtenNames(facts.targetColumns, rawWidth)),
      read: predict,
      cells: (read) => [...decode(read, quantiles?.length ?? 1)],
    }),
    headBias: () => undefined,
    bestConstant: (training) => {
      if (!hasLabels(training.weights)) return undefined;
      const perColumn = Array.from({ length: columns }, (_, column) => {
        const values = columnOf(training.targets, columns, column);
        const weights = weightsInColumn(training, columns, column);
        // A column that training does not know has no best constant.
        if (!hasLabels(weights)) return quantiles?.map(() => NaN) ?? [NaN];
        return constantsOf(row.name, loss, values, weights, quantiles);
      });
      return Float32Array.from(perColumn.flat());
    },
    newMetrics: () => inOriginalUnits(sums(), decode, quantiles?.length ?? 1),
  };
}

/** Target columns, or positions where one column holds several numbers or each has several quantiles. */
function writtenNames(columns: readonly string[] | undefined, width: number): readonly string[] {
  if (columns?.length === width) return columns;
  return Array.from({ length: width }, (_, index) => String(index));
}

/** Best constants of one column: one, or one per quantile. */
function constantsOf(
  name: string,
  loss: Loss,
  values: Float64Array,
  weights: ArrayLike<number>,
  quantiles: readonly number[] | undefined,
): readonly number[] {
  if (quantiles) return quantiles.map((level) => weightedQuantile(values, weights, level));
  if (name === 'mse') return [weightedMean(values, weights)];
  if (name === 'mae') return [weightedQuantile(values, weights, 0.5)];
  // ln of the mean; a mean of 0 would be −∞.
  if (name === 'poisson') return [Math.log(Math.max(weightedMean(values, weights), 1e-12))];
  const total = (x: number): number => {
    let sum = 0;
    for (const [row, value] of values.entries()) {
      const weight = weights[row] ?? 0;
      if (weight > 0) sum += weight * loss.sample([x], [value]).loss;
    }
    return sum;
  };
  const labelled = values.filter((_, row) => (weights[row] ?? 0) > 0);
  const low = labelled.reduce((least, value) => Math.min(least, value), Infinity);
  const high = labelled.reduce((most, value) => Math.max(most, value), -Infinity);
  return [convexMinimum(total, low, high)];
}

/** Metrics are judged in the unit of the data: both sides are scaled back before they are summed. */
function inOriginalUnits(
  sums: MetricSums,
  decode: (values: ArrayLike<number>, perColumn: number) => Float64Array,
  quantiles: number,
): MetricSums {
  return {
    update: (predicted, target, labelled, present) => {
      sums.update(decode(predicted, quantiles), decode(target, 1), labelled, present);
    },
    result: () => sums.result(),
    state: () => sums.state(),
    restore: (state) => {
      sums.restore(state);
    },
  };
}
