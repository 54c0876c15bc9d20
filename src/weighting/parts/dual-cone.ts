/**
 * G as UPGrad and DualProj project with it: G/trace(G) + `regEps` I, which makes the quadratic program strictly convex; a
 * trace below `normEps` counts as zero gradients. As `regEps` tends to 0 the direction conflicts with no gradient.
 */
import { diagonal, sum } from '../../numbers/linear.ts';
import type { Matrix } from '../../numbers/linear.ts';

export function regularized(
  gram: Matrix,
  { normEps, regEps }: { readonly normEps: number; readonly regEps: number },
): number[][] {
  const trace = sum(diagonal(gram));
  const zero = trace === 0 || trace < normEps;
  return gram.map((values, i) => values.map((value, j) => (zero ? 0 : value / trace) + (i === j ? regEps : 0)));
}
