/**
 * IMTL-G (Liu et al., ICLR 2021): the combination Σ αᵢ gᵢ, Σα = 1, whose projections on all unit gradients are equal:
 * G α ∝ n with nᵢ = ‖gᵢ‖. With the cosines C this is C (n ∘ α) ∝ 1, which does not depend on the sizes of the losses. Where
 * rows are dependent the pseudo-inverse of G decides, as in TorchJD, unless the gradients cancel and no combination has
 * equal projections but 0. A zero gradient gets weight 0. Weights may be negative.
 */
import { text, type Text } from '../../common/text.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { at, cosinesOf, filled, multiply, part, pseudoSolve, scaled, sum } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { cancellation, nonZeroRows } from '../solvers/bargaining.ts';

/** Below this share of Σ|v| the sum of v counts as 0: no combination with Σα = 1 exists. */
const canceled = 1e-12;

const canceling = text(
  'imtl-g: the gradients cancel; there is no direction with equal projections.',
  'imtl-g：各梯度相互抵消，不存在投影相等的方向。',
);

const stationary = text(
  'imtl-g: the gradients cancel (a Pareto stationary point); all projections are 0.',
  'imtl-g：各梯度相互抵消（帕累托驻点），所有投影均为 0。',
);

/** Weights with which the gradients cancel, where no combination has equal projections but 0; null elsewhere. */
function stationaryWeights(gram: Matrix, norms: Numbers): number[] | null {
  const projections = multiply(gram, pseudoSolve(gram, norms).solution);
  const equal = projections.every((value, i) => Math.abs(value - at(norms, i)) <= 1e-6 * at(norms, i));
  return equal ? null : cancellation(gram);
}

export function imtlGWeights(gram: Matrix): { readonly weights: number[]; readonly problems: readonly Text[] } {
  const weights = filled(gram.length, 0);
  const rows = nonZeroRows(gram);
  if (rows.length === 0) return { weights, problems: [] };
  const inner = part(gram, rows);
  const { norms, cosines } = cosinesOf(inner);
  const { solution, rank } = pseudoSolve(cosines, filled(rows.length, 1));
  const full = rank === rows.length;
  const balanced = full ? null : stationaryWeights(inner, norms);
  const v = full ? solution.map((value, i) => value / at(norms, i)) : (balanced ?? pseudoSolve(inner, norms).solution);
  const total = sum(v);
  if (Math.abs(total) <= canceled * sum(v.map(Math.abs))) {
    return { weights, problems: [canceling] };
  }
  const shares = scaled(v, 1 / total);
  for (const [index, position] of rows.entries()) weights[position] = at(shares, index);
  return { weights, problems: balanced ? [stationary] : [] };
}

export const imtlG = gramStrategy<'imtl-g'>(imtlGWeights);
