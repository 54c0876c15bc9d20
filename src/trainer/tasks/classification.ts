/** One class out of K: logits → softmax. */
import { RefusedError } from '../errors.ts';
import { text } from '../../common/text.ts';
import { product } from '../../data/table.ts';
import type { FittedClassification } from '../../samples/targets/classification.ts';
import { tf } from '../../engine/tfjs.ts';
import { logisticLoss } from '../baselines/cross-validation.ts';
import { convexMinimum, constantLoss, hasLabels, patternSearch } from './constants.ts';
import { createLoss } from './losses/table.ts';
import { answersOf, ClassificationSums } from './metrics/classification.ts';
import type { PlanTaskOf, TaskTypeRow } from './row.ts';
import { primaryOf, type LabeledTargets, type Task, type TaskFacts, type TaskOutput } from './contract.ts';

/** Stands for a probability of 0 in a constant prediction, so that its logarithm and a rare label's loss stay finite. */
const smallest = 1e-12;

export const classification: TaskTypeRow<FittedClassification> = {
  activation: 'softmax',
  facts: ({ classes }, classCounts) => ({ classes, classCounts }),
  create: (plan, facts) => createClassification(plan as PlanTaskOf<'classification'>, facts),
  baseline: {
    model: 'logistic',
    stratified: true,
    validate: (problem, task) => logisticLoss(problem, product(task.rawShape), task.bestConstant(problem)),
  },
};

function createClassification(plan: PlanTaskOf<'classification'>, facts: TaskFacts): Task {
  const width = plan.outputShape.at(-1) ?? facts.classes?.length ?? 0;
  const classes = facts.classes ?? Array.from({ length: width }, (_, index) => String(index));
  if (classes.length !== width) {
    throw new RefusedError(
      text(
        `Task "${plan.name}" has ${String(width)} outputs, but the data has ${String(classes.length)} classes.`,
        `任务“${plan.name}”有 ${String(width)} 个输出，而数据有 ${String(classes.length)} 个类别。`,
      ),
    );
  }
  const loss = createLoss('classification', plan.spec.loss, { width, classes, classCounts: facts.classCounts });
  const metrics = plan.spec.metrics.map(({ type }) => type);
  const guesses = plan.spec.metrics.find((metric) => metric.type === 'topK')?.k;
  const answers = answersOf(metrics);
  return {
    name: plan.name,
    type: 'classification',
    lossName: plan.spec.loss.type,
    loss,
    rawShape: [width],
    labelShape: [1],
    metrics,
    primary: primaryOf('classification', metrics),
    predict: (raw) => tf.softmax(raw),
    answers: (raw) => (answers === 'classes' ? mostProbable(raw) : tf.softmax(raw)),
    decode: (predictions) => Float64Array.from(predictions),
    output: (proba) => (proba ? probabilityOutput(plan.name, classes) : classOutput(plan.name, classes)),
    headBias: () => undefined,
    bestConstant: (training) => {
      if (!hasLabels(training.weights)) return undefined;
      const shares = frequencies(width, training);
      const best = loss.bestProbabilities?.(shares);
      if (best) return logarithms(best);
      const start = logarithms(shares);
      // Labels count, not rows: with one target per class the search does not grow with the data.
      const byClass = { targets: start.map((_, index) => index), weights: labelWeights(width, training) };
      const center = start.map((value) => Math.max(value, -8));
      if (width === 2) {
        const at = (x: number): number => constantLoss(loss, [x, 0], [1], byClass);
        return Float32Array.from([convexMinimum(at, -30, 30), 0]);
      }
      return Float32Array.from(patternSearch((x) => constantLoss(loss, x, [1], byClass), [...center]));
    },
    newMetrics: () => new ClassificationSums({ metrics, classes, answers, k: guesses }),
  };
}

/** The class of the largest probability, the first of several: [n, …]. Logits may differ where probabilities are rounded alike. */
function mostProbable(raw: tf.Tensor): tf.Tensor {
  return tf.argMax(tf.softmax(raw), -1);
}

function classOutput(task: string, classes: readonly string[]): TaskOutput {
  return { columns: [task], read: mostProbable, cells: (read) => [classes[read[0] ?? NaN] ?? null] };
}

function probabilityOutput(task: string, classes: readonly string[]): TaskOutput {
  return {
    columns: [task, ...classes.map((label) => `${task}/${label}`)],
    read: (raw) => tf.softmax(raw),
    cells: (read) => {
      const probabilities = Array.from(read);
      return [classes[probabilities.indexOf(Math.max(...probabilities))] ?? null, ...probabilities];
    },
  };
}

/** Summed sample weights of each class. */
function labelWeights(width: number, { targets, weights }: LabeledTargets): Float64Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < weights.length; row++) {
    const label = targets[row] ?? 0;
    sums[label] = (sums[label] ?? 0) + (weights[row] ?? 0);
  }
  return sums;
}

function frequencies(width: number, training: LabeledTargets): Float64Array {
  const sums = labelWeights(width, training);
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((value) => value / total);
}

function logarithms(probabilities: Float64Array): Float32Array {
  return Float32Array.from(probabilities, (p) => Math.log(Math.max(p, smallest)));
}
