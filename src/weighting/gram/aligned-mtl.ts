/**
 * Aligned-MTL (Senushkin et al., CVPR 2023): with G = V Λ Vᵀ the gradients are replaced by ones whose singular values are
 * all σ: weights √σ² V Λ^{−½} Vᵀ r, σ² the smallest, the (lower) median or the mean of the eigenvalues kept. Eigenvalues not
 * above T ε times the largest are dropped. Equal preferences give a mean (TorchJD); `convention: "sum"` multiplies by T
 * (the authors' code, LibMTL).
 */
import { gramStrategy } from '../parts/gram-strategy.ts';
import { at, dot, epsilon, filled, plus, row, sum, symmetricEigen } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type { ParametersOf } from '../contract.ts';

/** σ² from the eigenvalues kept, largest first. The median of an even number is the lower one, as torch has it. */
function level(kept: Numbers, mode: ParametersOf<'aligned-mtl'>['scaleMode']): number {
  if (mode === 'median') return at(kept, Math.floor(kept.length / 2));
  if (mode === 'rmse') return sum(kept) / kept.length;
  return at(kept, kept.length - 1);
}

export const alignedMtl = gramStrategy<'aligned-mtl'>((gram, preference, parameters) => {
  const count = gram.length;
  const factor = parameters.convention === 'sum' ? count : 1;
  const { values, vectors } = symmetricEigen(gram);
  const kept = values.filter((value) => value > at(values, 0) * count * epsilon);
  if (kept.length === 0) return { weights: preference.map((value) => value * factor) };
  const size = Math.sqrt(level(kept, parameters.scaleMode));
  let weights = filled(count, 0);
  for (const [index, value] of kept.entries()) {
    const vector = row(vectors, index);
    weights = plus(weights, vector, (factor * size * dot(vector, preference)) / Math.sqrt(value));
  }
  return { weights };
});
