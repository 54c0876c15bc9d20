/**
 * L^lin: the loss of a linear model on rows it was not fitted on (conventions 5; the linear model's error of Ho & Basu 2002,
 * Lorena et al. 2018). Five folds from the split's seed; of a few penalties the one with the smallest cross-validated
 * loss. Classification fits a multinomial logistic model, numbers and boxes ridge regression; what is summed is always
 * the task's own loss, so that it compares with L⁰.
 */
import { keyed } from '../../numbers/random.ts';
import { columnOf, weightsInColumn } from '../tasks/constants.ts';
import type { LinearLabels, Link, Loss } from '../tasks/losses/contract.ts';
import { narrowed } from './features.ts';
import type { Features, SampleKey } from './features.ts';
import { logisticOf } from './logistic.ts';
import { predictRow, ridgeOf, type Labeled } from './ridge.ts';

export const foldCount = 5;

/** λ, from strong to weak; the same for both models. */
export const penalties: readonly number[] = [10, 1, 0.1, 1e-2, 1e-3, 1e-4];

export interface Validated {
  readonly loss: number;
  readonly penalty: number;
  /** False where a fit stopped before its gradient was small enough. */
  readonly converged: boolean;
}

/**
 * The fold of each row. Rows of a stratum are shuffled and dealt out in turn, so that every fold has its share.
 *
 * @param strata a number a row, e.g. its class; one value for no strata
 */
export function foldsOf(strata: ArrayLike<number>, folds: number, { seed, task }: SampleKey): Int32Array {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < strata.length; row++) {
    const group = groups.get(strata[row] ?? 0);
    if (group) group.push(row);
    else groups.set(strata[row] ?? 0, [row]);
  }
  const result = new Int32Array(strata.length);
  let next = 0;
  for (const [name, rows] of [...groups].sort(([a], [b]) => a - b)) {
    for (const index of keyed(seed, 'linear-folds', task, name).permutation(rows.length)) {
      result[rows[index] ?? 0] = next % folds;
      next++;
    }
  }
  return result;
}

/** What a kind of task fits, and how its raw head outputs follow from the fitted line. */
interface Fitted {
  readonly converged: boolean;
  raw(row: number): ArrayLike<number>;
}

/** A model of these rows for each penalty that is asked for, from strong to weak. */
type Fit = (rows: readonly number[]) => (penalty: number) => Fitted;

/**
 * Loss over all rows, each predicted by the model of the folds it is not in; the least over the penalties. Weaker ones
 * are not tried once two in a row have made it worse.
 */
function validate(fit: Fit, folds: Int32Array, judge: (raw: ArrayLike<number>, row: number) => Pair): Validated {
  const every = [...folds.keys()];
  const parts = Array.from({ length: foldCount }, (_, fold) => ({
    held: every.filter((row) => folds[row] === fold),
    model: fit(every.filter((row) => folds[row] !== fold)),
  })).filter(({ held }) => held.length > 0);
  let best: Validated = { loss: NaN, penalty: NaN, converged: true };
  let worse = 0;
  for (const penalty of penalties) {
    let [loss, weight, converged] = [0, 0, true];
    for (const { held, model } of parts) {
      const fitted = model(penalty);
      converged &&= fitted.converged;
      for (const row of held) {
        const pair = judge(fitted.raw(row), row);
        loss += pair.loss;
        weight += pair.weight;
      }
    }
    const mean = loss / weight;
    if (Number.isNaN(best.loss) || mean < best.loss) [best, worse] = [{ loss: mean, penalty, converged }, 0];
    else worse++;
    if (worse === 2) break;
  }
  return best;
}

interface Pair {
  readonly loss: number;
  readonly weight: number;
}

export interface LinearProblem extends LinearLabels {
  readonly features: Features;
  readonly folds: Int32Array;
  readonly loss: Loss;
}

