/** Runs the cases of `scalarizers/`: losses in, value, gradient by the losses and updated state out. */
import { adamStep } from '../../../src/weighting/parts/adam.ts';
import { taskNumbers } from '../../../src/weighting/state.ts';
import { createStrategy } from './strategies.ts';
import type { Json, StepStatistics, Strategy } from '../../../src/weighting/contract.ts';
import type { Case, Fields, Outcome } from './check.ts';
import { asFields, asList, asNumber, asNumbers, Check, field, toleranceOf } from './check.ts';
import { statisticalFailures } from './statistical.ts';
import { keyed } from '../../../src/numbers/random.ts';

interface Reading {
  readonly name: string;
  readonly parameters: Record<string, unknown>;
  readonly weights?: readonly number[];
}

const vector = (params: Fields): Pick<Reading, 'weights'> =>
  params['weights'] ? { weights: asNumbers(params['weights']) } : {};
const given = (params: Fields): Record<string, unknown> => (params['weights'] ? { preference: 'given' } : {});
const reference = (params: Fields): Record<string, unknown> =>
  params['reference'] ? { reference: params['reference'] } : {};

const readings: Readonly<Record<string, (params: Fields) => Reading>> = {
  COSMOS: (p) => ({ name: 'cosmos', parameters: { lambda: p['lambda_'], ...given(p) }, ...vector(p) }),
  Constant: (p) => ({ name: 'static', parameters: {}, ...vector(p) }),
  DWA: (p) => ({ name: 'dwa', parameters: { temperature: p['temperature'] } }),
  FAMO: (p) => ({
    name: 'famo',
    parameters: { learningRate: p['lr'], weightDecay: p['weight_decay'], minLosses: p['min_losses'] ?? undefined },
  }),
  GeometricMean: () => ({ name: 'geometric', parameters: {} }),
  IMTLL: (p) => ({ name: 'imtl-l', parameters: { init: p['init'] } }),
  Mean: () => ({ name: 'mean', parameters: {} }),
  PBI: (p) => ({ name: 'pbi', parameters: { theta: p['theta'], ...given(p), ...reference(p) }, ...vector(p) }),
  Random: () => ({ name: 'random', parameters: {} }),
  STCH: (p) => ({ name: 'stch', parameters: { mu: p['mu'], ...given(p), ...reference(p) }, ...vector(p) }),
  Sum: () => ({ name: 'sum', parameters: {} }),
  UW: (p) => ({ name: 'uncertainty', parameters: { init: p['init'] } }),
};

interface Run {
  readonly check: Check;
  readonly strategy: Strategy;
  readonly tasks: readonly string[];
  readonly weights: readonly number[];
  readonly all: Case;
}

function statisticsOf({ tasks, weights }: Run, step: number, epoch: number, fields: Fields): StepStatistics {
  const z = field(fields['draw'], 'z');
  const draws = z === null ? {} : { draws: { normal: asNumbers(z) } };
  return { step, epoch, tasks, weights, losses: asNumbers(fields['losses']), ...draws };
}

/** One step's value and gradient; the state after the strategy has seen it. */
function compareOne(run: Run, statistics: StepStatistics, fields: Fields, state: Json, at: string): Json {
  const { check, strategy, all } = run;
  const tolerance = toleranceOf(all['tolerance']);
  const found = strategy.weigh(statistics, state);
  check.compare(`${at} value`, [found.value ?? NaN], [asNumber(fields['value'])], tolerance);
  check.compare(`${at} grad`, found.weights, asNumbers(fields['grad']), tolerance);
  const slope = fields['state_grad'];
  if (slope) check.compare(`${at} state grad`, found.gradient ?? [], asNumbers(slope), tolerance);
  return found.state;
}

