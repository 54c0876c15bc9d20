/**
 * CAGrad (Liu et al., NeurIPS 2021): max over ‖d − g₀‖ ≤ c‖g₀‖ of minᵢ gᵢ·d, g₀ = Σ rᵢ gᵢ. With the simplex weights w of
 * `conflictAverse` the direction is g₀ + (c‖g₀‖/‖g_w‖) g_w, divided by 1 + c² (`rescale` 1, the authors' code), 1 + c (2) or
 * nothing (0).
 *
 * Where ‖g_w‖ is below `normEps` times the root of the trace of G the point counts as Pareto stationary and the weights
 * are 0; a trace below `traceEps` counts as zero gradients. TorchJD: 1e-4 for both.
 */
import { report } from '../state.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { conflictAverse } from '../solvers/conflict-averse.ts';
import { at, diagonal, filled, form, scaled, sum } from '../../numbers/linear.ts';

export const cagrad = gramStrategy<'cagrad'>((gram, preference, parameters) => {
  const { c, rescale } = parameters;
  const none = { weights: filled(gram.length, 0) };
  const trace = sum(diagonal(gram));
  if (trace === 0 || trace < parameters.traceEps) return none;
  const normalized = gram.map((values) => scaled(values, 1 / trace));
  const solution = conflictAverse(normalized, preference, c);
  const length = Math.sqrt(Math.max(form(normalized, solution.x), 0));
  if (length < parameters.normEps) return none;
  const factor = (c * Math.sqrt(Math.max(form(normalized, preference), 0))) / length;
  const divisor = rescale === 1 ? 1 + c * c : rescale === 2 ? 1 + c : 1;
  const weights = preference.map((value, i) => (value + factor * at(solution.x, i)) / divisor);
  return { weights, problems: report('cagrad', solution) };
});
