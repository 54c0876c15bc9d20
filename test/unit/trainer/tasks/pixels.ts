/**
 * A type of task that is in no release: a class for each pixel, some of them unknown. It shows that labels of any shape, raw
 * outputs of any rank and answers that are less than predictions pass through samples, steps and executors.
 */
import { product } from '../../../../src/data/table.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Cells } from '../../../../src/samples/contract.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';
import { targetTypes } from '../../../../src/samples/targets/table.ts';
import { logSoftmax, logSoftmaxOf, weightedSum } from '../../../../src/trainer/tasks/losses/sums.ts';
import type { Loss } from '../../../../src/trainer/tasks/losses/contract.ts';
import type { MetricSums } from '../../../../src/trainer/tasks/metrics/contract.ts';
import { taskTypes } from '../../../../src/trainer/tasks/table.ts';

interface FittedPixels {
  readonly type: 'segmentation';
  readonly name: string;
  readonly column: string;
  readonly shape: readonly number[];
  readonly classes: readonly string[];
}

/** Labels lie on disk where the inputs do; a pixel below 0 is unknown. */
const target = {
  reads: 'numbers',
  settings: (name: string, { classes }: { classes: number }, columns: readonly string[]) => ({
    ...{ type: 'segmentation', name, columns, classes },
  }),
  fit: (
    { name, columns, classes }: { name: string; columns: readonly string[]; classes: number },
    cells: Cells,
  ): FittedPixels => {
    const [column = ''] = columns;
    const names = Array.from({ length: classes }, (_, index) => String(index));
    return { type: 'segmentation', name, column, shape: cells.numbers(column).shape, classes: names };
  },
  columns: ({ column }: FittedPixels) => [column],
  classes: ({ classes }: FittedPixels) => classes,
  stored: ({ shape }: FittedPixels) => product(shape),
  prepare: ({ column, shape }: FittedPixels, cells: Cells, rows: Int32Array) => {
    const { values, width } = cells.numbers(column);
    const data = new Uint8Array(rows.length * width);
    const present = new Uint8Array(rows.length * width);
    for (const [position, row] of rows.entries()) {
      for (let at = 0; at < width; at++) {
        const value = values[row * width + at] ?? -1;
        present[position * width + at] = value < 0 ? 0 : 1;
        data[position * width + at] = Math.max(0, value);
      }
    }
    const whole = present.every((there) => there === 1);
    return {
      values: readyStore(data, shape),
      labelled: new Uint8Array(rows.length).fill(1),
      ...(whole ? {} : { present: readyStore(present, shape) }),
    };
  },
};

/** Σ w (−ln p_y) over pixels; the weight of a pixel is that of its sample. */
function pixelLoss(classes: number): Loss {
  return {
    evaluate: (raw, labels, weights) => {
      const each =
        weights.rank === 1 ? tf.mul(tf.onesLike(labels), tf.reshape(weights, [weights.size, 1, 1])) : weights;
      const hot = tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32');
      const sum = weightedSum(raw, each, {
        forward: (x) => {
          const logarithms = logSoftmax(x);
          return { losses: tf.neg(tf.sum(tf.mul(hot, logarithms), -1)), saved: [logarithms, hot] };
        },
        gradient: (saved) => {
          const [logarithms, truth] = saved as [tf.Tensor, tf.Tensor];
          return tf.sub(tf.exp(logarithms), truth);
        },
      });
      return { sum, weight: tf.sum(each) };
    },
    sample: (raw, label, present) => {
      let [loss, weight] = [0, 0];
      for (let at = 0; at < label.length; at++) {
        if (present?.[at] === 0) continue;
        const logits = Array.from({ length: classes }, (_, k) => raw[at * classes + k] ?? NaN);
        loss -= logSoftmaxOf(logits)[label[at] ?? 0] ?? NaN;
        weight++;
      }
      return { loss, weight };
    },
  };
}

/** Share of right pixels, of classes [n, height, width]. */
class PixelAccuracy implements MetricSums {
  #hits = 0;
  #total = 0;

  update(
    answers: ArrayLike<number>,
    labels: ArrayLike<number>,
    labelled: ArrayLike<number>,
    present?: ArrayLike<number>,
  ): void {
    const size = labels.length / labelled.length;
    if (answers.length !== labels.length) throw new RangeError('An answer is one class a pixel.');
    for (let at = 0; at < labels.length; at++) {
      if (!((labelled[Math.floor(at / size)] ?? 0) > 0) || present?.[at] === 0) continue;
      this.#total++;
      if (answers[at] === labels[at]) this.#hits++;
    }
  }

  result(): ReturnType<MetricSums['result']> {
    const value = this.#total === 0 ? null : this.#hits / this.#total;
    return { values: new Map([['pixelAccuracy', value]]), warnings: [], details: {} };
  }

  state(): ReturnType<MetricSums['state']> {
    return [this.#hits, this.#total];
  }

  restore(state: ReturnType<MetricSums['state']>): void {
    [this.#hits = 0, this.#total = 0] = state as number[];
  }
}

const task = {
  activation: 'softmax',
  facts: ({ classes }: FittedPixels, classCounts: readonly number[]) => ({ classes, classCounts }),
  create: (
    plan: { readonly name: string; readonly outputShape: readonly number[] },
    { classCounts = [] }: { classCounts?: readonly number[] },
  ) => {
    const { name, outputShape: rawShape } = plan;
    const labelShape = rawShape.slice(0, -1);
    const total = classCounts.reduce((sum, count) => sum + count, 0);
    return {
      ...{ name, type: 'segmentation', rawShape, labelShape },
      lossName: 'cross-entropy',
      loss: pixelLoss(rawShape.at(-1) ?? 0),
      metrics: ['pixelAccuracy'],
      primary: { name: 'pixelAccuracy', higherIsBetter: true },
      predict: (raw: tf.Tensor) => tf.softmax(raw),
      answers: (raw: tf.Tensor) => tf.argMax(raw, -1),
      decode: (predictions: ArrayLike<number>) => Float64Array.from(predictions),
      output: () => ({
        columns: [name],
        read: (raw: tf.Tensor) => tf.argMax(raw, -1),
        cells: (read: ArrayLike<number>) => [JSON.stringify(Array.from(read))],
      }),
      headBias: () => undefined,
      bestConstant: () =>
        Float32Array.from({ length: product(rawShape) }, (_, at) =>
          Math.log((classCounts[at % classCounts.length] ?? 0) / total),
        ),
      newMetrics: () => new PixelAccuracy(),
    };
  },
};

/** Puts the type into the tables of this process, as a release that had it would. */
export function addPixels(): void {
  Object.assign(targetTypes, { segmentation: target });
  Object.assign(taskTypes, { segmentation: task });
}

export function removePixels(): void {
  delete (targetTypes as unknown as Record<string, unknown>)['segmentation'];
  delete (taskTypes as unknown as Record<string, unknown>)['segmentation'];
}