function judgeOf({
  loss,
  targets,
  targetWidth,
  weights,
  present,
}: LinearProblem): (raw: ArrayLike<number>, row: number) => Pair {
  return (raw, row) => {
    const [from, to] = [row * targetWidth, (row + 1) * targetWidth];
    const sample = loss.sample(raw, targets.subarray(from, to), present?.subarray(from, to));
    const weight = weights[row] ?? 0;
    return { loss: weight * sample.loss, weight: weight * sample.weight };
  };
}

/**
 * Cross-validated logistic model. Class weights of the loss count in the fit, too. Other losses than cross-entropy have
 * another best constant than the log frequencies: the logits are shifted from the one to the other, so that inputs that
 * say nothing give L⁰.
 *
 * @param constant logits of the best constant prediction for the task's loss
 */
export function logisticLoss(problem: LinearProblem, classes: number, constant?: ArrayLike<number>): Validated {
  const x = narrowed(problem.features);
  const labels = Int32Array.from(problem.targets);
  const even = new Float64Array(classes);
  const weights = problem.weights.map((weight, row) => weight * problem.loss.sample(even, [labels[row] ?? 0]).weight);
  const shift = constant ? shiftOf(constant, labels, weights) : even;
  const fit: Fit = (rows) => {
    const model = logisticOf(x, { labels, classes, weights }, rows);
    return (penalty) => {
      const fitted = model(penalty);
      const raw = (row: number) => predictRow(fitted, x, row).map((score, label) => score + (shift[label] ?? 0));
      return { converged: fitted.converged, raw };
    };
  };
  return validate(fit, problem.folds, judgeOf(problem));
}

/** From the weighted log frequencies to `constant`; a class without a label stays where the fit puts it. */
function shiftOf(constant: ArrayLike<number>, labels: Int32Array, weights: Float64Array): Float64Array {
  const shares = new Float64Array(constant.length);
  for (const [row, label] of labels.entries()) shares[label] = (shares[label] ?? 0) + (weights[row] ?? 0);
  const found = [...shares.keys()].filter((label) => (shares[label] ?? 0) > 0);
  // Logits mean the same with any number added: both sides are compared from their mean over these classes.
  const mean = (of: (label: number) => number): number =>
    found.reduce((sum, label) => sum + of(label), 0) / found.length;
  const given = mean((label) => constant[label] ?? 0);
  const own = mean((label) => Math.log(shares[label] ?? 1));
  return shares.map((share, label) => (share > 0 ? (constant[label] ?? 0) - given - Math.log(share) + own : 0));
}

/** Cross-validated ridge regression on `goal` [rows × outputs], turned into raw head outputs by `link` where there is one. */
export function ridgeLoss(problem: LinearProblem, goal: Float64Array, link?: Link): Validated {
  const x = narrowed(problem.features);
  const labeled = labeledParts(problem, goal, goal.length / x.rows);
  const fit: Fit = (rows) => {
    const models = labeled.map((part) =>
      ridgeOf(
        x,
        part,
        rows.filter((row) => (part.weights[row] ?? 0) > 0),
      ),
    );
    return (penalty) => {
      const fitted = models.map((model) => model(penalty));
      const value = (row: number) => Float64Array.from(fitted.flatMap((model) => [...predictRow(model, x, row)]));
      return { converged: true, raw: link?.(value, rows) ?? value };
    };
  };
  return validate(fit, problem.folds, judgeOf(problem));
}

/** All outputs fitted on all rows; where columns have gaps, each on the rows that have a number there. */
function labeledParts(problem: LinearProblem, goal: Float64Array, outputs: number): readonly Labeled[] {
  if (!problem.present) return [{ targets: goal, outputs, weights: problem.weights }];
  return Array.from({ length: outputs }, (_, column) => ({
    targets: columnOf(goal, outputs, column),
    outputs: 1,
    weights: columnWeights(problem, column),
  }));
}

/** Sample weights, 0 where the column has a gap. */
function columnWeights(problem: LinearProblem, column: number): Float64Array {
  return Float64Array.from(weightsInColumn(problem, problem.targetWidth, column));
}
