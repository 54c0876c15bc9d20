/**
 * DualProj (Lopez-Paz & Ranzato 2017, GEM): the mean Σ rᵢ gᵢ is projected onto the dual cone of the gradients,
 * {d : gⱼ·d ≥ 0 for all j}.
 */
import { report } from '../state.ts';
import { regularized } from '../parts/dual-cone.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { dualConeWeights } from '../solvers/quadratic.ts';

export const dualproj = gramStrategy<'dualproj'>((gram, preference, parameters) => {
  const solution = dualConeWeights(regularized(gram, parameters), preference);
  return { weights: solution.x, problems: report('dualproj', solution) };
});
