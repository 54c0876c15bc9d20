/** Operands and operations for every kernel of the table, generated. */
import fc from 'fast-check';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/engine/tfjs.ts';
import { adamUpdate } from '../../../src/engine/updates.ts';
import { activations, family, shapes, small, type Next } from './families.ts';
import { slices, splits, stridedSlices, unpacks } from './slice-cases.ts';
import { distinct, uniform, whole, type Case, type Operand } from './support.ts';
import {
  averagePool,
  conv,
  conv3d,
  convTranspose,
  depthwise,
  dilatedConv,
  dilatedDepthwise,
  fusedConv,
  maxPool,
  maxPoolBelowZero,
  maxPoolTies,
} from './window-cases.ts';

function unary(
  run: (x: Tensor) => Tensor,
  slopes: number[],
  make: (shape: number[], next: Next) => Operand,
): fc.Arbitrary<Case> {
  return family(shapes, (shape, next) => ({ operands: [make(shape, next)], run, slopes, step: 0.01 }));
}

/** Two shapes that broadcast: axes of the second are 1 or missing here and there. */
const pairs = fc
  .tuple(shapes, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(2))
  .map(([shape, ones, drop]) => ({
    a: shape,
    b: shape.map((extent, axis) => (ones[axis] === true ? 1 : extent)).slice(Math.min(drop, shape.length - 1)),
  }));

const noBatch: number[][] = [[], []];