/** The optimizer's step on learned numbers: SGD or Adam as the case says. */
function optimized(run: Run, statistics: StepStatistics, state: Json, optimizer: Fields): Json {
  const { learned } = run.strategy;
  const gradient = run.strategy.weigh(statistics, state).gradient ?? [];
  if (!learned) return state;
  const learningRate = asNumber(optimizer['lr']);
  const values = learned.values(state, run.tasks);
  if (optimizer['type'] === 'adam') {
    return adamStep(learned.replace(state, run.tasks, values), 's', run.tasks, 0, gradient, { learningRate });
  }
  return learned.replace(
    state,
    run.tasks,
    values.map((value, i) => value - learningRate * (gradient[i] ?? NaN)),
  );
}

function runSteps(run: Run): void {
  const { check, strategy, tasks, all } = run;
  const tolerance = toleranceOf(all['tolerance']);
  let state = strategy.initialState;
  for (const [step, fields] of asList(all['steps']).map(asFields).entries()) {
    const at = `step ${step}`;
    const statistics = statisticsOf(run, step, 0, fields);
    const before = fields['state_before'];
    if (before && strategy.learned) {
      const started = all['optimizer'] ? state : strategy.learned.replace(state, tasks, asNumbers(before));
      check.compare(`${at} state before`, strategy.learned.values(started, tasks), asNumbers(before), tolerance);
      state = started;
    }
    state = compareOne(run, statistics, fields, state, at);
    if (all['optimizer']) state = optimized(run, statistics, state, asFields(all['optimizer']));
    const after = fields['state_after'];
    if (after && all['optimizer'] && strategy.learned) {
      check.compare(`${at} state after`, strategy.learned.values(state, tasks), asNumbers(after), tolerance);
    }
    if (fields['losses_after'] && strategy.afterStep) {
      state = strategy.afterStep(statistics, asNumbers(fields['losses_after']), state);
      check.compare(
        `${at} logits`,
        taskNumbers(state, 'logits', tasks, 0),
        asNumbers(fields['logits_after']),
        tolerance,
      );
    }
  }
}

function runEpochs(run: Run): void {
  const { check, strategy, tasks, all } = run;
  const tolerance = toleranceOf(all['tolerance']);
  let state = strategy.initialState;
  for (const [epoch, fields] of asList(all['epochs']).map(asFields).entries()) {
    const batches = asList(fields['batches']).map(asFields);
    const sums = tasks.map(() => 0);
    for (const [index, batch] of batches.entries()) {
      const statistics = statisticsOf(run, epoch * batches.length + index, epoch, batch);
      state = compareOne(run, statistics, batch, state, `epoch ${epoch} batch ${index}`);
      check.compare(
        `epoch ${epoch} weights`,
        strategy.weigh(statistics, state).weights,
        asNumbers(fields['weights']),
        tolerance,
      );
      for (const [i, loss] of statistics.losses.entries()) sums[i] = (sums[i] ?? 0) + loss;
    }
    const means = sums.map((total) => total / batches.length);
    check.compare(`epoch ${epoch} mean`, means, asNumbers(fields['epoch_average_after']), tolerance);
    state = strategy.afterEpoch?.(tasks, means, state) ?? state;
  }
}

export function runScalarizer(method: string, all: Case): Outcome {
  const check = new Check();
  const reading = readings[method]?.(asFields(all['params']));
  if (!reading) return { ...check.outcome(method, all.id), skipped: `the method ${method} is not known here` };
  const tasks = Array.from({ length: asNumber(all['T']) }, (_, index) => `task${index}`);
  const strategy = createStrategy(reading.name, { parameters: reading.parameters, tasks });
  const run: Run = { check, strategy, tasks, weights: reading.weights ?? tasks.map(() => 1), all };
  if (all['kind'] === 'statistical') {
    const repeat = (k: number): { readonly direction: readonly number[] } => {
      const random = keyed(20, 'golden', method, k);
      const draws = { normal: tasks.map(() => random.normal()) };
      return { direction: strategy.weigh({ ...statisticsOf(run, 0, 0, all), draws }, strategy.initialState).weights };
    };
    check.failures.push(...statisticalFailures(all, repeat, 'grad'));
  } else if (all['epochs']) runEpochs(run);
  else runSteps(run);
  return check.outcome(method, all.id);
}
