/** A task at work: what the training loop asks of classification, regression and box alike. */
import type { Scaling } from '../../samples/scaling.ts';
import { higherIsBetter } from '../../spec/index.ts';
import type { FittedTarget } from '../../samples/targets/table.ts';
import type { tf } from '../../engine/tfjs.ts';
import type { Loss } from './losses/contract.ts';
import type { MetricSums } from './metrics/contract.ts';

/** The first of a task's metrics, and its direction; the loss where there is none. */
export function primaryOf(
  type: FittedTarget['type'],
  metrics: readonly string[],
): { readonly name: string; readonly higherIsBetter: boolean } {
  const [name] = metrics;
  return name === undefined
    ? { name: 'loss', higherIsBetter: false }
    : { name, higherIsBetter: higherIsBetter(type, name) };
}

/** What the data room found out about a task's target on the training split. */
export interface TaskFacts {
  /** Classification: class names in output order, and labeled training samples of each. */
  readonly classes?: readonly string[];
  readonly classCounts?: readonly number[];
  /** Regression: what each number of the target is called, how it was scaled, and the columns that they stand in. */
  readonly columns?: readonly string[];
  readonly targetColumns?: readonly string[];
  readonly scalings?: readonly Scaling[];
  /** Box with `scale: "pixels"`: size of the image the pixels count in. */
  readonly imageSize?: readonly [height: number, width: number];
}

/** Targets of the labeled rows are judged, the others (weight 0) ignored. */
export interface LabeledTargets {
  /** [n, …labelShape] in loss space, row by row. */
  readonly targets: ArrayLike<number>;
  /** [n] sample weights, 0 where unlabeled. */
  readonly weights: ArrayLike<number>;
  /** [n, …labelShape], 0 at the numbers of a labeled target that are missing; absent where none is. */
  readonly present?: ArrayLike<number>;
}

/** One cell of a table of predictions. */
export type Cell = string | number | null;

/** How the predictions of a task are written: in the units and words of the data. */
export interface TaskOutput {
  readonly columns: readonly string[];
  /** Raw [n, …] → what the host reads of it, [n, …]. */
  read(raw: tf.Tensor): tf.Tensor;
  /** The cells of one sample from its part of what was read; as many as columns. */
  cells(read: ArrayLike<number>): Cell[];
}

/** One column called as the task where there is one number, else a column for each name. */
export function outputColumns(task: string, names: readonly string[]): readonly string[] {
  return names.length === 1 ? [task] : names.map((name) => `${task}/${name}`);
}

/**
 * Three spaces. *Original*: the data's own units and format. *Loss space*: class index; normalized values; box corners in
 * image fractions. *Raw*: what the head puts out: logits; normalized values (ln μ under poisson); cx cy w h before σ.
 */
export interface Task {
  readonly name: string;
  readonly type: FittedTarget['type'];
  /** The word of its loss. */
  readonly lossName: string;
  readonly loss: Loss;
  /** Shape of the raw output of one sample: [classes], [height, width, classes]. */
  readonly rawShape: readonly number[];
  /** Shape of one label in loss space: [1] a class, [4] a box, [height, width] a class for each pixel. */
  readonly labelShape: readonly number[];
  /** Metric keys in order, the first is the primary one. */
  readonly metrics: readonly string[];
  readonly primary: { readonly name: string; readonly higherIsBetter: boolean };
  /** Raw → prediction in loss space: probabilities [n, K]; values [n, columns × quantiles]; σ(cx, cy, w, h) [n, 4]. */
  predict(raw: tf.Tensor): tf.Tensor;
  /** Raw → what `newMetrics` takes: predictions, or less where the metrics need less (the most probable class alone). */
  answers(raw: tf.Tensor): tf.Tensor;
  /** Predictions (as `predict` or the saved model gives them) → original units and format; probabilities stay. */
  decode(predictions: ArrayLike<number>): Float64Array;
  /** How predictions are written for people; with `proba` one column of probability a class, too. */
  output(proba: boolean): TaskOutput;
  /** First bias of the head, raw: a box head starts at the mean training box; undefined where zeros are right. */
  headBias(training: LabeledTargets): readonly number[] | undefined;
  /** Raw output of the best constant prediction on these labels; undefined without labels. */
  bestConstant(training: LabeledTargets): Float32Array | undefined;
  /** Fresh metric sums; `update` takes what `answers` gives, and labels in loss space. */
  newMetrics(): MetricSums;
}
