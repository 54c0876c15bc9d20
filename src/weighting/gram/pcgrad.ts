/**
 * PCGrad (Yu et al., NeurIPS 2020): each gradient gᵢ visits the others in random order and loses what conflicts,
 * gᵢ ← gᵢ − (gᵢ·gⱼ/‖gⱼ‖²) gⱼ where gᵢ·gⱼ < 0; the results are summed. Only inner products are needed: the projected
 * gradient is kept as its coefficients c, gᵢ·gⱼ = (G c)ⱼ.
 *
 * `convention: "libmtl"` does not skip the own gradient (which can matter with three tasks or more) and adds 1e-8 to ‖gⱼ‖².
 */
import { required } from '../state.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { at, diagonal, dot, filled, plus, row, unit } from '../../numbers/linear.ts';

const guard = 1e-8;

export const pcgrad = gramStrategy<'pcgrad'>((gram, _, parameters, { draws }) => {
  const orders = required(draws?.orders, 'visiting orders');
  const libmtl = parameters.convention === 'libmtl';
  const squares = diagonal(gram);
  let weights = filled(gram.length, 0);
  for (let i = 0; i < gram.length; i += 1) {
    const own = unit(gram.length, i);
    for (const j of orders[i] ?? []) {
      if (j === i && !libmtl) continue;
      const inner = dot(row(gram, j), own);
      if (inner < 0) own[j] = at(own, j) - inner / (at(squares, j) + (libmtl ? guard : 0));
    }
    weights = plus(weights, own);
  }
  return { weights };
});
