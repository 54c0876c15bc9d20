/** What the weights returned are brought to: nothing, Σw = 1 or Σw = T. */
export type Normalize = 'none' | 'sum-to-one' | 'sum-to-tasks';

/**
 * The `normalize` parameter that every strategy with weights ≥ 0 takes.
 *
 * @param weights effective weights of the tasks present
 * @returns the weights; unchanged where their sum is 0, since nothing can be made of that
 */
export function normalizeWeights(weights: readonly number[], rule: Normalize): readonly number[] {
  if (rule === 'none') return weights;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights;
  const target = rule === 'sum-to-tasks' ? weights.length : 1;
  return weights.map((weight) => (weight * target) / sum);
}
