/**
 * The `normalize` parameter that every strategy with weights ≥ 0 takes.
 *
 * @param weights effective weights of the tasks present
 * @param rule `none` (or undefined), `sum-to-one` (Σw = 1) or `sum-to-tasks` (Σw = T)
 * @returns the weights; unchanged where their sum is 0, since nothing can be made of that
 */
export function normalizeWeights(weights: readonly number[], rule: unknown): readonly number[] {
  if (rule === undefined || rule === 'none') return weights;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights;
  const target = rule === 'sum-to-tasks' ? weights.length : 1;
  return weights.map((weight) => (weight * target) / sum);
}
