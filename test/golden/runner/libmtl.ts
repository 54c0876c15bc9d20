/**
 * Replays the training steps of `libmtl/` from the initial parameters to the end, in double precision: the tiny model's
 * gradients, the strategy, the optimizer. Where LibMTL's solver is inexact its recorded weights drive the parameters and
 * each step is compared by itself with the exact optimum.
 */
import { taskNumbers } from '../../../src/weighting/state.ts';
import { kept, positivity } from '../../../src/weighting/entries/graddrop.ts';
import {
  at,
  diagonal,
  dot,
  filled,
  gramOf,
  plus,
  products,
  row,
  scaled,
} from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy, worksOnEntries } from './strategies.ts';
import type { Json, StepStatistics, Strategy } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';
import { runnerOf } from './aggregators.ts';
import type { Case, Fields, Outcome, Value } from './check.ts';
import { asFields, asList, asMatrix, asNumber, asNumbers, Check, field, flatten, toleranceOf } from './check.ts';
import { runBilevel, runForum } from './libmtl-bilevel.ts';
import { combination, type Combined, type Replay } from './libmtl-replay.ts';
import { libraryWeights, compareSolver } from './libmtl-solvers.ts';
import { methods } from './libmtl-methods.ts';
import type { Pass, Rows } from './tiny-model.ts';
import { backToShared, batchRows, Optimizer, pass, tinyModel } from './tiny-model.ts';

/** Rows that the strategy reads: shared gradients, or representation gradients summed over the batch. */
export function rowsOf({ repGrad }: Replay, { shared, rep }: Pass): readonly (readonly number[])[] {
  if (!repGrad) return shared;
  return rep.map((samples) =>
    samples.reduce((total, values) => plus(total, values), filled(samples[0]?.length ?? 0, 0)),
  );
}

function statisticsOf(replay: Replay, fields: Fields, passes: readonly Pass[]): StepStatistics {
  const { tasks, method } = replay;
  const draw = asFields(fields['draw']);
  const orders = draw['permutations'] ?? draw['order'];
  const used = passes[method.batches?.apply ?? 0] ?? passes[0];
  const gram = used ? gramOf(rowsOf(replay, used)) : [];
  const [left, right] = (method.batches?.cross ?? []).map((index) => passes[index]?.shared ?? []);
  return {
    step: asNumber(fields['step']),
    epoch: asNumber(fields['epoch']),
    tasks,
    losses: used?.losses ?? [],
    weights: tasks.map(() => 1),
    gram,
    norms: diagonal(gram).map(Math.sqrt),
    ...(left && right && { cross: products(left, right) }),
    draws: { ...(draw['z'] && { normal: asNumbers(draw['z']) }), ...(orders && { orders: asMatrix(orders) }) },
  };
}

/** GradDrop on the representation: one mask a unit for the whole batch. */
function dropped(replay: Replay, fields: Fields, one: Pass, rows: Rows): Combined {
  const leak = asNumber(asFields(replay.all['params'])['leak']);
  const u = asNumbers(field(fields['draw'], 'U'));
  const signed = one.rep.map((samples) =>
    u.map((_, k) =>
      samples.reduce((total, values, n) => total + at(values, k) * Math.sign(at(row(one.activations, n), k)), 0),
    ),
  );
  const p = u.map((_, k) =>
    positivity(
      signed.map((values) => at(values, k)),
      1e-7,
    ),
  );
  const mask = signed.map((values) =>
    values.map((value, k) => leak + (1 - leak) * (kept(at(p, k), at(u, k), value) ? 1 : 0)),
  );
  const rep = one.activations.map((values, n) =>
    values.map((_, k) =>
      one.rep.reduce((total, samples, t) => total + at(row(mask, t), k) * at(row(samples, n), k), 0),
    ),
  );
  return {
    shared: backToShared(replay.model, rows, one.activations, rep),
    heads: filled(replay.tasks.length, 1),
    weights: null,
  };
}

