/**
 * Multinomial logistic regression: min Σᵢ sᵢ (−ln softmax(b + Bᵀxᵢ)_yᵢ) / Σᵢ sᵢ + (λ/2)‖B‖², the intercepts free; sklearn's
 * `LogisticRegression` with C = 1/(λ Σ sᵢ). Convex, minimized by L-BFGS.
 */
import type { Features } from './features.ts';
import { minimize, type Valued } from '../../numbers/lbfgs.ts';
import type { LinearModel } from './ridge.ts';

export interface Classes {
  /** [rows]: class indices. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** [rows]: sample weights, above 0. */
  readonly weights: Float64Array;
}

export interface FittedLogistic extends LinearModel {
  readonly converged: boolean;
}

/**
 * Models of the given rows, by their penalty λ; each fit starts where the last one ended, so ask from strong to weak. A
 * class without a row gets half a row's share of the probability: its intercept would be −∞.
 *
 * @param tolerance largest entry of the gradient at which a fit is done; 1e-5 leaves the mean loss right to about 1e-6
 */
export function logisticOf(
  x: Features,
  { labels, classes, weights }: Classes,
  rows: readonly number[],
  tolerance = 1e-5,
): (penalty: number) => FittedLogistic {
  const { columns } = x;
  const counts = new Float64Array(classes);
  for (const row of rows) counts[labels[row] ?? 0] = (counts[labels[row] ?? 0] ?? 0) + (weights[row] ?? 0);
  const present = [...counts.keys()].filter((label) => (counts[label] ?? 0) > 0);
  const place = new Map(present.map((label, index) => [label, index]));
  const problem = {
    x,
    rows,
    weights,
    outputs: present.length,
    labelOf: (row: number) => place.get(labels[row] ?? 0) ?? 0,
  };
  let at = new Float64Array((columns + 1) * present.length);
  // Intercepts start at the log frequencies: the optimum without any input.
  for (const [index, label] of present.entries()) at[columns * present.length + index] = Math.log(counts[label] ?? 1);
  return (penalty) => {
    const found = minimize((parameters) => evaluate(problem, parameters, penalty), at, { tolerance });
    at = Float64Array.from(found.x);
    return { ...spread(found.x, columns, classes, present, rows.length), converged: found.converged };
  };
}

interface Problem {
  readonly x: Features;
  readonly rows: readonly number[];
  readonly weights: Float64Array;
  readonly outputs: number;
  readonly labelOf: (row: number) => number;
}

/** Value and gradient; the parameters are the kernel [columns × outputs] followed by the intercepts. */
function evaluate({ x, rows, weights, outputs, labelOf }: Problem, at: Float64Array, penalty: number): Valued {
  const { columns, data } = x;
  const gradient = new Float64Array(at.length);
  const scores = new Float64Array(outputs);
  let [value, total] = [0, 0];
  for (const row of rows) total += weights[row] ?? 0;
  for (const row of rows) {
    const share = (weights[row] ?? 0) / total;
    for (let o = 0; o < outputs; o++) scores[o] = at[columns * outputs + o] ?? 0;
    const from = row * columns;
    for (let c = 0; c < columns; c++) {
      const feature = data[from + c] ?? 0;
      if (feature === 0) continue;
      for (let o = 0; o < outputs; o++) scores[o] = (scores[o] ?? 0) + feature * (at[c * outputs + o] ?? 0);
    }
    const label = labelOf(row);
    let most = -Infinity;
    for (const score of scores) most = Math.max(most, score);
    const own = (scores[label] ?? 0) - most;
    let sum = 0;
    for (let o = 0; o < outputs; o++) {
      scores[o] = Math.exp((scores[o] ?? 0) - most);
      sum += scores[o] ?? 0;
    }
    value += share * (Math.log(sum) - own);
    for (let o = 0; o < outputs; o++) scores[o] = share * ((scores[o] ?? 0) / sum - (o === label ? 1 : 0));
    for (let c = 0; c < columns; c++) {
      const feature = data[from + c] ?? 0;
      if (feature === 0) continue;
      for (let o = 0; o < outputs; o++)
        gradient[c * outputs + o] = (gradient[c * outputs + o] ?? 0) + feature * (scores[o] ?? 0);
    }
    const last = columns * outputs;
    for (let o = 0; o < outputs; o++) gradient[last + o] = (gradient[last + o] ?? 0) + (scores[o] ?? 0);
  }
  for (let index = 0; index < columns * outputs; index++) {
    const parameter = at[index] ?? 0;
    value += (penalty / 2) * parameter * parameter;
    gradient[index] = (gradient[index] ?? 0) + penalty * parameter;
  }
  return { value, gradient };
}

/** The parameters of the classes that have rows, spread over all classes. */
function spread(
  parameters: Float64Array,
  columns: number,
  classes: number,
  present: readonly number[],
  rows: number,
): LinearModel {
  const outputs = present.length;
  const kernel = new Float64Array(columns * classes);
  const intercepts = parameters.subarray(columns * outputs);
  const center = intercepts.reduce((sum, value) => sum + value, 0) / outputs;
  const level = Math.log(intercepts.reduce((sum, value) => sum + Math.exp(value - center), 0));
  const bias = new Float64Array(classes).fill(level + Math.log(0.5 / rows));
  for (const [index, label] of present.entries()) {
    bias[label] = (intercepts[index] ?? 0) - center;
    for (let c = 0; c < columns; c++) kernel[c * classes + label] = parameters[c * outputs + index] ?? 0;
  }
  return { kernel, bias };
}
