/**
 * UPGrad (Quinton & Rey 2024): every rᵢ gᵢ is projected onto the dual cone of the gradients, {d : gⱼ·d ≥ 0 for all j}, and
 * the projections are summed.
 */
import type { Text } from '../../common/text.ts';
import { report } from '../state.ts';
import { regularized } from '../parts/dual-cone.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { filled, plus } from '../../numbers/linear.ts';
import { dualConeWeights } from '../solvers/quadratic.ts';

export const upgrad = gramStrategy<'upgrad'>((gram, preference, parameters) => {
  const matrix = regularized(gram, parameters);
  let weights = filled(gram.length, 0);
  const problems: Text[] = [];
  for (let i = 0; i < gram.length; i += 1) {
    const target = preference.map((value, j) => (i === j ? value : 0));
    const solution = dualConeWeights(matrix, target);
    weights = plus(weights, solution.x);
    problems.push(...report('upgrad', solution));
  }
  return { weights, problems };
});