const products = fc.record({
  batch: fc.constantFrom<number[][]>(noBatch, ...[[1], [3], [2, 3]].map((axes) => [axes, axes])),
  left: small(6),
  inner: small(7),
  right: small(6),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

function productOperands(
  p: { batch: number[][]; left: number; inner: number; right: number; transposeA: boolean; transposeB: boolean },
  next: Next,
): Operand[] {
  const [outerA = [], outerB = []] = p.batch;
  return [
    uniform([...outerA, ...(p.transposeA ? [p.inner, p.left] : [p.left, p.inner])], next),
    uniform([...outerB, ...(p.transposeB ? [p.right, p.inner] : [p.inner, p.right])], next),
  ];
}

const matMul = family(products, (p, next) => ({
  operands: productOperands(p, next),
  run: (a, b) => tf.matMul(a, b, p.transposeA, p.transposeB),
  slopes: [0, 1],
}));

/** Extents at which the turned product is the cheaper one, and its neighbors. */
const largeMatMul = family(
  fc.tuple(fc.constantFrom(1, 8, 60), small(40), fc.constantFrom(2, 300, 900), fc.boolean(), fc.boolean()),
  ([left, inner, right, transposeA, transposeB], next) => ({
    operands: productOperands({ batch: noBatch, left, inner, right, transposeA, transposeB }, next),
    run: (a, b) => tf.matMul(a, b, transposeA, transposeB),
    slopes: [0, 1],
  }),
);

const integerMatMul = family(products, (p, next) => ({
  operands: productOperands(p, next).map(({ shape }) => whole(shape, next, -50, 50)),
  run: (a, b) => tf.matMul(a, b, p.transposeA, p.transposeB),
  slopes: [],
}));

/** One batch against many; batches that broadcast both ways have a test of their own, the cpu backend fails on them. */
const broadcastMatMul = family(fc.tuple(small(3), small(4), small(5), fc.boolean()), ([q, m, n, first], next) => ({
  operands: first
    ? [uniform([1, m, n], next), uniform([q, n, m], next)]
    : [uniform([q, m, n], next), uniform([1, n, m], next)],
  run: (a, b) => tf.matMul(a, b),
  slopes: [],
}));

const fusedMatMul = family(fc.tuple(products, activations, fc.boolean()), ([p, activation, biased], next) => ({
  operands: [...productOperands({ ...p, batch: noBatch }, next), uniform([p.right], next), uniform([p.right], next)],
  run: (a, b, bias, alpha) =>
    tf.fused.matMul({
      a,
      b,
      transposeA: p.transposeA,
      transposeB: p.transposeB,
      activation,
      leakyreluAlpha: 0.3,
      ...(biased ? { bias } : {}),
      ...(activation === 'prelu' ? { preluActivationWeights: alpha } : {}),
    }),
  slopes: activation === 'linear' ? (biased ? [0, 1, 2] : [0, 1]) : [],
}));

const resizes = fc.record({
  batch: small(3),
  height: fc.integer({ min: 2, max: 5 }),
  width: fc.integer({ min: 2, max: 5 }),
  channels: small(3),
  // To one pixel with aligned corners the cpu backend's gradient never ends.
  toHeight: fc.integer({ min: 2, max: 9 }),
  toWidth: fc.integer({ min: 2, max: 9 }),
  mode: fc.constantFrom('plain', 'alignCorners'),
});

const resize = family(resizes, (r, next) => ({
  operands: [uniform([r.batch, r.height, r.width, r.channels], next)],
  run: (x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [r.toHeight, r.toWidth], r.mode === 'alignCorners'),
  slopes: [0],
  // The cpu backend's gradient drops parts of dy with several images, or unless the picture grows by whole numbers.
  trustCpu: r.batch === 1 && r.mode === 'plain' && r.toHeight % r.height === 0 && r.toWidth % r.width === 0,
}));

/** Sums rows by ids that are all valid. */
export const gather = family(fc.tuple(small(6), small(4), small(5)), ([rows, width, count], next) => ({
  operands: [uniform([rows, width], next), whole([count, 2], next, 0, rows - 1)],
  run: (table, ids) => tf.gather(table as Tensor2D, tf.cast(ids, 'int32')),
  slopes: [0],
}));

const segments = family(fc.tuple(small(8), small(4), small(5)), ([rows, width, count], next) => ({
  operands: [uniform([rows, width], next), whole([rows], next, -1, count)],
  run: (x, ids) => tf.unsortedSegmentSum(x as Tensor2D, ids as Tensor1D, count),
  slopes: [],
}));

const equations = fc.constantFrom(
  ['ij,jk->ik', 'ij', 'jk'],
  ['ij,kj->ki', 'ij', 'kj'],
  ['bij,bjk->bik', 'bij', 'bjk'],
  ['bqhd,bkhd->bhqk', 'bqhd', 'bkhd'],
  ['i,j->ij', 'i', 'j'],
  ['i,i->', 'i', 'i'],
  ['bi,bi->b', 'bi', 'bi'],
  ['ij->ji', 'ij'],
  ['ij->', 'ij'],
  ['ijk->ik', 'ijk'],
) as fc.Arbitrary<string[]>;

const einsum = family(
  fc.tuple(equations, fc.array(small(4), { minLength: 12, maxLength: 12 })),
  ([[equation = '', ...terms], extents], next) => ({
    operands: terms.map((term) =>
      uniform(
        Array.from(term).map((index) => extents[index.charCodeAt(0) % 12] ?? 1),
        next,
      ),
    ),
    run: (...tensors) => tf.einsum(equation, ...tensors),
    slopes: terms.map((_, i) => i),
  }),
);

const reductions = fc.tuple(shapes, fc.nat(15), fc.boolean()).map(([shape, mask, keepDims]) => ({
  shape,
  axes: shape.map((_, axis) => axis).filter((axis) => (mask & (1 << axis)) !== 0),
  keepDims,
}));

const reduction = (run: (x: Tensor, axes: number[], keepDims: boolean) => Tensor): fc.Arbitrary<Case> =>
  family(reductions, ({ shape, axes, keepDims }, next) => ({
    operands: [uniform(shape, next)],
    run: (x) => run(x, axes, keepDims),
    slopes: [0],
  }));

/** Many short rows: added several at a time. */
const tallSum = family(fc.tuple(small(3), small(300), small(9)), ([outer, count, inner], next) => ({
  operands: [uniform([outer, count, inner], next)],
  run: (x) => tf.sum(x, 1),
  slopes: [0],
}));

const binary = (run: (a: Tensor, b: Tensor) => Tensor): fc.Arbitrary<Case> =>
  family(pairs, ({ a, b }, next) => ({
    operands: [
      distinct(a, next),
      { ...distinct(b, next), values: distinct(b, next).values.map((v) => Math.fround(v + 0.031)) },
    ],
    run: (x, y) => run(x, y),
    // tfjs's own gradient of maximum and minimum does not sum over repeated axes.
    slopes: a.join() === b.join() ? [0, 1] : [],
    step: 0.005,
  }));

const dtypes = fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const);

const casts = family(fc.tuple(shapes, dtypes), ([shape, dtype], next) => ({
  operands: [
    { ...distinct(shape, next), values: distinct(shape, next).values.map((v) => (Math.abs(v) < 0.3 ? 0 : v * 10)) },
  ],
  run: (x) => tf.cast(x, dtype),
  slopes: dtype === 'float32' ? [0] : [],
}));

/** Against the textbook form: bias-corrected moments first, quotient afterwards. */
const adam = family(fc.tuple(shapes, fc.integer({ min: 1, max: 50 })), ([shape, count], next) => ({
  operands: [uniform(shape, next), uniform(shape, next), uniform(shape, next), uniform(shape, next)],
  run: (value, gradient, mean, root) => {
    const [v, g, m, s] = [value, gradient, mean, tf.square(root)];
    const correction = Math.sqrt(1 - 0.99 ** count);
    const stepSize = (0.1 * correction) / (1 - 0.9 ** count);
    const step = { beta1: 0.9, beta2: 0.99, stepSize, epsilon: 1e-3 * correction, keep: 1 - 0.1 * 0.1 };
    const got = adamUpdate({ value: v, gradient: g, mean: m, square: s }, step);
    if (got !== undefined) return tf.stack([got.value, got.mean, got.square]);
    const newMean = tf.add(tf.mul(m, 0.9), tf.mul(g, 0.1));
    const newSquare = tf.add(tf.mul(s, 0.99), tf.mul(tf.square(g), 0.01));
    const first = tf.div(newMean, 1 - 0.9 ** count);
    const second = tf.div(newSquare, 1 - 0.99 ** count);
    const change = tf.div(tf.mul(first, 0.1), tf.add(tf.sqrt(second), 1e-3));
    return tf.stack([tf.sub(tf.mul(v, 1 - 0.1 * 0.1), change), newMean, newSquare]);
  },
  slopes: [],
}));

/** Kernel name → families of cases. A kernel without a row fails the test. */
export const kernelCases: Readonly<Record<string, readonly fc.Arbitrary<Case>[]>> = {
  AdamUpdate: [adam],
  AvgPool: [averagePool],
  AvgPoolGrad: [averagePool],
  BatchMatMul: [matMul, largeMatMul, integerMatMul, broadcastMatMul],
  Cast: [casts],
  ClipByValue: [unary((x) => tf.clipByValue(x, -1.02, 1.02), [0], distinct)],
  Conv2D: [conv, dilatedConv],
  Conv2DBackpropFilter: [conv, convTranspose],
  Conv2DBackpropInput: [conv, convTranspose],
  Conv3DBackpropInputV2: [conv3d],
  DepthwiseConv2dNative: [depthwise, dilatedDepthwise],
  DepthwiseConv2dNativeBackpropFilter: [depthwise],
  DepthwiseConv2dNativeBackpropInput: [depthwise],
  Einsum: [einsum],
  FusedConv2D: [fusedConv('conv2d')],
  FusedDepthwiseConv2D: [fusedConv('depthwiseConv2d')],
  _FusedMatMul: [fusedMatMul],
  Identity: [unary((x) => tf.clone(x), [0], uniform)],
  MaxPool: [maxPool, maxPoolTies],
  MaxPoolGrad: [maxPool, maxPoolBelowZero],
  Maximum: [binary((a, b) => tf.maximum(a, b))],
  Mean: [reduction((x, axes, keepDims) => tf.mean(x, axes, keepDims))],
  Minimum: [binary((a, b) => tf.minimum(a, b))],
  Relu6: [
    unary(
      (x) => tf.relu6(x),
      [0],
      (shape, next) => ({ ...distinct(shape, next), values: distinct(shape, next).values.map((v) => v * 2.7) }),
    ),
  ],
  ReluGrad: [unary((x) => tf.relu(x), [0], distinct)],
  ResizeNearestNeighborGrad: [resize],
  Sign: [unary((x) => tf.sign(x), [], distinct)],
  Slice: slices,
  SplitV: splits,
  StridedSlice: stridedSlices,
  Unpack: unpacks,
  Sum: [reduction((x, axes, keepDims) => tf.sum(x, axes, keepDims)), tallSum],
  UnsortedSegmentSum: [gather, segments],
};
