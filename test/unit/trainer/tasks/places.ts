/**
 * Types of tasks that are in no release: a class for each place of a map or a sequence, some of them unknown. They show that
 * labels of any shape, raw outputs of any rank and answers that are less than predictions pass through samples, steps and
 * executors.
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

/** What a map and a sequence have of their own. */
export interface PlaceType {
  /** The word of the language, whose head gives one number a class for each place. */
  readonly type: 'segmentation' | 'tagging';
  readonly metric: 'pixelAccuracy' | 'tokenAccuracy';
  /**
   * Which places of a row's label are there.
   * @param columns of the target; the first holds the classes
   */
  readonly known: (cells: Cells, columns: readonly string[], row: number) => (label: number, place: number) => boolean;
}

interface PlaceSettings {
  readonly type: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly classes: number;
}

interface FittedPlaces {
  readonly type: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly shape: readonly number[];
  readonly classes: readonly string[];
}

/** Labels lie on disk where the inputs do. What stands at a place that is not there is stored as it is, unless it is below 0. */
const targetOf = ({ type, known }: PlaceType) => ({
  reads: 'numbers',
  settings: (name: string, { classes }: { classes: number }, columns: readonly string[]): PlaceSettings => ({
    ...{ type, name, columns, classes },
  }),
  fit: ({ name, columns, classes }: PlaceSettings, cells: Cells): FittedPlaces => {
    const names = Array.from({ length: classes }, (_, index) => String(index));
    return { type, name, columns, shape: cells.numbers(columns[0] ?? '').shape, classes: names };
  },
  // A double of each number, the class, and whether it is there.
  bytes: ({ columns }: PlaceSettings, shapeOf: (column: string) => readonly number[]) =>
    10 * columns.reduce((sum, column) => sum + product(shapeOf(column)), 0),
  columns: ({ columns }: FittedPlaces) => columns,
  classes: ({ classes }: FittedPlaces) => classes,
  stored: ({ shape }: FittedPlaces) => product(shape),
  prepare: ({ columns, shape }: FittedPlaces, cells: Cells, rows: Int32Array) => {
    const { values, width } = cells.numbers(columns[0] ?? '');
    const data = new Uint8Array(rows.length * width);
    const present = new Uint8Array(rows.length * width);
    const labeled = new Uint8Array(rows.length);
    for (const [position, row] of rows.entries()) {
      const isKnown = known(cells, columns, row);
      for (let at = 0; at < width; at++) {
        const value = values[row * width + at] ?? -1;
        data[position * width + at] = Math.max(0, value);
        if (!isKnown(value, at)) continue;
        present[position * width + at] = 1;
        labeled[position] = 1;
      }
    }
    const whole = present.every((there) => there === 1);
    return {
      values: readyStore(data, shape),
      labeled,
      ...(whole ? {} : { present: readyStore(present, shape) }),
    };
  },
});

/** Σ w (−ln p_y) over places; the weight of a place is that of its sample. */
function placeLoss(classes: number): Loss {
  return {
    evaluate: (raw, labels, weights) => {
      const perSample = [weights.size, ...labels.shape.slice(1).map(() => 1)];
      const each = weights.rank === 1 ? tf.mul(tf.onesLike(labels), tf.reshape(weights, perSample)) : weights;
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

/** Share of right places among those that are known, of classes [n, …places]. */
class PlaceAccuracy implements MetricSums {
  readonly #name: string;
  #hits = 0;
  #total = 0;

  constructor(name: string) {
    this.#name = name;
  }

  update(
    answers: ArrayLike<number>,
    labels: ArrayLike<number>,
    labeled: ArrayLike<number>,
    present?: ArrayLike<number>,
  ): void {
    const size = labels.length / labeled.length;
    if (answers.length !== labels.length) throw new RangeError('An answer is one class a place.');
    for (let at = 0; at < labels.length; at++) {
      if (!((labeled[Math.floor(at / size)] ?? 0) > 0) || present?.[at] === 0) continue;
      this.#total++;
      if (answers[at] === labels[at]) this.#hits++;
    }
  }

  result(): ReturnType<MetricSums['result']> {
    const value = this.#total === 0 ? null : this.#hits / this.#total;
    return { values: new Map([[this.#name, value]]), warnings: [], details: {} };
  }

  state(): ReturnType<MetricSums['state']> {
    return [this.#hits, this.#total];
  }

  restore(state: ReturnType<MetricSums['state']>): void {
    [this.#hits = 0, this.#total = 0] = state as number[];
  }
}

const taskOf = ({ type, metric }: PlaceType) => ({
  activation: 'softmax',
  facts: ({ classes }: FittedPlaces, classCounts: readonly number[]) => ({ classes, classCounts }),
  create: (
    plan: { readonly name: string; readonly outputShape: readonly number[] },
    { classCounts = [] }: { classCounts?: readonly number[] },
  ) => {
    const { name, outputShape: rawShape } = plan;
    const labelShape = rawShape.slice(0, -1);
    const total = classCounts.reduce((sum, count) => sum + count, 0);
    return {
      ...{ name, type, rawShape, labelShape },
      lossName: 'cross-entropy',
      loss: placeLoss(rawShape.at(-1) ?? 0),
      metrics: [metric],
      primary: { name: metric, higherIsBetter: true },
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
      newMetrics: () => new PlaceAccuracy(metric),
    };
  },
});

/** Puts a type into the tables of this process, as a release that had it would. */
export function addPlaces(place: PlaceType): void {
  Object.assign(targetTypes, { [place.type]: targetOf(place) });
  Object.assign(taskTypes, { [place.type]: taskOf(place) });
}

export function removePlaces({ type }: PlaceType): void {
  for (const table of [targetTypes, taskTypes]) Reflect.deleteProperty(table, type);
}
