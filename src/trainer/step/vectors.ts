/** The vector interface of entry-wise strategies on gradients as engines give them: float32, sums in double precision. */
import type { VectorSpace } from '../weighting/types.ts';
import { dotOf } from './read.ts';

export const floatVectors: VectorSpace<Float32Array> = {
  zeros: (like) => new Float32Array(like.length),
  combine(coefficients, vectors) {
    const result = new Float32Array(vectors[0]?.length ?? 0);
    for (let k = 0; k < result.length; k++) {
      let total = 0;
      for (let i = 0; i < vectors.length; i++) total += (coefficients[i] ?? 0) * (vectors[i]?.[k] ?? 0);
      result[k] = total;
    }
    return result;
  },
  norm: (v) => Math.sqrt(dotOf(v, v, 0, v.length)),
  dot: (a, b) => dotOf(a, b, 0, a.length),
  map(f, ...vectors) {
    const size = vectors[0]?.length ?? 0;
    const result = new Float32Array(size);
    // One array for all entries: T numbers a call would be garbage a million times.
    const entries = new Array<number>(vectors.length).fill(0);
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < vectors.length; i++) entries[i] = vectors[i]?.[k] ?? 0;
      result[k] = f(...entries);
    }
    return result;
  },
  sum(v) {
    let total = 0;
    for (const value of v) total += value;
    return total;
  },
};
