/** Running one operation on the embedded engine and on the plain cpu backend, and measuring slopes independently. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/engine/tfjs.ts';

/** Where the package keeps the binaries that a bundle has beside it. */
export const assetsDirectory = path.join(
  fileURLToPath(new URL('../../../', import.meta.url)),
  'node_modules/@tensorflow/tfjs-backend-wasm/dist',
);

/** tfjs's names of the engines, and of the plain backend that they are compared with. */
export type Backend = 'wasm' | 'tensorflow' | 'cpu';

export interface Operand {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype: DataType;
}

/** An operation under test, with operands for it. */
export interface Case {
  readonly operands: readonly Operand[];
  readonly run: (...tensors: Tensor[]) => Tensor;
  /** Operands whose gradient is checked; none for operations without one. */
  readonly slopes: readonly number[];
  /** False where the cpu backend's own gradient is known to be wrong: finite differences alone judge. */
  readonly trustCpu?: boolean;
  /** Half the distance of the finite difference: large where the operation is linear. */
  readonly step?: number;
}

/** A small generator (mulberry32): the same numbers for the same seed, everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Numbers between −2 and 2. */
export function uniform(shape: readonly number[], next: () => number): Operand {
  const values = Array.from({ length: sizeOf(shape) }, () => Math.fround(next() * 4 - 2));
  return { shape, values, dtype: 'float32' };
}

/** Whole numbers from `low` to `high`. */
export function whole(shape: readonly number[], next: () => number, low: number, high: number): Operand {
  const values = Array.from({ length: sizeOf(shape) }, () => Math.floor(low + next() * (high - low + 1)));
  return { shape, values, dtype: 'int32' };
}

/** Distinct numbers at least 0.05 apart and that far from 0, in random order, both signs: safe around kinks. */
export function distinct(shape: readonly number[], next: () => number): Operand {
  const size = sizeOf(shape);
  const values = Array.from({ length: size }, (_, i) => Math.fround((i - Math.floor(size / 2) + 0.5) * 0.1));
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [values[i], values[j]] = [values[j] ?? 0, values[i] ?? 0];
  }
  return { shape, values, dtype: 'float32' };
}

export function tensorOf({ shape, values, dtype }: Operand): Tensor {
  const data =
    dtype === 'float32'
      ? Float32Array.from(values)
      : dtype === 'int32'
        ? Int32Array.from(values)
        : Uint8Array.from(values);
  return tf.tensor(data, [...shape], dtype);
}

export interface Outcome {
  readonly shape: number[];
  readonly dtype: DataType;
  readonly values: number[];
  readonly gradients: number[][];
}

function weightsOf(size: number): Float32Array {
  const next = random(size + 17);
  return Float32Array.from({ length: size }, () => next() * 2 - 1);
}

/** Value of the case on a backend, and gradients of Σ weights · value with respect to its differentiable operands. */
export async function outcome(backend: Backend, test: Case): Promise<Outcome> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = test.operands.map(tensorOf);
    const value = test.run(...tensors);
    const weights = tf.tensor(weightsOf(value.size), value.shape);
    const scalar = (...free: Tensor[]): Tensor => {
      const all = [...tensors];
      test.slopes.forEach((at, i) => (all[at] = free[i] ?? tf.scalar(0)));
      return tf.sum(tf.mul(tf.cast(test.run(...all), 'float32'), weights));
    };
    const gradients =
      test.slopes.length === 0 ? [] : tf.grads(scalar)(test.slopes.map((at) => tensors[at] ?? tf.scalar(0)));
    return {
      shape: [...value.shape],
      dtype: value.dtype,
      values: [...value.dataSync()],
      gradients: gradients.map((gradient) => [...gradient.dataSync()]),
    };
  });
}

/** Equal within `tolerance` of the largest expected number (at least 1); not-a-number only equals itself. */
export function assertClose(got: readonly number[], want: readonly number[], tolerance: number, what: string): void {
  assert.equal(got.length, want.length, `${what}: length`);
  const scale = want.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  );
  for (let i = 0; i < want.length; i++) {
    const [g, w] = [got[i] ?? Number.NaN, want[i] ?? Number.NaN];
    if (Object.is(g, w) || g === w) continue;
    assert.ok(
      Math.abs(g - w) <= tolerance * scale,
      `${what}: element ${String(i)} is ${String(g)}, expected ${String(w)}`,
    );
  }
}

/** Σ weights · value in double precision, operand `at` moved by `step` along `direction`; on the active backend. */
function moved(test: Case, at: number, direction: readonly number[], step: number): number {
  const operands = test.operands.map((operand, i) =>
    i === at ? { ...operand, values: operand.values.map((v, j) => v + step * (direction[j] ?? 0)) } : operand,
  );
  return tf.tidy(() => {
    const values: readonly number[] = [...test.run(...operands.map(tensorOf)).dataSync()];
    const weights = weightsOf(values.length);
    return values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
  });
}

/** Compares gradients with central differences along random directions. */
export function assertSlopes(test: Case, gradients: readonly number[][], what: string): void {
  const step = test.step ?? 0.5;
  test.slopes.forEach((at, i) => {
    const gradient = gradients[i] ?? [];
    for (let seed = 1; seed <= 3; seed++) {
      const next = random(seed * 7919 + gradient.length);
      const direction = gradient.map(() => (next() < 0.5 ? -1 : 1));
      const slope = (moved(test, at, direction, step) - moved(test, at, direction, -step)) / (2 * step);
      const dot = gradient.reduce((sum, g, j) => sum + g * (direction[j] ?? 0), 0);
      const scale = gradient.reduce((sum, g) => sum + Math.abs(g), 1);
      assert.ok(
        Math.abs(slope - dot) <= (5e-6 / Math.min(1, step * 2) + 1e-6) * scale * 4,
        `${what}: slope along direction ${String(seed)} of operand ${String(at)} is ${String(slope)}, gradient says ${String(dot)}`,
      );
    }
  });
}
