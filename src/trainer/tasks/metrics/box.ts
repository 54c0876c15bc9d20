/** Metrics of one box per sample. Predictions and targets are corners x1 y1 x2 y2 in image fractions. */
import type { Json } from '../../../common/checks.ts';
import { unlabeled } from './warnings.ts';
import { fieldsOf, numberFrom } from './state.ts';
import type { MetricResult, MetricSums, MetricTable, MetricWarning } from './contract.ts';

/** Sums over boxes. */
interface BoxTotals {
  readonly overlap: number;
  readonly hits: number;
  readonly square: number;
}

/** What is summed for each metric; its value is the mean over boxes. */
const table: MetricTable<'box', (totals: BoxTotals) => number> = {
  meanIoU: ({ overlap }) => overlap,
  iou50: ({ hits }) => hits,
  mse: ({ square }) => square,
};

export interface BoxOptions {
  readonly metrics: readonly (keyof typeof table)[];
  /** Corners → the four numbers as the data has them, for `mse`. */
  readonly toOriginal: (corners: ArrayLike<number>) => readonly number[];
}

/** Share of boxes without any overlap above which IoU has nothing to learn from (conventions 4). */
const deadShare = 0.2;

export class BoxSums implements MetricSums {
  readonly #options: BoxOptions;
  #count = 0;
  #overlap = 0;
  #hits = 0;
  #apart = 0;
  #square = 0;

  constructor(options: BoxOptions) {
    this.#options = options;
  }

  update(predicted: ArrayLike<number>, target: ArrayLike<number>, labeled: ArrayLike<number>): void {
    for (let row = 0; row < labeled.length; row++) {
      if (!((labeled[row] ?? 0) > 0)) continue;
      const guess = fourAt(predicted, row * 4);
      const truth = fourAt(target, row * 4);
      const overlap = boxOverlap(guess, truth);
      this.#count++;
      this.#overlap += overlap;
      if (overlap >= 0.5) this.#hits++;
      if (overlap === 0) this.#apart++;
      const expected = this.#options.toOriginal(truth);
      const squares = this.#options.toOriginal(guess).map((value, index) => (value - (expected[index] ?? 0)) ** 2);
      this.#square += squares.reduce((sum, value) => sum + value, 0) / 4;
    }
  }

  result(): MetricResult {
    const totals = { overlap: this.#overlap, hits: this.#hits, square: this.#square };
    const warnings: MetricWarning[] = [];
    const values = new Map<string, number | null>();
    for (const metric of this.#options.metrics) {
      if (this.#count === 0) warnings.push(unlabeled(metric));
      values.set(metric, this.#count === 0 ? null : table[metric](totals) / this.#count);
    }
    const zeroOverlap = this.#count === 0 ? 0 : this.#apart / this.#count;
    if (zeroOverlap > deadShare) warnings.push(deadWarning(zeroOverlap));
    return { values, warnings, details: { zeroOverlap } };
  }

  state(): Json {
    return { count: this.#count, overlap: this.#overlap, hits: this.#hits, apart: this.#apart, square: this.#square };
  }

  restore(state: Json): void {
    const saved = fieldsOf(state);
    this.#count = numberFrom(saved['count']);
    this.#overlap = numberFrom(saved['overlap']);
    this.#hits = numberFrom(saved['hits']);
    this.#apart = numberFrom(saved['apart']);
    this.#square = numberFrom(saved['square']);
  }
}

function fourAt(values: ArrayLike<number>, start: number): readonly [number, number, number, number] {
  return [values[start] ?? 0, values[start + 1] ?? 0, values[start + 2] ?? 0, values[start + 3] ?? 0];
}

type Box = readonly [number, number, number, number];

/** |A∩B| / |A∪B| of corner boxes (torchvision box_iou); 0 where both are empty. */
function boxOverlap([ax1, ay1, ax2, ay2]: Box, [bx1, by1, bx2, by2]: Box): number {
  const width = Math.max(0, Math.min(ax2, bx2) - Math.max(ax1, bx1));
  const height = Math.max(0, Math.min(ay2, by2) - Math.max(ay1, by1));
  const common = width * height;
  const union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - common;
  return union > 0 ? common / union : 0;
}

function deadWarning(share: number): MetricWarning {
  const percent = String(Math.round(share * 100));
  return {
    code: 'iou-dead',
    metric: 'meanIoU',
    message: {
      en: `${percent} % of the predicted boxes do not touch their target: the loss "iou" gives those no gradient. Use "loss": "giou".`,
      zh: `${percent} % 的预测框与目标不相交："iou" 损失对它们没有梯度。请使用 "loss": "giou"。`,
    },
  };
}
