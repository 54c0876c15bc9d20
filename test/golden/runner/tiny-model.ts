/** The tiny model of the `libmtl/` cases in double precision: rep = tanh(x Wᵀ + b), out = rep Vᵀ + c, plain loops. */
import type { Fields } from './check.ts';
import { asFields, asList, asMatrix, asNumber, asNumbers } from './check.ts';
import { at, dot, entry, row } from '../../../src/numbers/linear.ts';

export interface TinyTask {
  readonly kind: 'mse' | 'ce';
  readonly outputs: number;
  /** [batch][sample][outputs], or class numbers [batch][sample][1]. */
  readonly targets: readonly (readonly (readonly number[])[])[];
}

/** All parameters: the shared vector is W row by row, then b; a head's is V row by row, then c. */
export interface Parameters {
  readonly shared: readonly number[];
  readonly heads: readonly (readonly number[])[];
}

export interface TinyModel {
  readonly width: number;
  readonly inputWidth: number;
  readonly inputs: readonly (readonly (readonly number[])[])[];
  readonly tasks: readonly TinyTask[];
  readonly initial: Parameters;
}

/** Rows of one batch: samples with one target a task. */
export interface Rows {
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly (readonly number[])[])[];
}

/** What one forward and T backward passes give. */
export interface Pass {
  readonly losses: number[];
  /** ∂Lᵢ/∂shared. */
  readonly shared: number[][];
  /** ∂Lᵢ/∂headᵢ. */
  readonly heads: number[][];
  /** ∂Lᵢ/∂rep [task][sample][width]. */
  readonly rep: number[][][];
  /** [sample][width]. */
  readonly activations: number[][];
}

export function tinyModel(fields: Fields): TinyModel {
  const w = asMatrix(fields['W']);
  const parts = asList(fields['tasks']).map(asFields);
  return {
    width: w.length,
    inputWidth: w[0]?.length ?? 0,
    inputs: asList(fields['inputs']).map(asMatrix),
    tasks: parts.map((task) => ({
      kind: task['kind'] === 'ce' ? 'ce' : 'mse',
      outputs: asNumber(task['outputs']),
      targets: asList(task['targets']).map((batch) =>
        task['kind'] === 'ce' ? asNumbers(batch).map((label) => [label]) : asMatrix(batch),
      ),
    })),
    initial: {
      shared: [...w.flat(), ...asNumbers(fields['b'])],
      heads: parts.map((task) => [...asMatrix(task['V']).flat(), ...asNumbers(task['c'])]),
    },
  };
}

export const batchRows = (model: TinyModel, batch: number): Rows => ({
  inputs: model.inputs[batch] ?? [],
  targets: model.tasks.map(({ targets }) => targets[batch] ?? []),
});

/** Samples by their number in the flattened data set. */
export function sampleRows(model: TinyModel, samples: readonly number[]): Rows {
  const inputs = model.inputs.flat();
  const targets = model.tasks.map((task) => task.targets.flat());
  return {
    inputs: samples.map((index) => inputs[index] ?? []),
    targets: targets.map((all) => samples.map((index) => all[index] ?? [])),
  };
}

/** Loss of one sample's outputs and its derivative by them; both as shares of the mean over `count` samples. */
function sampleLoss(
  task: TinyTask,
  out: readonly number[],
  target: readonly number[],
  count: number,
): readonly [number, number[]] {
  if (task.kind === 'mse') {
    const size = count * task.outputs;
    const differences = out.map((value, k) => value - at(target, k));
    return [dot(differences, differences) / size, differences.map((value) => (2 * value) / size)];
  }
  const label = at(target, 0);
  const largest = Math.max(...out);
  const powers = out.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  const slope = powers.map((power, k) => (power / total - (k === label ? 1 : 0)) / count);
  return [(largest + Math.log(total) - at(out, label)) / count, slope];
}

function activate({ width, inputWidth }: TinyModel, shared: readonly number[], input: readonly number[]): number[] {
  return Array.from({ length: width }, (_, u) => {
    const weights = shared.slice(u * inputWidth, (u + 1) * inputWidth);
    return Math.tanh(dot(weights, input) + at(shared, width * inputWidth + u));
  });
}

/** ∂L/∂shared from ∂L/∂rep. */
export function backToShared(
  model: TinyModel,
  rows: Rows,
  activations: readonly (readonly number[])[],
  rep: readonly (readonly number[])[],
): number[] {
  const { width, inputWidth } = model;
  const result = Array.from({ length: width * (inputWidth + 1) }, () => 0);
  for (const [n, input] of rows.inputs.entries()) {
    for (let u = 0; u < width; u += 1) {
      const slope = entry(rep, n, u) * (1 - entry(activations, n, u) ** 2);
      for (const [k, x] of input.entries()) result[u * inputWidth + k] = at(result, u * inputWidth + k) + slope * x;
      result[width * inputWidth + u] = at(result, width * inputWidth + u) + slope;
    }
  }
  return result;
}

export function pass(model: TinyModel, parameters: Parameters, rows: Rows): Pass {
  const { width } = model;
  const activations = rows.inputs.map((input) => activate(model, parameters.shared, input));
  const count = rows.inputs.length;
  const losses: number[] = [];
  const heads: number[][] = [];
  const rep: number[][][] = [];
  for (const [t, task] of model.tasks.entries()) {
    const head = row(parameters.heads, t);
    const slope = head.map(() => 0);
    let loss = 0;
    const back = activations.map((values, n) => {
      const out = Array.from(
        { length: task.outputs },
        (_, k) => dot(head.slice(k * width, (k + 1) * width), values) + at(head, task.outputs * width + k),
      );
      const [share, derivative] = sampleLoss(task, out, rows.targets[t]?.[n] ?? [], count);
      loss += share;
      const toRep = values.map(() => 0);
      for (const [k, d] of derivative.entries()) {
        for (const [u, value] of values.entries()) {
          slope[k * width + u] = at(slope, k * width + u) + d * value;
          toRep[u] = at(toRep, u) + d * at(head, k * width + u);
        }
        slope[task.outputs * width + k] = at(slope, task.outputs * width + k) + d;
      }
      return toRep;
    });
    losses.push(loss);
    heads.push(slope);
    rep.push(back);
  }
  return { losses, heads, rep, activations, shared: rep.map((one) => backToShared(model, rows, activations, one)) };
}

/** SGD without momentum, or Adam with PyTorch's constants, on one vector. */
export class Optimizer {
  private steps = 0;
  private first: number[] = [];
  private second: number[] = [];
  private readonly adam: boolean;
  private readonly rate: number;

  constructor(fields: Fields) {
    this.adam = fields['type'] === 'adam';
    this.rate = asNumber(fields['lr']);
  }

  step(values: readonly number[], gradient: readonly number[]): number[] {
    if (!this.adam) return values.map((value, i) => value - this.rate * at(gradient, i));
    this.steps += 1;
    this.first = gradient.map((g, i) => 0.9 * (this.first[i] ?? 0) + 0.1 * g);
    this.second = gradient.map((g, i) => 0.999 * (this.second[i] ?? 0) + 0.001 * g * g);
    const [rate, root] = [this.rate / (1 - 0.9 ** this.steps), Math.sqrt(1 - 0.999 ** this.steps)];
    return values.map((value, i) => value - (rate * at(this.first, i)) / (Math.sqrt(at(this.second, i)) / root + 1e-8));
  }
}
