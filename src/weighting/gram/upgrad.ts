/**
 * UPGrad (Quinton & Rey 2024): every rᵢ gᵢ is projected onto the dual cone of the gradients, {d : gⱼ·d ≥ 0 for all j}, and
 * the projections are summed. DualProj (Lopez-Paz & Ranzato 2017, GEM) projects the mean Σ rᵢ gᵢ once. Both work on
 * G/trace(G) + `regEps` I, which makes the quadratic program strictly convex; a trace below `normEps` counts as zero
 * gradients. As `regEps` tends to 0 the direction conflicts with no gradient.
 */
import { numeric, report } from '../state.ts';
import { gramStrategy } from './strategy.ts';
import { diagonal, filled, plus, sum } from '../../numbers/linear.ts';
import type { Matrix } from '../../numbers/linear.ts';
import { dualConeWeights } from '../solvers/quadratic.ts';
import type { StrategyContext } from '../contract.ts';

function regularized(gram: Matrix, parameters: StrategyContext['parameters']): number[][] {
  const ridge = numeric(parameters, 'regEps', 1e-4);
  const trace = sum(diagonal(gram));
  const zero = trace === 0 || trace < numeric(parameters, 'normEps', 1e-4);
  return gram.map((values, i) => values.map((value, j) => (zero ? 0 : value / trace) + (i === j ? ridge : 0)));
}

export const upgrad = gramStrategy('upgrad', (gram, preference, parameters) => {
  const matrix = regularized(gram, parameters);
  let weights = filled(gram.length, 0);
  const problems: string[] = [];
  for (let i = 0; i < gram.length; i += 1) {
    const target = preference.map((value, j) => (i === j ? value : 0));
    const solution = dualConeWeights(matrix, target);
    weights = plus(weights, solution.x);
    problems.push(...report('upgrad', solution));
  }
  return { weights, problems };
});

export const dualproj = gramStrategy('dualproj', (gram, preference, parameters) => {
  const solution = dualConeWeights(regularized(gram, parameters), preference);
  return { weights: solution.x, problems: report('dualproj', solution) };
});
