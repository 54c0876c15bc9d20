/**
 * Losses of boxes. The head gives cx, cy, w, h through a sigmoid, in image fractions; targets are corners x1 y1 x2 y2 in
 * image fractions. Formulas and ε as torchvision's `*_box_iou_loss`.
 */
import { tf } from '../../../engine/tfjs.ts';
import { huberRule, residualLoss } from './residual.ts';
import type { Loss, LossRow, SampleLoss } from './contract.ts';

const epsilon = 1e-7;

/** A loss over corner boxes, each of the four a [n] tensor, or a number. */
interface Ops<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  max(a: T, b: T): T;
  min(a: T, b: T): T;
  relu(a: T): T;
  atan(a: T): T;
  constant(value: number): T;
  /** The same value, but no gradient flows through it. */
  stop(a: T): T;
}

export interface Corners<T> {
  readonly x1: T;
  readonly y1: T;
  readonly x2: T;
  readonly y2: T;
}

type BoxFormula = <T>(o: Ops<T>, predicted: Corners<T>, target: Corners<T>) => T;

const numbers: Ops<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  relu: (a) => Math.max(a, 0),
  atan: Math.atan,
  constant: (value) => value,
  stop: (a) => a,
};

const tensors: Ops<tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  max: (a, b) => tf.maximum(a, b),
  min: (a, b) => tf.minimum(a, b),
  relu: (a) => tf.relu(a),
  atan: (a) => tf.atan(a),
  constant: (value) => tf.scalar(value),
  stop: (a) =>
    tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))(a),
};

interface Overlap<T> {
  readonly common: T;
  readonly union: T;
}

function overlap<T>(o: Ops<T>, a: Corners<T>, b: Corners<T>): Overlap<T> {
  const width = o.relu(o.sub(o.min(a.x2, b.x2), o.max(a.x1, b.x1)));
  const height = o.relu(o.sub(o.min(a.y2, b.y2), o.max(a.y1, b.y1)));
  const common = o.mul(width, height);
  const area = (box: Corners<T>): T => o.mul(o.sub(box.x2, box.x1), o.sub(box.y2, box.y1));
  return { common, union: o.sub(o.add(area(a), area(b)), common) };
}

/** Overlap with torchvision's ε, as its losses have it. */
function softIou<T>(o: Ops<T>, { common, union }: Overlap<T>): T {
  return o.div(common, o.add(union, o.constant(epsilon)));
}

/** Sides of the smallest box around both. */
function enclosing<T>(o: Ops<T>, a: Corners<T>, b: Corners<T>): { width: T; height: T } {
  return {
    width: o.sub(o.max(a.x2, b.x2), o.min(a.x1, b.x1)),
    height: o.sub(o.max(a.y2, b.y2), o.min(a.y1, b.y1)),
  };
}

/** No ε: a box of the sigmoid has an area; the bound only keeps 0 / 0 away where it underflows. */
const iouFormula: BoxFormula = (o, a, b) => {
  const { common, union } = overlap(o, a, b);
  return o.sub(o.constant(1), o.div(common, o.max(union, o.constant(1e-12))));
};

const giouFormula: BoxFormula = (o, a, b) => {
  const both = overlap(o, a, b);
  const { width, height } = enclosing(o, a, b);
  const area = o.mul(width, height);
  const empty = o.div(o.sub(area, both.union), o.add(area, o.constant(epsilon)));
  return o.add(o.sub(o.constant(1), softIou(o, both)), empty);
};

/** 1 − IoU + squared distance of the centers over the squared diagonal of the enclosing box. */
const diouFormula: BoxFormula = (o, a, b) => {
  const square = <T>(ops: Ops<T>, x: T): T => ops.mul(x, x);
  const { width, height } = enclosing(o, a, b);
  const diagonal = o.add(o.add(square(o, width), square(o, height)), o.constant(epsilon));
  const half = o.constant(0.5);
  const dx = o.mul(o.sub(o.add(a.x1, a.x2), o.add(b.x1, b.x2)), half);
  const dy = o.mul(o.sub(o.add(a.y1, a.y2), o.add(b.y1, b.y2)), half);
  const apart = o.sub(o.constant(1), softIou(o, overlap(o, a, b)));
  return o.add(apart, o.div(o.add(square(o, dx), square(o, dy)), diagonal));
};