/** GradVac by parameter groups: the rule of "all" applied to each group by itself. */
function grouped(replay: Replay, strategy: Strategy, statistics: StepStatistics, one: Pass): Combined {
  const type = asNumber(asFields(replay.all['params'])['GradVac_group_type']);
  const size = one.shared[0]?.length ?? 0;
  const bias = replay.model.width;
  const groups =
    type === 2
      ? [
          [0, size - bias],
          [size - bias, size],
        ]
      : [[0, size]];
  const states = Array.isArray(replay.state) ? (replay.state as Json[]) : groups.map(() => strategy.initialState);
  const shared: number[] = [];
  replay.state = groups.map(([from, to], k) => {
    const rows = one.shared.map((values) => values.slice(from, to));
    const found = strategy.weigh({ ...statistics, gram: gramOf(rows) }, states[k] ?? null);
    shared.push(...combination(found.weights, rows));
    return found.state;
  });
  return { shared, heads: filled(replay.tasks.length, 1), weights: null };
}

function entryWise(replay: Replay, statistics: StepStatistics, one: Pass): Combined {
  const strategy = createEntryStrategy(replay.method.name, {
    parameters: replay.method.parameters(asFields(replay.all['params'])),
    tasks: replay.tasks,
  });
  const rows = one.shared.map((values) => Float64Array.from(values));
  const found = strategy.combine({ ...statistics, space: doubleVectors, rows, memory: replay.memory }, replay.state);
  replay.state = found.state;
  replay.memory = found.memory;
  const own = strategy.factors?.(one.losses) ?? filled(one.losses.length, 1);
  const heads = replay.method.heads === 'weighted' && found.weights ? found.weights : own;
  return { shared: [...found.direction], heads, weights: found.weights };
}

/** What the heads keep: their own gradient times this. */
function headFactors(replay: Replay, weights: readonly number[], scales: readonly number[]): readonly number[] {
  if (replay.method.heads === 'weighted') return weights;
  return replay.method.heads === 'scaled' ? scales : weights.map(() => 1);
}

function weighed(replay: Replay, strategy: Strategy, statistics: StepStatistics, one: Pass): Combined {
  const { method, tasks } = replay;
  const found = strategy.weigh(statistics, replay.state);
  const scales = (strategy.learned?.values(replay.state, tasks) ?? []).map(Math.exp);
  replay.state = found.state;
  // With representation gradients LibMTL detaches the trunk in GradNorm's first epoch, so that it gets none.
  const detached = method.name === 'gradnorm' && replay.repGrad && statistics.epoch === 0;
  const shared = detached ? filled(one.shared[0]?.length ?? 0, 0) : combination(found.weights, one.shared);
  const weights =
    method.weights === 'scaled' ? found.weights.map((weight, i) => weight / at(scales, i)) : found.weights;
  return {
    shared,
    heads: headFactors(replay, found.weights, scales),
    weights,
    ...(found.gradient && { gradient: found.gradient }),
  };
}

const norm = (values: readonly number[]): number => Math.sqrt(dot(values, values));

function compareStep(
  replay: Replay,
  fields: Fields,
  passes: readonly Pass[],
  combined: Combined,
  heads: readonly (readonly number[])[],
  before: readonly number[] | null,
): void {
  const { check, tolerance, method } = replay;
  const name = `step ${asNumber(fields['step'])} `;
  const same = (what: string, x: readonly number[], expected: Value | undefined): void => {
    if (expected !== undefined && expected !== null) check.compare(name + what, x, flatten(expected), tolerance);
  };
  same(
    'losses',
    passes.flatMap(({ losses }) => losses),
    fields['losses'],
  );
  same(
    'task gradients',
    passes.flatMap(({ shared }) => shared.flat()),
    fields['task_grads'],
  );
  const scales = method.name === 'imtl' && before ? before.map(Math.exp) : filled(replay.tasks.length, 1);
  same(
    'representation gradients',
    (passes[0]?.rep ?? []).flatMap((samples, t) => scaled(samples.flat(), at(scales, t))),
    fields['rep_grads'],
  );
  if (before) same('state before', before, field(fields['state_before'], 'loss_scale'));
  if (combined.gradient) same('state gradient', combined.gradient, fields['loss_scale_grad']);
  if (method.solver) return;
  if (method.weights && combined.weights) same('weights', combined.weights, fields['weights']);
  same('shared gradient', combined.shared, fields['shared_grad']);
  same('shared norm', [norm(combined.shared)], fields['shared_grad_norm']);
  same('head gradients', heads.flat(), fields['head_grads']);
  same('head norms', heads.map(norm), fields['head_grad_norms']);
}

