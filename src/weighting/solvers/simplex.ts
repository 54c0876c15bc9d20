/** The probability simplex {w ≥ 0, Σw = 1}. */
import { at, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';

/** Nearest point of the simplex (Held, Wolfe & Crowder 1974): max(y − θ, 0) with the θ that makes the sum 1. */
export function projectOntoSimplex(y: Numbers): number[] {
  const sorted = [...y].sort((a, b) => b - a);
  let total = 0;
  let threshold = (sum(y) - 1) / y.length;
  for (let index = 0; index < y.length - 1; index += 1) {
    total += at(sorted, index);
    const candidate = (total - 1) / (index + 1);
    if (candidate > at(sorted, index + 1)) {
      threshold = candidate;
      break;
    }
  }
  return y.map((value) => Math.max(value - threshold, 0));
}

/** exp(zᵢ) / Σ exp(zⱼ), with the largest entry subtracted first. */
export function softmax(z: Numbers): number[] {
  const largest = Math.max(...z);
  const powers = z.map((value) => Math.exp(value - largest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** Jᵀ v of the softmax at its value p: pᵢ (vᵢ − Σ pⱼ vⱼ). */
export function softmaxBackward(p: Numbers, v: Numbers): number[] {
  const mean = p.reduce((total, value, index) => total + value * at(v, index), 0);
  return p.map((value, index) => value * (at(v, index) - mean));
}
