/** Replays Auto-λ and MOML: halves of batches look ahead, the task weights step, then the model steps on a full batch. */
import { logitsOf, unitSlopes } from '../../../src/trainer/weighting/bilevel.ts';
import { adamStep } from '../../../src/trainer/weighting/adam.ts';
import { at, dot, filled, plus, products, scaled } from '../../../src/trainer/weighting/solvers/linear.ts';
import { softmax } from '../../../src/trainer/weighting/solvers/simplex.ts';
import { createStrategy } from '../../../src/trainer/weighting/table.ts';
import type { Json, StepStatistics } from '../../../src/trainer/weighting/types.ts';
import type { Case, Check, Fields } from './check.ts';
import { asFields, asList, asNumber, asNumbers, toleranceOf } from './check.ts';
import type { Parameters, Rows, TinyModel } from './tiny-model.ts';
import { pass, sampleRows, tinyModel } from './tiny-model.ts';

/** All parameters in LibMTL's order: heads first, then the shared ones. */
const flat = ({ shared, heads }: Parameters): number[] => [...heads.flat(), ...shared];

function unflat(vector: readonly number[], like: Parameters): Parameters {
  let offset = 0;
  const take = (count: number): number[] => vector.slice(offset, (offset += count));
  const heads = like.heads.map(({ length }) => take(length));
  return { heads, shared: take(like.shared.length) };
}

/** Losses, and the gradient of each by all parameters. */
function gradients(model: TinyModel, vector: readonly number[], rows: Rows) {
  const { losses, heads, shared } = pass(model, unflat(vector, model.initial), rows);
  const all = shared.map((values, t) =>
    flat({ shared: values, heads: heads.map((head, k) => (k === t ? head : filled(head.length, 0))) }),
  );
  return { losses, rows: all };
}

const combine = (weights: readonly number[], rows: readonly (readonly number[])[]): number[] =>
  rows.reduce<number[]>((total, row, i) => plus(total, row, at(weights, i)), filled(rows[0]?.length ?? 0, 0));

/** Inner losses on both sides of θ along d, as LibMTL takes them. */
function differencesAlong(
  model: TinyModel,
  vector: readonly number[],
  direction: readonly number[],
  rows: Rows,
): number[] {
  const step = 0.01 / Math.sqrt(dot(direction, direction));
  const [up, down] = [step, -step].map((h) => gradients(model, plus(vector, direction, h), rows).losses);
  return scaled(plus(up ?? [], down ?? [], -1), 1 / (2 * step));
}

/** The library's shortest vector is inexact: ours may only be shorter, and its own steps drive the replay. */
function compareShortest(
  check: Check,
  name: string,
  statistics: StepStatistics,
  shares: readonly number[],
  ours: readonly number[],
  theirs: readonly number[],
): void {
  const unit = unitSlopes(statistics.cross ?? [], shares);
  check.that(`${name} is not the shortest`, dot(ours, ours) <= dot(theirs, theirs) * (1 + 1e-9) + 1e-15);
  // Theirs lies in the hull, so its product with our shortest vector is at least that vector's square.
  check.that(`${name} leaves the hull`, dot(ours, theirs) >= dot(ours, ours) - 1e-9);
  check.that(
    `${name} is not optimal`,
    unit.every((row) => dot(row, ours) >= dot(ours, ours) - 1e-12),
  );
}

export function runBilevel(method: string, check: Check, one: Case, modelFields: Fields): void {
  const model = tinyModel(modelFields);
  const tasks = model.tasks.map((_, index) => `t${index}`);
  const tolerance = toleranceOf(one['tolerance']);
  const rate = asNumber(asFields(one['optimizer'])['lr']);
  const params = asFields(one['params']);
  const inner = method === 'MOML' ? asNumber(params['inner_lr']) : rate;
  const outer = asNumber(params['outer_lr']);
  const parameters = { outerLearningRate: outer, innerLearningRate: inner };
  const strategy = createStrategy(method === 'MOML' ? 'moml' : 'auto-lambda', { parameters, tasks });
  let state: Json = null;
  let vector = flat(model.initial);
  const steps = asList(one['steps']).map(asFields);
  for (const [index, fields] of steps.entries()) {
    const name = `step ${index} `;
    const shares = softmax(logitsOf(state, tasks));
    check.compare(`${name}before`, logitsOf(state, tasks), asNumbers(fields['tw_before']), tolerance);
    const rows = sampleRows(model, asNumbers(fields['inner_samples']));
    const near = gradients(model, vector, rows);
    const ahead = plus(vector, combine(shares, near.rows), -inner);
    const far = gradients(model, ahead, sampleRows(model, asNumbers(fields['outer_samples'])));
    const total = combine(filled(tasks.length, 1), far.rows);
    const statistics: StepStatistics = {
      ...{
        step: index,
        tasks,
        losses: near.losses,
        weights: filled(tasks.length, 1),
        cross: products(far.rows, near.rows),
      },
      ...(method === 'AutoLambda' && { differences: differencesAlong(model, vector, total, rows) }),
    };
    const found = strategy.weigh(statistics, state);
    const theirs = asNumbers(fields['tw_grad']);
    if (method === 'MOML') {
      compareShortest(check, `${name}gradient`, statistics, shares, found.gradient ?? [], theirs);
      state = adamStep(state, 'logits', tasks, 1 / tasks.length, theirs, { learningRate: outer });
    } else {
      check.compare(`${name}gradient`, found.gradient ?? [], theirs, tolerance);
      ({ state } = found);
    }
    check.compare(`${name}after`, logitsOf(state, tasks), asNumbers(fields['tw_after']), tolerance);
    const weights = softmax(logitsOf(state, tasks));
    check.compare(`${name}weights`, weights, asNumbers(fields['loss_weights_after']), tolerance);
    const full = gradients(model, vector, sampleRows(model, asNumbers(fields['update_samples'])));
    const update = combine(weights, full.rows);
    check.compare(`${name}norm`, [Math.sqrt(dot(update, update))], [asNumber(fields['param_grad_norm'])], tolerance);
    if (fields['param_grad']) check.compare(`${name}update`, update, asNumbers(fields['param_grad']), tolerance);
    vector = plus(vector, update, -rate);
    if (steps[index + 1]?.['epoch'] === fields['epoch']) continue;
    const epoch = asFields(asList(one['after_epoch'])[asNumber(fields['epoch'])]);
    check.compare(`epoch ${asNumber(fields['epoch'])} parameters`, vector, asNumbers(epoch['params']), tolerance);
  }
}