function compareState(replay: Replay, fields: Fields): void {
  const { check, tolerance, tasks, method } = replay;
  const name = `step ${asNumber(fields['step'])} `;
  for (const [theirs, ours] of Object.entries(method.state ?? {})) {
    const values = field(fields['state_after'], theirs);
    if (values !== null)
      check.compare(name + theirs, taskNumbers(replay.state, ours, tasks, 0), asNumbers(values), tolerance);
  }
  for (const [theirs, ours] of Object.entries(method.norms ?? {})) {
    const values = field(fields['state_after'], theirs);
    const rows = tasks.map((task) => replay.memory[ours]?.[task] ?? new Float64Array());
    if (values !== null)
      check.compare(
        name + theirs,
        rows.map((vector) => doubleVectors.norm(vector)),
        asNumbers(values),
        tolerance,
      );
  }
  const rho = field(fields['state_after'], 'rho');
  if (rho !== null) {
    const found = asList(replay.state).map((state) =>
      tasks.map((i) => tasks.map((j) => asNumber(field(field(field(state, 'targets'), i), j)))),
    );
    check.compare(`${name}rho`, flatten(found), flatten(rho), tolerance);
  }
}

function headGradients({ method }: Replay, passes: readonly Pass[], factors: readonly number[]): number[][] {
  const total = passes.reduce<number[][]>(
    (all, one) => one.heads.map((values, t) => plus(values, all[t] ?? filled(values.length, 0))),
    [],
  );
  const share = method.heads === 'mean' ? 1 / passes.length : 1;
  return total.map((values, t) => scaled(values, share * at(factors, t)));
}

function runSteps(replay: Replay, strategy: Strategy | null): void {
  const { all, method, model, tasks, check, tolerance } = replay;
  const optimizer = asFields(all['optimizer']);
  const optimizers = {
    shared: new Optimizer(optimizer),
    heads: tasks.map(() => new Optimizer(optimizer)),
    learned: new Optimizer(optimizer),
  };
  // LibMTL's meter counts every forward pass: all three batches, and FAMO's second look at the same one.
  let sums = filled(tasks.length, 0);
  let counted = 0;
  const steps = asList(all['steps']).map(asFields);
  for (const [index, fields] of steps.entries()) {
    const batches = asNumbers(fields['batches']).map((batch) => batchRows(model, batch));
    const passes = batches.map((rows) => pass(model, replay.parameters, rows));
    const [first] = passes;
    const used = passes[method.batches?.apply ?? 0];
    const [rows] = batches;
    if (!first || !used || !rows) continue;
    const statistics = statisticsOf(replay, fields, passes);
    const before = strategy?.learned?.values(replay.state, tasks) ?? null;
    let combined: Combined;
    if (method.name === 'graddrop') combined = dropped(replay, fields, first, rows);
    else if (!strategy) combined = entryWise(replay, statistics, used);
    else if (method.name === 'gradvac') combined = grouped(replay, strategy, statistics, used);
    else combined = weighed(replay, strategy, statistics, used);
    if (method.solver) {
      compareSolver(replay, method.solver, fields, statistics, used, combined);
      combined = libraryWeights(replay, method.solver, fields, statistics, used);
    }
    const heads = headGradients(replay, passes, combined.heads);
    compareStep(replay, fields, passes, combined, heads, before);
    replay.parameters = {
      shared: optimizers.shared.step(replay.parameters.shared, combined.shared),
      heads: replay.parameters.heads.map((values, t) => optimizers.heads[t]?.step(values, row(heads, t)) ?? values),
    };
    if (combined.gradient && before && strategy?.learned) {
      replay.state = strategy.learned.replace(replay.state, tasks, optimizers.learned.step(before, combined.gradient));
    }
    if (strategy?.afterStep) {
      const after = pass(model, replay.parameters, rows).losses;
      check.compare(`step ${index} losses after`, after, asNumbers(fields['losses_after_optimizer_step']), tolerance);
      replay.state = strategy.afterStep(statistics, after, replay.state);
      sums = plus(sums, after);
      counted += 1;
    }
    compareState(replay, fields);
    for (const { losses } of passes) sums = plus(sums, losses);
    counted += passes.length;
    if (steps[index + 1]?.['epoch'] === fields['epoch']) continue;
    const epoch = asFields(asList(all['after_epoch'])[asNumber(fields['epoch'])]);
    const means = scaled(sums, 1 / counted);
    check.compare(`epoch ${asNumber(fields['epoch'])} means`, means, asNumbers(epoch['epoch_mean_losses']), tolerance);
    check.compare(
      `epoch ${asNumber(fields['epoch'])} shared`,
      replay.parameters.shared,
      asNumbers(epoch['shared_params']),
      tolerance,
    );
    check.compare(
      `epoch ${asNumber(fields['epoch'])} heads`,
      replay.parameters.heads.flat(),
      flatten(epoch['head_params']),
      tolerance,
    );
    replay.state = strategy?.afterEpoch?.(tasks, means, replay.state) ?? replay.state;
    sums = filled(tasks.length, 0);
    counted = 0;
  }
}

