/**
 * Keyed random numbers: every use of chance has its own generator, found from the seed and a name (layer, step, epoch …).
 * Adding a head or reading one number more somewhere changes no other number, so runs that differ in one thing are truly
 * paired, and a resumed run continues with the same numbers without any saved generator state.
 *
 * Key: SHA-256 of the JSON text `[seed, ...parts]` (UTF-8); its first 16 bytes, little-endian, are the state.
 * Generator: xoshiro128** 1.1 (Blackman & Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c), 32-bit integers only,
 * so the numbers are the same on every machine.
 */
import { createHash } from 'node:crypto';

/** One stream of random numbers. */
export interface Random {
  /** The next 32 random bits as an integer in [0, 2³²). */
  bits(): number;
  /** Uniform in [0, 1) with 53 random bits; `uniform(low, high)` in [low, high). */
  uniform(low?: number, high?: number): number;
  /** Normal by Box–Muller; standard when called without arguments. */
  normal(mean?: number, standardDeviation?: number): number;
  /** Normal, redrawn until it lies within two standard deviations (TensorFlow's truncated normal). */
  truncatedNormal(mean?: number, standardDeviation?: number): number;
  /** An integer in [0, limit), each exactly as likely; `limit` from 1 to 2³². */
  integer(limit: number): number;
  /** A random order of 0 … n−1 (Fisher–Yates). */
  permutation(n: number): Int32Array;
}

/** The generator of one key. The same seed and parts always give the same stream; `1` and `"1"` are different parts. */
export function keyed(seed: number, ...parts: readonly (string | number)[]): Random {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...parts]), 'utf8')
    .digest();
  return generator(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12));
}

/** xoshiro128** from a given state; the state must not be all zero. Exported for the reference test. */
export function generator(a: number, b: number, c: number, d: number): Random {
  let s0 = a | 0;
  let s1 = b | 0;
  let s2 = c | 0;
  let s3 = d | 0;
  if ((s0 | s1 | s2 | s3) === 0) s0 = 1;
  let spare: number | undefined;

  const bits = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(s1, 5), 7), 9);
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotate(s3, 11);
    return scrambled >>> 0;
  };
  const unit = (): number => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992;
  const uniform = (low = 0, high = 1): number => low + (high - low) * unit();
  const standardNormal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - unit()));
    const angle = 2 * Math.PI * unit();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const normal = (mean = 0, standardDeviation = 1): number => mean + standardDeviation * standardNormal();
  const truncatedNormal = (mean = 0, standardDeviation = 1): number => {
    let value = standardNormal();
    while (Math.abs(value) > 2) value = standardNormal();
    return mean + standardDeviation * value;
  };
  const integer = (limit: number): number => {
    // Values at or above the largest multiple of `limit` are redrawn: a plain remainder would favor small numbers.
    const largest = 4_294_967_296 - (4_294_967_296 % limit);
    let value = bits();
    while (value >= largest) value = bits();
    return value % limit;
  };
  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let last = n - 1; last > 0; last--) {
      const other = integer(last + 1);
      const value = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = value;
    }
    return order;
  };
  return { bits, uniform, normal, truncatedNormal, integer, permutation };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
