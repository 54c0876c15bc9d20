/**
 * FairGrad (Ban & Ji, ICML 2024): α-fair weights, (G a)ᵢ = (rᵢ/aᵢ)^{1/α} with a > 0, solved exactly by Newton's method.
 * α = 0 is the weighted mean (as TorchJD), α = 1 Nash-MTL without clipping, large α tends to max-min fairness.
 *
 * The preferences are scaled to mean 1, so that equal ones give the paper's equation. A zero gradient has no weight in the
 * equation; it gets the largest of the others, which changes no shared direction. A preference of 0 gives weight 0.
 */
import { report } from '../state.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { fairWeightsOf, nonZeroRows } from '../solvers/bargaining.ts';
import { at, filled, scaled, sum } from '../../numbers/linear.ts';

export const fairgrad = gramStrategy<'fairgrad'>((gram, preference, parameters) => {
  const { alpha } = parameters;
  if (alpha === 0) return { weights: preference };
  const r = scaled(preference, preference.length / sum(preference));
  const rows = nonZeroRows(gram).filter((index) => at(r, index) > 0);
  if (rows.length === 0) return { weights: preference };
  const solution = fairWeightsOf(gram, rows, r, 1 / alpha);
  const weights = filled(gram.length, Math.max(...solution.x)).map((value, i) => (at(r, i) > 0 ? value : 0));
  for (const [index, position] of rows.entries()) weights[position] = at(solution.x, index);
  return { weights, problems: report('fairgrad', solution) };
});
