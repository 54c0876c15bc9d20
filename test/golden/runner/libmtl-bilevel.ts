/** Replays Auto-λ, MOML and FORUM: halves of batches look ahead, the task weights step, then the model steps on a full batch. */
import { unitSlopes } from '../../../src/weighting/batches/moml.ts';
import { logitsOf } from '../../../src/weighting/parts/task-logits.ts';
import { adamStep } from '../../../src/weighting/parts/adam.ts';
import { taskNumbers } from '../../../src/weighting/state.ts';
import { at, dot, filled, plus, products, scaled } from '../../../src/numbers/linear.ts';
import { softmax } from '../../../src/weighting/solvers/simplex.ts';
import { createStrategy } from './strategies.ts';
import type { Json, StepStatistics } from '../../../src/weighting/contract.ts';
import type { Case, Check, Fields } from './check.ts';
import { asFields, asList, asNumber, asNumbers, toleranceOf } from './check.ts';
import type { Parameters, Rows, TinyModel } from './tiny-model.ts';
import { Optimizer, pass, sampleRows, tinyModel } from './tiny-model.ts';

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
  const optimizer = new Optimizer(asFields(one['optimizer']));
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
    vector = optimizer.step(vector, update);
    if (steps[index + 1]?.['epoch'] === fields['epoch']) continue;
    const epoch = asFields(asList(one['after_epoch'])[asNumber(fields['epoch'])]);
    check.compare(`epoch ${asNumber(fields['epoch'])} parameters`, vector, asNumbers(epoch['params']), tolerance);
  }
}

/** Inner losses after some steps of SGD on their weighted sum. */
function innerAfter(
  model: TinyModel,
  start: readonly number[],
  rows: Rows,
  shares: readonly number[],
  steps: number,
  rate: number,
): readonly number[] {
  let vector = start;
  for (let step = 0; step < steps; step += 1) {
    vector = plus(vector, combine(shares, gradients(model, vector, rows).rows), -rate);
  }
  return gradients(model, vector, rows).losses;
}

/** FORUM has no update of its own: λ combines the outer gradients, ν the inner ones. */
export function runForum(check: Check, one: Case, modelFields: Fields): void {
  const model = tinyModel(modelFields);
  const tasks = model.tasks.map((_, index) => `t${index}`);
  const tolerance = toleranceOf(one['tolerance']);
  const params = asFields(one['params']);
  const parameters = { outerLearningRate: asNumber(params['outer_lr']), phi: asNumber(params['FORUM_phi']) };
  const strategy = createStrategy('forum', { parameters, tasks });
  const optimizer = new Optimizer(asFields(one['optimizer']));
  let state: Json = null;
  let vector = flat(model.initial);
  const steps = asList(one['steps']).map(asFields);
  for (const [index, fields] of steps.entries()) {
    const name = `step ${index} `;
    const compare = (what: string, x: readonly number[], key: string): void => {
      if (fields[key]) check.compare(name + what, x, asNumbers(fields[key]), tolerance);
    };
    compare('before', logitsOf(state, tasks), 'tw_before');
    const rows = sampleRows(model, asNumbers(fields['inner_samples']));
    const inner = gradients(model, vector, rows);
    const outer = gradients(model, vector, sampleRows(model, asNumbers(fields['outer_samples'])));
    const shares = strategy.shares?.(tasks, state) ?? [];
    const bilevel = {
      outer: products(outer.rows, outer.rows),
      inner: products(inner.rows, inner.rows),
      cross: products(outer.rows, inner.rows),
      after: innerAfter(model, vector, rows, shares, asNumber(params['inner_step']), asNumber(params['inner_lr'])),
    };
    const statistics: StepStatistics = {
      ...{ step: index, epoch: asNumber(fields['epoch']), tasks, losses: inner.losses },
      ...{ weights: filled(tasks.length, 1), bilevel },
    };
    const found = strategy.weigh(statistics, state);
    ({ state } = found);
    check.that(`${name}${(found.problems ?? []).map(({ en }) => en).join(' ')}`, (found.problems ?? []).length === 0);
    compare('gradient', found.gradient ?? [], 'tw_grad');
    compare('after', logitsOf(state, tasks), 'tw_after');
    compare('weights', softmax(logitsOf(state, tasks)), 'loss_weights_after');
    compare('lambda', taskNumbers(state, 'lambda', tasks, NaN), 'lambda_after');
    const update = plus(combine(found.weights, outer.rows), combine(found.inner ?? [], inner.rows));
    check.compare(`${name}norm`, [Math.sqrt(dot(update, update))], [asNumber(fields['param_grad_norm'])], tolerance);
    compare('update', update, 'param_grad');
    vector = optimizer.step(vector, update);
    if (steps[index + 1]?.['epoch'] === fields['epoch']) continue;
    const epoch = asFields(asList(one['after_epoch'])[asNumber(fields['epoch'])]);
    check.compare(`epoch ${asNumber(fields['epoch'])} parameters`, vector, asNumbers(epoch['params']), tolerance);
  }
}
