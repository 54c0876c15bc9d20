import { NumberColumn } from '../../src/messages/columns.ts';

/** A smoothed column that grows with the one that it is made of. */
class Smoothed {
  readonly beta: number;
  readonly #column: NumberColumn;
  #result = new NumberColumn();
  #state = 0;
  #correction = 0;
  #cuts: number;

  constructor(column: NumberColumn, beta: number) {
    this.#column = column;
    this.beta = beta;
    this.#cuts = column.cuts;
  }

  values(): Float64Array {
    if (this.#column.cuts !== this.#cuts) {
      this.#result = new NumberColumn();
      this.#state = this.#correction = 0;
      this.#cuts = this.#column.cuts;
    }
    const values = this.#column.values();
    for (let index = this.#result.length; index < values.length; index++) this.#result.push(this.#next(values[index] ?? NaN)); // prettier-ignore
    return this.#result.values();
  }

  #next(value: number): number {
    if (!Number.isFinite(value)) return NaN;
    this.#state = this.beta * this.#state + (1 - this.beta) * value;
    this.#correction = this.beta * this.#correction + (1 - this.beta);
    return this.#state / this.#correction;
  }
}

const known = new WeakMap<NumberColumn, Smoothed>();

/**
 * Exponential smoothing with bias correction, as the field's charts do: sᵢ = β sᵢ₋₁ + (1−β) xᵢ, shown as sᵢ / (1 − βⁿ).
 * NaN (task absent) is passed over and stays NaN. What has been smoothed once is kept with the column.
 *
 * @param column one curve
 * @param beta 0 (raw) … below 1
 * @returns as long as the column, valid until the column grows
 */
export function smooth(column: NumberColumn, beta: number): Float64Array {
  let smoothed = known.get(column);
  if (smoothed?.beta !== beta) {
    smoothed = new Smoothed(column, beta);
    known.set(column, smoothed);
  }
  return smoothed.values();
}
