/**
 * Exponential smoothing with bias correction, as the field's charts do: sᵢ = β sᵢ₋₁ + (1−β) xᵢ, shown as sᵢ / (1 − βⁿ).
 * NaN (task absent) is passed over and stays NaN.
 *
 * @param values one curve
 * @param beta 0 (raw) … below 1
 */
export function smooth(values: ArrayLike<number>, beta: number): Float64Array {
  const result = new Float64Array(values.length);
  let state = 0;
  let correction = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    if (!Number.isFinite(value)) {
      result[index] = NaN;
      continue;
    }
    state = beta * state + (1 - beta) * value;
    correction = beta * correction + (1 - beta);
    result[index] = state / correction;
  }
  return result;
}
