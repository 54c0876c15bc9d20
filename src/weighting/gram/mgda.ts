/**
 * Multiple gradient descent (Désidéri 2012; Sener & Koltun, NeurIPS 2018): the shortest vector of the hull of the
 * gradients, min ‖Σ wᵢ gᵢ/νᵢ‖² on the simplex, solved exactly (`solver: "frank-wolfe"` is the iteration of the libraries,
 * stopped by `epsilon` and `maxIterations`).
 *
 * `gradientNormalization` sets ν: 1, ‖gᵢ‖ (`l2`), Lᵢ (`loss`) or Lᵢ‖gᵢ‖ (`loss+`). The weights are applied to the
 * normalized gradients, so that the effective weight is wᵢ/νᵢ and the direction does not depend on the size of a loss;
 * `apply: "raw"` applies them to the gradients as they are (the first authors' code, and LibMTL on representations).
 */
import { parameter, report } from '../state.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { at, diagonal } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { frankWolfe, minNormPoint } from '../solvers/min-norm.ts';
import type { ParametersOf } from '../contract.ts';

/** ν of each task; 1 where it would be 0, so that a zero gradient stays a zero gradient. */
function normalizers(gram: Matrix, losses: Numbers, kind: ParametersOf<'mgda'>['gradientNormalization']): number[] {
  const norms = diagonal(gram).map((square) => Math.sqrt(Math.max(square, 0)));
  const factors = norms.map((norm, i) => {
    if (kind === 'l2') return norm;
    if (kind === 'loss') return at(losses, i);
    return kind === 'loss+' ? at(losses, i) * norm : 1;
  });
  return factors.map((factor) => (factor > 0 && Number.isFinite(factor) ? factor : 1));
}

export const mgda = gramStrategy<'mgda'>((gram, _, parameters, { losses }) => {
  const nu = normalizers(gram, losses, parameters.gradientNormalization);
  const normalized = gram.map((values, i) => values.map((value, j) => value / at(nu, i) / at(nu, j)));
  const solution =
    parameters.solver === 'exact'
      ? minNormPoint(normalized)
      : frankWolfe(
          normalized,
          parameter(parameters.epsilon, 'epsilon'),
          parameter(parameters.maxIterations, 'maxIterations'),
        );
  const raw = parameters.apply === 'raw';
  const weights = raw ? solution.x : solution.x.map((weight, i) => weight / at(nu, i));
  return { weights, problems: report('mgda', solution) };
});
