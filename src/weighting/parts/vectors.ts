/** The vector interface on plain double-precision arrays: reference vectors and tests run on it. */
import { at, dot } from '../../numbers/linear.ts';
import type { VectorSpace } from '../contract.ts';

export const doubleVectors: VectorSpace<Float64Array> = {
  zeros: (like) => new Float64Array(like.length),
  combine(coefficients, vectors) {
    const result = new Float64Array(vectors[0]?.length ?? 0);
    for (const [i, vector] of vectors.entries()) {
      const factor = at(coefficients, i);
      for (let k = 0; k < result.length; k += 1) result[k] = at(result, k) + factor * at(vector, k);
    }
    return result;
  },
  norm: (v) => Math.sqrt(dot(v, v)),
  dot,
  map: (f, ...vectors) =>
    Float64Array.from({ length: vectors[0]?.length ?? 0 }, (_, k) => f(...vectors.map((vector) => at(vector, k)))),
  across: (f, vectors) =>
    Float64Array.from({ length: vectors[0]?.length ?? 0 }, (_, k) =>
      f(Float64Array.from(vectors, (vector) => at(vector, k))),
    ),
  sum: (v) => v.reduce((total, value) => total + value, 0),
};