/** PCGrad on matrices where the two libraries differ: both conventions. */
function runMatrix(check: Check, one: Case): void {
  const matrix = asMatrix(one['matrix']);
  const tasks = matrix.map((_, index) => `task${index}`);
  const draws = { orders: asMatrix(field(one['draw'], 'permutations')) };
  const libmtl = runnerOf({ name: 'pcgrad', parameters: { convention: 'libmtl' } }, tasks)({ matrix, draws });
  check.compare('weights', libmtl.weights ?? [], asNumbers(one['weights']), toleranceOf(one['tolerance']));
  check.compare('direction', libmtl.direction, asNumbers(one['direction']), toleranceOf(one['tolerance']));
  const paper = runnerOf({ name: 'pcgrad', parameters: {} }, tasks)({ matrix, draws });
  check.compare(
    'skipping the own index',
    paper.direction,
    asNumbers(one['torchjd_direction']),
    toleranceOf(one['tolerance']),
  );
}

export function runReplay(name: string, one: Case, modelFields: Fields): Outcome {
  const check = new Check();
  if (one['kind'] === 'matrix') {
    runMatrix(check, one);
    return check.outcome(name, one.id);
  }
  if (name === 'FORUM') {
    runForum(check, one, modelFields);
    return check.outcome(name, one.id);
  }
  if (name === 'AutoLambda' || name === 'MOML') {
    runBilevel(name, check, one, modelFields);
    return check.outcome(name, one.id);
  }
  const method = methods[name];
  if (!method) return { ...check.outcome(name, one.id), skipped: `the method ${name} is not part of this version` };
  const model = tinyModel(modelFields);
  const tasks = model.tasks.map((_, index) => `t${index}`);
  const entryWiseOnly = worksOnEntries(method.name);
  const repGrad = one['rep_grad'] === true;
  const parameters = {
    ...method.parameters(asFields(one['params'])),
    ...(repGrad && method.solver === 'mgda' && { apply: 'raw' }),
  };
  const strategy = entryWiseOnly ? null : createStrategy(method.name, { parameters, tasks });
  const replay: Replay = {
    ...{ method, all: one, model, tasks, check, repGrad, tolerance: toleranceOf(one['tolerance']) },
    ...{ parameters: model.initial, state: strategy?.initialState ?? null, memory: {}, libraryConverged: true },
  };
  runSteps(replay, strategy);
  return check.outcome(name, one.id);
}
