/**
 * Auto-λ (Liu et al., TMLR 2022): ξ follows the gradient of Σ F_t (`parts/task-logits.ts`). The inner products with Σ ∇F_t
 * may be given as finite differences of the inner losses (the authors' code, ε = .01/‖d‖).
 */
import { followingSlope } from '../parts/task-logits.ts';
import { required } from '../state.ts';
import { plus, scaled } from '../../numbers/linear.ts';
import { softmaxBackward } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

/** Stands in for the main optimizer's rate, which is not known here: the size of a slope does not matter to Adam. */
const someRate = 0.1;

export const autoLambda: StrategyRow<'auto-lambda'> = (parameters) => {
  const { innerLearningRate: learningRate, slopes } = parameters;
  const lookahead = { learningRate, steps: 1, differences: slopes === 'finite-differences' };
  return followingSlope(parameters, lookahead, ({ cross, differences }, shares) => {
    // Σ_t ∇F_t · ∇fᵢ, exactly or by differences.
    const along =
      differences ??
      required(cross, 'J₁ J₂ᵀ').reduce(
        (total, row) => plus(total, row),
        shares.map(() => 0),
      );
    return { gradient: scaled(softmaxBackward(shares, along), -(learningRate ?? someRate)), problems: [] };
  });
};