/** DIoU + αv, v = 4/π² (atan(w/h) − atan(w'/h'))², α = v / (1 − IoU + v + ε) without gradient. */
const ciouFormula: BoxFormula = (o, a, b) => {
  const angle = <T>(ops: Ops<T>, box: Corners<T>): T => {
    // A height below float32's reach would make w/h infinite; no box is that flat.
    const height = ops.max(ops.sub(box.y2, box.y1), ops.constant(1e-12));
    return ops.atan(ops.div(ops.sub(box.x2, box.x1), height));
  };
  const difference = o.sub(angle(o, b), angle(o, a));
  const v = o.mul(o.mul(difference, difference), o.constant(4 / Math.PI ** 2));
  const rest = o.add(o.sub(o.constant(1), softIou(o, overlap(o, a, b))), o.add(v, o.constant(epsilon)));
  const alpha = o.stop(o.div(v, rest));
  return o.add(diouFormula(o, a, b), o.mul(alpha, v));
};

/** σ(raw) as corners. */
function cornersOf(raw: ArrayLike<number>): Corners<number> {
  const sigmoid = (index: number): number => 1 / (1 + Math.exp(-(raw[index] ?? 0)));
  const [cx, cy, w, h] = [sigmoid(0), sigmoid(1), sigmoid(2), sigmoid(3)];
  return { x1: cx - w / 2, y1: cy - h / 2, x2: cx + w / 2, y2: cy + h / 2 };
}

/** @param raw [n, 4] */
function cornersOfTensor(raw: tf.Tensor): Corners<tf.Tensor> {
  const [cx, cy, w, h] = tf.unstack(tf.sigmoid(raw), 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const halfWidth = tf.mul(w, 0.5);
  const halfHeight = tf.mul(h, 0.5);
  return {
    x1: tf.sub(cx, halfWidth),
    y1: tf.sub(cy, halfHeight),
    x2: tf.add(cx, halfWidth),
    y2: tf.add(cy, halfHeight),
  };
}

function cornerLoss(formula: BoxFormula): Loss {
  return {
    evaluate: (raw, target, weights) => ({
      sum: tf.tidy(() => {
        const [x1, y1, x2, y2] = tf.unstack(target, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const losses = formula(tensors, cornersOfTensor(raw), { x1, y1, x2, y2 });
        return tf.sum<tf.Scalar>(tf.mul(losses, weights));
      }),
      weight: tf.sum<tf.Scalar>(weights),
    }),
    sample: (raw, target): SampleLoss => {
      const truth = { x1: target[0] ?? 0, y1: target[1] ?? 0, x2: target[2] ?? 0, y2: target[3] ?? 0 };
      return { loss: formula(numbers, cornersOf(raw), truth), weight: 1 };
    },
  };
}

export const iou: LossRow<'box', 'iou'> = () => cornerLoss(iouFormula);
export const giou: LossRow<'box', 'giou'> = () => cornerLoss(giouFormula);
export const diou: LossRow<'box', 'diou'> = () => cornerLoss(diouFormula);
export const ciou: LossRow<'box', 'ciou'> = () => cornerLoss(ciouFormula);

/** Center and size of a corner box. */
function centers(target: ArrayLike<number>): readonly number[] {
  const [x1, y1, x2, y2] = [target[0] ?? 0, target[1] ?? 0, target[2] ?? 0, target[3] ?? 0];
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}

/** Huber-like distance of center and size, mean over the four numbers. */
export const smoothL1: LossRow<'box', 'smooth-l1'> = ({ beta }) => {
  const inner = residualLoss(huberRule(beta));
  return {
    evaluate: (raw, target, weights) => {
      const [x1, y1, x2, y2] = tf.unstack(target, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const middle = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mul(tf.add(a, b), 0.5);
      const goal = tf.stack([middle(x1, x2), middle(y1, y2), tf.sub(x2, x1), tf.sub(y2, y1)], 1);
      const { sum, weight } = inner.evaluate(tf.sigmoid(raw), goal, weights);
      return { sum: tf.div(sum, beta), weight };
    },
    sample: (raw, target) => {
      const predicted = Array.from({ length: 4 }, (_, index) => 1 / (1 + Math.exp(-(raw[index] ?? 0))));
      return { loss: inner.sample(predicted, centers(target)).loss / beta, weight: 1 };
    },
  };
};
