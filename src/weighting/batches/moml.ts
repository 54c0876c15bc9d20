/**
 * MOML (Ye et al., NeurIPS 2021): ξ follows the shortest vector of the hull of the unit gradients of all F_t by ξ
 * (`parts/task-logits.ts`).
 */
import { followingSlope } from '../parts/task-logits.ts';
import { report, required } from '../state.ts';
import { dot, gramOf, plus, scaled } from '../../numbers/linear.ts';
import { minNormPoint } from '../solvers/min-norm.ts';
import { softmaxBackward } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

/** The unit gradients of the outer losses by ξ; a zero gradient stays zero. */
export function unitSlopes(cross: readonly (readonly number[])[], shares: readonly number[]): number[][] {
  return cross.map((row) => {
    const slope = scaled(softmaxBackward(shares, row), -1);
    const norm = Math.sqrt(dot(slope, slope));
    return norm > 0 ? scaled(slope, 1 / norm) : slope;
  });
}

export const moml: StrategyRow<'moml'> = (parameters) => {
  const lookahead = { learningRate: parameters.innerLearningRate, steps: 1, differences: false };
  return followingSlope(parameters, lookahead, ({ cross }, shares) => {
    const rows = unitSlopes(required(cross, 'J₁ J₂ᵀ'), shares);
    const solution = minNormPoint(gramOf(rows));
    const gradient = rows.reduce(
      (total, row, i) => plus(total, row, solution.x[i] ?? 0),
      shares.map(() => 0),
    );
    return { gradient, problems: report('moml', solution) };
  });
};
