/** Ridge regression in closed form: min Σᵢ sᵢ ‖yᵢ − b − Bᵀxᵢ‖² + α‖B‖², the intercept free (sklearn's `Ridge`). */
import { cholesky, solveFactored } from '../../numbers/dense.ts';
import type { Features } from './features.ts';

export interface LinearModel {
  /** [columns × outputs], row by row. */
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

export interface Labeled {
  /** [rows × outputs]. */
  readonly targets: Float64Array;
  readonly outputs: number;
  /** [rows]: sample weights, above 0. */
  readonly weights: Float64Array;
}

/**
 * Models of the given rows, by their penalty λ: α = λ · Σ sample weights, so that a penalty means the same for every
 * number of rows.
 */
export function ridgeOf(
  x: Features,
  { targets, outputs, weights }: Labeled,
  rows: readonly number[],
): (penalty: number) => LinearModel {
  const { columns, data } = x;
  const total = rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
  const meanX = new Float64Array(columns);
  // Of nothing nothing is known.
  const meanY = new Float64Array(outputs).fill(rows.length > 0 ? 0 : NaN);
  for (const row of rows) {
    const share = (weights[row] ?? 0) / total;
    for (let c = 0; c < columns; c++) meanX[c] = (meanX[c] ?? 0) + share * (data[row * columns + c] ?? 0);
    for (let o = 0; o < outputs; o++) meanY[o] = (meanY[o] ?? 0) + share * (targets[row * outputs + o] ?? 0);
  }
  const gram = new Float64Array(columns * columns);
  const right = new Float64Array(columns * outputs);
  const away = new Float64Array(columns);
  for (const row of rows) {
    const weight = weights[row] ?? 0;
    for (let c = 0; c < columns; c++) away[c] = (data[row * columns + c] ?? 0) - (meanX[c] ?? 0);
    for (let i = 0; i < columns; i++) {
      const left = weight * (away[i] ?? 0);
      if (left === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * columns + j] = (gram[i * columns + j] ?? 0) + left * (away[j] ?? 0);
      for (let o = 0; o < outputs; o++) {
        const y = (targets[row * outputs + o] ?? 0) - (meanY[o] ?? 0);
        right[i * outputs + o] = (right[i * outputs + o] ?? 0) + left * y;
      }
    }
  }
  return (penalty) => {
    const system = Float64Array.from(gram);
    for (let c = 0; c < columns; c++) system[c * columns + c] = (system[c * columns + c] ?? 0) + penalty * total;
    const factor = cholesky(system, columns);
    const kernel = factor ? Float64Array.from(right) : new Float64Array(columns * outputs);
    if (factor) solveFactored(factor, columns, kernel, outputs);
    const bias = meanY.map((mean, o) => {
      let value = mean;
      for (let c = 0; c < columns; c++) value -= (meanX[c] ?? 0) * (kernel[c * outputs + o] ?? 0);
      return value;
    });
    return { kernel, bias };
  };
}

/** b + Bᵀx of one row. */
export function predictRow({ kernel, bias }: LinearModel, { columns, data }: Features, row: number): Float64Array {
  const result = Float64Array.from(bias);
  for (let c = 0; c < columns; c++) {
    const value = data[row * columns + c] ?? 0;
    if (value === 0) continue;
    for (let o = 0; o < result.length; o++) result[o] = (result[o] ?? 0) + value * (kernel[c * result.length + o] ?? 0);
  }
  return result;
}
