/** All metrics that can be computed. To add one: compute it in its task type's sums, add its row, name it in the schema. */
import type { MetricRow } from './types.ts';

const row = (task: MetricRow['task'], name: string, higherIsBetter: boolean, source: string): MetricRow => ({
  name,
  task,
  higherIsBetter,
  source,
});

/** The first of each task type is its primary metric unless the spec says otherwise. */
export const metrics: readonly MetricRow[] = [
  row('classification', 'accuracy', true, 'sklearn accuracy_score'),
  row('classification', 'topK', true, 'sklearn top_k_accuracy_score'),
  row('classification', 'macroF1', true, 'sklearn f1_score(average="macro", zero_division=0)'),
  row('classification', 'microF1', true, 'sklearn f1_score(average="micro")'),
  row('classification', 'rocAuc', true, 'sklearn roc_auc_score, one class against the rest, macro'),
  row('classification', 'logLoss', false, 'sklearn log_loss'),
  row('regression', 'mae', false, 'sklearn mean_absolute_error'),
  row('regression', 'rmse', false, 'sklearn root_mean_squared_error'),
  row('regression', 'r2', true, 'sklearn r2_score'),
  row('regression', 'mse', false, 'sklearn mean_squared_error'),
  row('regression', 'pinball', false, 'sklearn mean_pinball_loss'),
  row('box', 'meanIoU', true, 'torchvision box_iou'),
  row('box', 'iou50', true, 'torchvision box_iou'),
  row('box', 'mse', false, 'sklearn mean_squared_error'),
];

/** @throws RangeError when the task type has no metric of this name */
export function metricRow(task: string, name: string): MetricRow {
  const found = metrics.find((entry) => entry.task === task && entry.name === name);
  if (found !== undefined) return found;
  const names = metrics.filter((entry) => entry.task === task).map((entry) => entry.name);
  throw new RangeError(`Tasks of type "${task}" have no metric "${name}"; they have ${names.join(', ') || 'none'}.`);
}

/** Direction of a metric by name alone; a name means the same in every task type. */
export function higherIsBetter(name: string): boolean {
  return metrics.find((entry) => entry.name === name)?.higherIsBetter ?? false;
}
