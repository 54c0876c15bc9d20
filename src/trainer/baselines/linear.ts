/** L^lin of a task: which rows are looked at; model and link belong to the row of its type. */
import { product } from '../../data/table.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { taskTypes } from '../tasks/table.ts';
import type { Baseline } from '../tasks/row.ts';
import type { Task } from '../tasks/contract.ts';
import { foldCount, foldsOf, type Validated } from './cross-validation.ts';
import { featureCount, featuresOf, inputsOf, sampleRows } from './features.ts';

export interface LinearLoss extends Validated {
  /** Labeled training rows that were looked at. */
  readonly rows: number;
  readonly model: Baseline['model'];
}

export interface LinearContext {
  readonly plan: Plan;
  readonly train: PreparedSplit;
  /** Of the split: the number depends on the data alone, not on the training's seed. */
  readonly seed: number;
}

/** Null where fewer than two rows a fold are labeled, or nothing of the inputs varies. */
export function linearLoss(task: Task, { plan, train, seed }: LinearContext): LinearLoss | null {
  const target = train.targets.get(task.name);
  if (!target) return null;
  const labeled = Int32Array.from([...target.weight.keys()].filter((row) => (target.weight[row] ?? 0) > 0));
  if (labeled.length < 2 * foldCount) return null;
  const key = { seed, task: task.name };
  const inputs = inputsOf(plan, task.name);
  const positions = sampleRows(labeled, featureCount(train, inputs), product(task.rawShape), key);
  const features = featuresOf(train, inputs, positions);
  if (features.columns === 0) return null;
  const targets = Float64Array.from(target.values.gather(positions));
  const { baseline } = taskTypes[task.type];
  const weights = Float64Array.from(positions, (position) => target.weight[position] ?? 0);
  const present = target.present && Float64Array.from(target.present.gather(positions));
  const strata = baseline.stratified ? targets : new Float64Array(positions.length);
  const problem = {
    features,
    targets,
    targetWidth: product(target.values.shape),
    weights,
    ...(present ? { present } : {}),
    folds: foldsOf(strata, foldCount, key),
    loss: task.loss,
  };
  return { ...baseline.validate(problem, task), rows: positions.length, model: baseline.model };
}
