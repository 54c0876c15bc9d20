/** Cases of taking tensors to pieces: all types, up to six axes, short and long runs. */
import fc from 'fast-check';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/engine/tfjs.ts';
import { family, small, type Next } from './families.ts';
import { uniform, whole, type Case, type Operand } from './support.ts';

type Kind = 'float32' | 'int32' | 'bool';
const kinds = fc.constantFrom<Kind>('float32', 'int32', 'bool');

/** Axes of a few elements and, now and then, one that is longer than what is copied element by element. */
const extents = fc.array(fc.oneof({ weight: 5, arbitrary: small(4) }, fc.constantFrom(33, 70)), {
  minLength: 1,
  maxLength: 6,
});

/** At most one long axis: the others of a case with several are shortened. */
const shapes = extents.map((shape) => {
  const long = shape.findIndex((extent) => extent > 4);
  return shape.map((extent, axis) => (axis === long ? extent : Math.min(extent, 3)));
});

function operandOf(kind: Kind, shape: readonly number[], next: Next): Operand {
  if (kind === 'float32') return uniform(shape, next);
  return { ...whole(shape, next, kind === 'bool' ? 0 : -9, kind === 'bool' ? 1 : 9), dtype: kind };
}

const slopesOf = (kind: Kind): number[] => (kind === 'float32' ? [0] : []);

/** tfjs's own gradients of split and unstack fail where there is one piece. */
const slopesOfPieces = (kind: Kind, pieces: number): number[] => (pieces > 1 ? slopesOf(kind) : []);

/** A part that may be empty or everything, its size given or left open (−1). */
const slice = family(fc.tuple(kinds, shapes, fc.boolean()), ([kind, shape, open], next) => {
  const whole = next() < 0.1;
  const begin = shape.map((extent) => (whole ? 0 : Math.floor(next() * (extent + 0.2))));
  const size = shape.map((extent, axis) => {
    const left = extent - (begin[axis] ?? 0);
    if (whole) return extent;
    return open && next() < 0.5 ? -1 : Math.round(next() * left);
  });
  // tfjs's gradient of a slice knows four axes.
  return {
    operands: [operandOf(kind, shape, next)],
    run: (x) => tf.slice(x, begin, size),
    slopes: shape.length > 4 ? [] : slopesOf(kind),
  };
});

/** The pieces, each weighted differently, so that none may stand for another. */
function joined(pieces: readonly Tensor[]): Tensor {
  return tf.concat(pieces.map((piece, at) => tf.mul(tf.reshape(tf.cast(piece, 'float32'), [piece.size]), at + 1)));
}

const split = family(fc.tuple(kinds, shapes, fc.nat(5), fc.boolean()), ([kind, shape, place, even], next) => {
  const axis = place % shape.length;
  const extent = shape[axis] ?? 1;
  const first = Math.floor(next() * (extent + 1));
  const second = Math.floor(next() * (extent - first + 1));
  const parts = even ? extent : [first, second, extent - first - second];
  return {
    operands: [operandOf(kind, shape, next)],
    run: (x) => joined(tf.split(x, parts, place % 2 === 0 ? axis : axis - shape.length)),
    slopes: slopesOfPieces(kind, even ? extent : 3),
  };
});

const unpack = family(fc.tuple(kinds, shapes, fc.nat(5)), ([kind, shape, place], next) => {
  const axis = place % shape.length;
  return {
    operands: [operandOf(kind, shape, next)],
    run: (x) => joined(tf.unstack(x, place % 2 === 0 ? axis : axis - shape.length)),
    slopes: slopesOfPieces(kind, shape[axis] ?? 0),
  };
});

const strided = family(fc.tuple(kinds, shapes, fc.nat(15), fc.boolean()), ([kind, shape, mask, plain], next): Case => {
  const strides = shape.map(() => (plain ? 1 : 1 + Math.floor(next() * 3)));
  const begin = shape.map((extent) => Math.floor(next() * extent));
  const end = shape.map((extent, axis) => (begin[axis] ?? 0) + Math.floor(next() * (extent - (begin[axis] ?? 0) + 1)));
  const masks = [mask & 3, (mask >> 2) & 3] as const;
  return {
    operands: [operandOf(kind, shape, next)],
    run: (x) => tf.stridedSlice(x, begin, end, strides, masks[0], masks[1]),
    slopes: [],
  };
});

export const slices = [slice];
export const splits = [split];
export const unpacks = [unpack];
export const stridedSlices = [strided];
