/** One box per image: the head gives cx, cy, w, h through a sigmoid, in image fractions. */
import { RefusedError } from '../errors.ts';
import { text } from '../../common/text.ts';
import type { FittedBox } from '../../samples/targets/box.ts';
import { tf } from '../../engine/tfjs.ts';
import { ridgeLoss } from '../baselines/cross-validation.ts';
import { asWritten, type BoxFormat, type BoxScheme, centersToCorners, cornersToRaw } from './boxes.ts';
import { columnOf, constantLoss, hasLabels, patternSearch, weightedMean, weightedQuantile } from './constants.ts';
import type { Link, Loss } from './losses/contract.ts';
import { createLoss } from './losses/table.ts';
import { BoxSums } from './metrics/box.ts';
import type { MetricSums } from './metrics/contract.ts';
import type { PlanTaskOf, TaskTypeRow } from './row.ts';
import { outputColumns, primaryOf, type LabeledTargets, type Task, type TaskFacts } from './contract.ts';

/** Rows that the search for the best constant box looks at, taken at even distances: few to find it, more to finish. */
const roughRows = 200;
const fineRows = 2000;

export const box: TaskTypeRow<FittedBox> = {
  activation: 'sigmoid',
  facts: ({ unit: [u, v] }) => ({ imageSize: [1 / v, 1 / u] }),
  create: (plan, facts) => createBox(plan as PlanTaskOf<'box'>, facts),
  // Corners are predicted and turned into raw outputs as the head's first bias is.
  baseline: {
    model: 'ridge',
    stratified: false,
    validate: (problem) => ridgeLoss(problem, problem.targets, linkCorners),
  },
};

const linkCorners: Link = (value) => (row) => {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = value(row);
  return cornersToRaw([x1, y1, x2, y2]);
};

function createBox(plan: PlanTaskOf<'box'>, facts: TaskFacts): Task {
  const loss = createLoss('box', plan.spec.loss, { width: 4 });
  const scheme = schemeOf(plan, facts);
  const metrics = plan.spec.metrics.map(({ type }) => type);
  const decode = (predictions: ArrayLike<number>): Float64Array =>
    byFours(predictions, (four) => asWritten(centersToCorners(four), scheme));
  return {
    name: plan.name,
    type: 'box',
    lossName: plan.spec.loss.type,
    loss,
    rawShape: [4],
    labelShape: [4],
    metrics,
    primary: primaryOf('box', metrics),
    predict: (raw) => tf.sigmoid(raw),
    answers: (raw) => tf.sigmoid(raw),
    decode,
    output: () => ({
      columns: outputColumns(plan.name, numbersOf[scheme.format]),
      read: (raw) => tf.sigmoid(raw),
      cells: (read) => [...decode(read)],
    }),
    headBias: (training) => (hasLabels(training.weights) ? cornersToRaw(columns(training, weightedMean)) : undefined),
    bestConstant: (training) => {
      if (!hasLabels(training.weights)) return undefined;
      return Float32Array.from(bestBox(loss, training));
    },
    newMetrics: () => ofCenters(new BoxSums({ metrics, toOriginal: (corners) => asWritten(corners, scheme) })),
  };
}

/** What the four numbers of each format are called. */
const numbersOf: Readonly<Record<BoxFormat, readonly string[]>> = {
  xyxy: ['x1', 'y1', 'x2', 'y2'],
  cxcywh: ['cx', 'cy', 'w', 'h'],
  xywh: ['x', 'y', 'w', 'h'],
};

function schemeOf(plan: PlanTaskOf<'box'>, facts: TaskFacts): BoxScheme {
  const { format, scale } = plan.spec;
  if (scale === 'unit') return { format, size: [1, 1] };
  if (facts.imageSize === undefined) {
    throw new RefusedError(
      text(
        `Task "${plan.name}": boxes in pixels need an image input, whose size they are measured by.`,
        `任务“${plan.name}”：以像素为单位的目标框需要图像输入，以其大小为尺度。`,
      ),
    );
  }
  const [height, width] = facts.imageSize;
  return { format, size: [width, height] };
}

type Summary = (values: ArrayLike<number>, weights: ArrayLike<number>) => number;

const median: Summary = (values, weights) => weightedQuantile(values, weights, 0.5);

function columns({ targets, weights }: LabeledTargets, summary: Summary): readonly [number, number, number, number] {
  const of = (column: number): number => summary(columnOf(targets, 4, column), weights);
  return [of(0), of(1), of(2), of(3)];
}

/**
 * Pattern search in the raw numbers from the mean and from the median box. The last step of 0.002 leaves the loss within
 * about 1e-6 of its minimum.
 */
function bestBox(loss: Loss, training: LabeledTargets): readonly number[] {
  const on = (rows: LabeledTargets) => (raw: readonly number[]) => constantLoss(loss, raw, [4], rows);
  const rough = on(thinned(training, roughRows));
  const starts = [weightedMean, median].map((of) => cornersToRaw(columns(training, of)));
  const found = starts.map((start) => patternSearch(rough, start, { smallest: 0.03 }));
  found.sort((a, b) => rough(a) - rough(b));
  return patternSearch(on(thinned(training, fineRows)), found[0] ?? [], { largest: 0.03, smallest: 0.002 });
}

/** At most `count` of the labeled rows, at even distances. */
function thinned({ targets, weights }: LabeledTargets, count: number): LabeledTargets {
  const labeled = Array.from(weights, (_, row) => row).filter((row) => (weights[row] ?? 0) > 0);
  const step = Math.max(1, labeled.length / count);
  const length = Math.min(labeled.length, count);
  const rows = Array.from({ length }, (_, index) => labeled[Math.floor(index * step)] ?? 0);
  return {
    targets: rows.flatMap((row) => [0, 1, 2, 3].map((column) => targets[row * 4 + column] ?? 0)),
    weights: rows.map((row) => weights[row] ?? 0),
  };
}

function byFours(values: ArrayLike<number>, convert: (four: readonly number[]) => readonly number[]): Float64Array {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += 4) {
    const four = [0, 1, 2, 3].map((index) => values[start + index] ?? NaN);
    result.set(convert(four), start);
  }
  return result;
}

/** Predictions come as centers and sizes, targets as corners; the sums compare corners. */
function ofCenters(sums: MetricSums): MetricSums {
  return {
    update: (predicted, target, labeled) => {
      sums.update(byFours(predicted, centersToCorners), target, labeled);
    },
    result: () => sums.result(),
    state: () => sums.state(),
    restore: (state) => {
      sums.restore(state);
    },
  };
}
