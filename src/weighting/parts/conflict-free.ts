/**
 * ConFIG (Liu et al., ICLR 2025): the direction with cosines in proportion to the preferences to all gradients,
 * d ∝ U⁺ r with the unit rows U, of length Σ gᵢ·d̂. From the cosines C = U Uᵀ: U⁺ r = Uᵀ y with y = C⁺ r, so the weights are
 * (Σ nᵢ (C y)ᵢ / yᵀ C y) yᵢ/nᵢ. A zero gradient gets weight 0. Multiplying r by a constant changes nothing.
 */
import { nonZeroRows } from '../solvers/bargaining.ts';
import { at, cosinesOf, dot, filled, multiply, part, pick, pseudoSolve } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';

/** Weights of ConFIG's direction [T]. */
export function configWeights(gram: Matrix, preference: Numbers): number[] {
  const weights = filled(gram.length, 0);
  const rows = nonZeroRows(gram);
  const { norms, cosines } = cosinesOf(part(gram, rows));
  const { solution: y } = pseudoSolve(cosines, pick(preference, rows));
  const products = multiply(cosines, y);
  const square = dot(products, y);
  if (!(square > 0)) return weights;
  const length = dot(norms, products) / square;
  for (const [index, position] of rows.entries()) weights[position] = (length * at(y, index)) / at(norms, index);
  return weights;
}
