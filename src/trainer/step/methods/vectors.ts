/** The vector interface of entry-wise strategies on gradients as engines give them: float32, sums in double precision. */
import type { VectorSpace } from '../../../weighting/contract.ts';
import { at } from '../../../numbers/linear.ts';
import { element } from '../by-task.ts';
import { dotOf } from '../passes/to-host.ts';

/** Entries that are worked on together. */
const chunk = 4096;

// A loop for each number of vectors: calls with a list of arguments cost ten times as much, once for every parameter.

function addScaled(sums: Float64Array, factor: number, vector: Float32Array, from: number, count: number): void {
  for (let k = 0; k < count; k++) sums[k] = (sums[k] as number) + factor * (vector[from + k] as number);
}

function mapOne(f: (a: number) => number, a: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let k = 0; k < result.length; k++) result[k] = f(a[k] as number);
  return result;
}

function mapTwo(f: (a: number, b: number) => number, a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let k = 0; k < result.length; k++) result[k] = f(a[k] as number, b[k] as number);
  return result;
}

function mapThree(
  f: (a: number, b: number, c: number) => number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): Float32Array {
  const result = new Float32Array(a.length);
  for (let k = 0; k < result.length; k++) result[k] = f(a[k] as number, b[k] as number, c[k] as number);
  return result;
}

export const floatVectors: VectorSpace<Float32Array> = {
  zeros: (like) => new Float32Array(like.length),
  combine(coefficients, vectors) {
    const size = element(vectors, 0).length;
    // Sums in double precision, chunk by chunk, so that they stay in the processor's cache.
    const result = new Float32Array(size);
    const sums = new Float64Array(Math.min(chunk, size));
    for (let from = 0; from < size; from += chunk) {
      const count = Math.min(chunk, size - from);
      sums.fill(0);
      vectors.forEach((vector, i) => {
        addScaled(sums, at(coefficients, i), vector, from, count);
      });
      result.set(count === sums.length ? sums : sums.subarray(0, count), from);
    }
    return result;
  },
  norm: (v) => Math.sqrt(dotOf(v, v, 0, v.length)),
  dot: (a, b) => dotOf(a, b, 0, a.length),
  map(f, ...vectors) {
    const [a, b, c, ...more] = vectors;
    if (a === undefined) return new Float32Array(0);
    if (b === undefined) return mapOne(f, a);
    if (c === undefined) return mapTwo(f, a, b);
    if (more.length === 0) return mapThree(f, a, b, c);
    return floatVectors.across((entries) => f(...entries), vectors);
  },
  across(f, vectors) {
    const size = element(vectors, 0).length;
    const result = new Float32Array(size);
    // One buffer for all entries: a new one each time would be garbage a million times.
    const entries = new Float64Array(vectors.length);
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < vectors.length; i++) entries[i] = (vectors[i] as Float32Array)[k] as number;
      result[k] = f(entries);
    }
    return result;
  },
  sum(v) {
    let total = 0;
    for (const value of v) total += value;
    return total;
  },
};
