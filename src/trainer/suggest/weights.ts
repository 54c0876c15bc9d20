/** From proportions to suggested weights (conventions 5): Σw = T, no weight above 100 times another, two digits. */

/** Largest weight divided by the smallest. */
export const ratioCap = 100;

/**
 * Weights in proportion to `shares`. Shares below a hundredth of the largest are raised to it; the sum is the number of
 * tasks; two decimals, spread so that the sum stays (largest remainders), and two significant digits below 0.1, where
 * two decimals would say little.
 *
 * @param shares positive and finite
 */
export function suggestedWeights(shares: readonly number[]): number[] {
  const most = Math.max(...shares);
  const capped = shares.map((share) => Math.max(share, most / ratioCap));
  const total = capped.reduce((sum, share) => sum + share, 0);
  const exact = capped.map((share) => (share * shares.length) / total);
  const small = exact.map((weight) => (weight < 0.1 ? significant(weight) : null));
  const rounded = inCents(
    exact.filter((_, index) => small[index] === null),
    shares.length - small.reduce((sum: number, weight) => sum + (weight ?? 0), 0),
  );
  keepRatio(rounded);
  const largest = Math.max(...rounded);
  let next = 0;
  return small.map((weight) => {
    if (weight === null) return rounded[next++] ?? 0;
    // Rounding must not lift the ratio above the cap.
    return largest / weight > ratioCap ? Math.ceil(largest * 10 - 1e-9) / 1000 : weight;
  });
}

/** Rounding may have lifted the ratio above the cap: a hundredth goes from the largest to the smallest. */
function keepRatio(weights: number[]): void {
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  if (most <= ratioCap * least + 1e-9) return;
  weights[weights.indexOf(least)] = Math.round(least * 100 + 1) / 100;
  weights[weights.indexOf(most)] = Math.round(most * 100 - 1) / 100;
  keepRatio(weights);
}

const significant = (value: number): number => Number(value.toPrecision(2));

/** Hundredths that add up to `total` (itself rounded to hundredths), each as near to its value as can be. */
function inCents(values: readonly number[], total: number): number[] {
  const cents = values.map((value) => value * 100);
  const whole = cents.map((value) => Math.floor(value + 1e-9));
  let left = Math.round(total * 100) - whole.reduce((sum, value) => sum + value, 0);
  const order = cents
    .map((value, index) => ({ index, rest: value - (whole[index] ?? 0) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left--;
  }
  return whole.map((value) => value / 100);
}
