/** L^lin of a task: which rows, which model, which link; one row of a table for each type of task. */
import { product } from '../../data/table.ts';
import type { Plan } from '../../plan/types.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { cornersToRaw } from '../tasks/boxes.ts';
import { numbersParameter } from '../tasks/losses/parameters.ts';
import { defaultQuantiles } from '../tasks/losses/quantile.ts';
import { settingsOf } from '../tasks/settings.ts';
import type { Task } from '../tasks/types.ts';
import {
  foldCount,
  foldsOf,
  identity,
  logarithm,
  logisticLoss,
  ridgeLoss,
  shifted,
  type LinearProblem,
  type Link,
  type Validated,
} from './cross-validation.ts';
import { featureCount, featuresOf, inputsOf, sampleRows } from './features.ts';

export interface LinearLoss extends Validated {
  /** Labelled training rows that were looked at. */
  readonly rows: number;
  readonly model: 'logistic' | 'ridge';
}

export interface LinearContext {
  readonly plan: Plan;
  readonly train: PreparedSplit;
  /** Of the split: the number depends on the data alone, not on the training's seed. */
  readonly seed: number;
}

type Kind = (problem: LinearProblem, task: Task, plan: Plan) => Validated;

const kinds: Readonly<Record<Task['type'], { readonly model: LinearLoss['model']; readonly validate: Kind }>> = {
  classification: {
    model: 'logistic',
    validate: (problem, task) => logisticLoss(problem, product(task.rawShape), task.bestConstant(problem)),
  },
  regression: {
    model: 'ridge',
    validate: (problem, task, plan) => ridgeLoss(problem, problem.targets, regressionLink(problem, task, plan)),
  },
  // Corners are predicted and turned into raw outputs as the head's first bias is.
  box: { model: 'ridge', validate: (problem) => ridgeLoss(problem, problem.targets, boxLink) },
};

function regressionLink(problem: LinearProblem, task: Task, plan: Plan): Link {
  if (task.lossRow.name === 'poisson') return logarithm(problem);
  if (task.lossRow.name !== 'quantile') return identity;
  const { parameters } = settingsOf(plan.tasks.get(task.name)?.spec.loss);
  return shifted(problem, numbersParameter(parameters, 'quantiles') ?? defaultQuantiles);
}

const boxLink: Link = (value) => (row) => {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = value(row);
  return cornersToRaw([x1, y1, x2, y2]);
};

/** Null where fewer than two rows a fold are labelled, or nothing of the inputs varies. */
export function linearLoss(task: Task, { plan, train, seed }: LinearContext): LinearLoss | null {
  const target = train.targets.get(task.name);
  if (!target) return null;
  const labelled = Int32Array.from([...target.weight.keys()].filter((row) => (target.weight[row] ?? 0) > 0));
  if (labelled.length < 2 * foldCount) return null;
  const key = { seed, task: task.name };
  const inputs = inputsOf(plan, task.name);
  const positions = sampleRows(labelled, featureCount(train, inputs), product(task.rawShape), key);
  const features = featuresOf(train, inputs, positions);
  if (features.columns === 0) return null;
  const targets = Float64Array.from(target.values.gather(positions));
  const { model, validate } = kinds[task.type];
  const weights = Float64Array.from(positions, (position) => target.weight[position] ?? 0);
  const present = target.present && Float64Array.from(target.present.gather(positions));
  const strata = task.type === 'classification' ? targets : new Float64Array(positions.length);
  const problem = {
    features,
    targets,
    targetWidth: product(target.values.shape),
    weights,
    ...(present ? { present } : {}),
    folds: foldsOf(strata, foldCount, key),
    loss: task.loss,
  };
  return { ...validate(problem, task, plan), rows: positions.length, model };
}
