/** Runs the cases of `aggregators/`: gradient matrices in, weights and directions out. */
import { krumScores, scoreOf } from '../../../src/weighting/gram/krum.ts';
import { dot, gramOf, products } from '../../../src/numbers/linear.ts';
import { createEntryStrategy, createStrategy, worksOnEntries } from './strategies.ts';
import type { Json, Memory } from '../../../src/weighting/contract.ts';
import { doubleVectors } from '../../../src/weighting/parts/vectors.ts';
import type { Case, Fields, Outcome, StepInput, StepOutput, Tolerance, Value } from './check.ts';
import { asFields, asList, asMatrix, asNumber, asNumbers, asText, Check, field, toleranceOf } from './check.ts';
import { drawsFor, statisticalFailures } from './statistical.ts';

type Parameters = Record<string, unknown>;

/** How a method of the library is called here, with its parameters and conventions. */
interface Reading {
  readonly name: string;
  readonly parameters: Parameters;
  /** The spec's weights: preferences. */
  readonly weights?: readonly number[];
  /** Members of `state_after` → members of our state. */
  readonly state?: Readonly<Record<string, string>>;
}

const preference = (params: Fields): Pick<Reading, 'weights'> => {
  const vector = params['pref_vector'];
  return vector ? { weights: asNumbers(vector) } : {};
};
/** `rest` as the library takes its vector: not divided by its sum. */
const given = (params: Fields, rest: Parameters = {}): Parameters =>
  params['pref_vector'] ? { ...rest, preference: 'given' } : rest;

const plain = (name: string, parameters: Parameters = {}): Reading => ({ name, parameters });

const readings: Readonly<Record<string, (params: Fields, tasks: readonly string[]) => Reading>> = {
  AlignedMTL: (p) => ({ name: 'aligned-mtl', parameters: given(p, { scaleMode: p['scale_mode'] }), ...preference(p) }),
  CAGrad: (p) => {
    const eps = p['norm_eps'] ?? 1e-4;
    return plain('cagrad', { c: p['c'], rescale: 0, normEps: eps, traceEps: eps });
  },
  CRMOGM: (p, tasks) => {
    const initial = p['initial_weights'];
    const inner = readings[asText(p['inner'])]?.({}, tasks);
    // The library's inner MGDA is Frank and Wolfe's iteration, stopped early.
    const early = p['inner'] === 'MGDA' ? { solver: 'frank-wolfe', epsilon: 1e-3, maxIterations: 100 } : {};
    const of = inner && { name: inner.name, ...inner.parameters, ...early };
    const start = initial === null ? { start: 'first' } : { initial: asNumbers(initial) };
    return { ...plain('cr-mogm', { of, alpha: p['alpha'], ...start }), state: { lambda: 'lambda' } };
  },
  ConFIG: (p) => ({ name: 'config', parameters: {}, ...preference(p) }),
  Constant: (p) => ({ name: 'static', parameters: {}, weights: asNumbers(p['weights']) }),
  DualProj: (p) => ({ name: 'dualproj', parameters: given(p, cone(p)), ...preference(p) }),
  ExcessMTL: (p) => ({
    ...plain('excess-mtl', { convention: 'torchjd', stepSize: p['robust_step_size'], warmup: p['n_warmup_steps'] }),
    state: { initial_w: 'baseline', weights: 'weights' },
  }),
  FairGrad: (p) => plain('fairgrad', { alpha: p['alpha'] }),
  GradDrop: (p) =>
    plain('graddrop', { leak: p['leak'] ?? undefined, keep: p['f'] === 'p*p*(3-2*p)' ? 'smoothstep' : 'identity' }),
  GradVac: (p) => plain('gradvac', { beta: p['beta'], epsilon: p['eps'] ?? 1e-8 }),
  IMTLG: () => plain('imtl-g'),
  Krum: (p) => plain('krum', { byzantine: p['n_byzantine'], selected: p['n_selected'] }),
  MGDA: () => plain('mgda'),
  Mean: () => plain('mean'),
  MoDo: (p) => plain('modo', { gamma: p['gamma'], rho: p['rho'] }),
  NashMTL: (p) => ({
    ...plain('nash-mtl', { updateEvery: p['update_weights_every'] ?? 1, maxNorm: p['max_norm'] ?? 1 }),
  }),
  PCD: (p, tasks) => ({
    ...plain('pcd', { primary: tasks[0], tau: p['tau'], beta: p['beta'], epsilon: p['eps'] }),
    state: { sq_norm_ema: 'squares' },
  }),
  PCGrad: () => plain('pcgrad'),
  Random: () => plain('random'),
  SDMGrad: (p) => ({
    name: 'sdmgrad',
    parameters: given(p, {
      learningRate: p['lr'],
      momentum: p['momentum'],
      iterations: p['n_iter'],
      lambda: p['lambda_'],
    }),
    ...preference(p),
    state: { w: 'w' },
  }),
  Sum: () => plain('sum'),
  TrimmedMean: (p) => plain('trimmed-mean', { trim: p['trim_number'] }),
  UPGrad: (p) => ({ name: 'upgrad', parameters: given(p, cone(p)), ...preference(p) }),
};

function cone(params: Fields): Parameters {
  return { normEps: params['norm_eps'] ?? 1e-4, regEps: params['reg_eps'] ?? 1e-4 };
}

/** A method as a function of one step after the other. */
export type Runner = (input: StepInput) => StepOutput;

export function runnerOf(reading: Reading, tasks: readonly string[]): Runner {
  const context = { parameters: reading.parameters, tasks };
  const weights = reading.weights ?? tasks.map(() => 1);
  let step = -1;
  let memory: Memory<Float64Array> = {};
  const base = ({ matrix, draws }: StepInput) => {
    step += 1;
    return { step, epoch: 0, tasks, losses: tasks.map(() => 1), weights, gram: gramOf(matrix), draws };
  };
  if (worksOnEntries(reading.name, { ...reading.parameters })) {
    const strategy = createEntryStrategy(reading.name, context);
    let state = strategy.initialState;
    return (input) => {
      const rows = input.matrix.map((values) => Float64Array.from(values));
      const uniform = Float64Array.from(input.uniform ?? []);
      const found = strategy.combine({ ...base(input), space: doubleVectors, rows, memory, uniform }, state);
      ({ state, memory } = found);
      return { weights: found.weights, direction: [...found.direction], state };
    };
  }
  const strategy = createStrategy(reading.name, context);
  let state = strategy.initialState;
  return (input) => {
    const found = strategy.weigh({ ...base(input), ...(input.cross && { cross: input.cross }) }, state);
    ({ state } = found);
    return { weights: found.weights, direction: combined(found.weights, input.matrix), state };
  };
}

const combined = (weights: readonly number[], matrix: readonly (readonly number[])[]): number[] =>
  Array.from({ length: matrix[0]?.length ?? 0 }, (_, k) =>
    dot(
      weights,
      matrix.map((values) => values[k] ?? NaN),
    ),
  );

function inputOf(fields: Fields): StepInput {
  const draw = asFields(fields['draw']);
  const orders = draw['permutations'] ?? draw['order'];
  const draws = { ...(draw['z'] && { normal: asNumbers(draw['z']) }), ...(orders && { orders: asMatrix(orders) }) };
  const three = fields['J1'] !== undefined;
  return {
    matrix: asMatrix(three ? fields['J_apply'] : fields['matrix']),
    draws,
    ...(three && { cross: products(asMatrix(fields['J1']), asMatrix(fields['J2'])) }),
    ...(draw['U'] && { uniform: asNumbers(draw['U']) }),
  };
}

const frobenius = (matrix: readonly (readonly number[])[]): number =>
  Math.sqrt(matrix.reduce((t, v) => t + dot(v, v), 0));

/** What was said of the state after the step. */
function compareState(
  check: Check,
  reading: Reading,
  expected: Value,
  state: Json,
  tasks: readonly string[],
  tolerance: Tolerance,
  at: string,
): void {
  for (const [theirs, ours] of Object.entries(reading.state ?? {})) {
    const values = field(expected, theirs);
    if (values === null) continue;
    const kept = field(state, ours);
    check.compare(
      `${at}${theirs}`,
      tasks.map((task) => asNumber(field(kept, task))),
      asNumbers(values),
      tolerance,
    );
  }
  const phi = field(expected, 'phi');
  if (phi !== null) {
    const targets = field(state, 'targets');
    const found = tasks.map((i) => tasks.map((j) => asNumber(field(field(targets, i), j))));
    check.compare(`${at}phi`, found.flat(), asMatrix(phi).flat(), tolerance);
  }
}

/** Compares one step by the rules of the README. */
function compareStep(
  check: Check,
  method: string,
  all: Case,
  fields: Fields,
  input: StepInput,
  output: StepOutput,
  at: string,
): void {
  const own = toleranceOf(all['tolerance']);
  const gap = typeof fields['library_gap'] === 'number' ? fields['library_gap'] : 0;
  const loose = { rtol: own.rtol + 2 * gap, atol: own.atol };
  check.finite(`${at}direction`, output.direction);
  const reference = asFields(fields['reference_optimum']);
  const skipReference = method === 'NashMTL' && isStale(all, at);
  const size = method === 'MGDA' ? frobenius(input.matrix) : undefined;
  if (reference['direction'] && !skipReference) {
    const exact = { rtol: method === 'CAGrad' ? 1e-5 : 1e-6, atol: 1e-15 };
    check.compare(`${at}reference direction`, output.direction, asNumbers(reference['direction']), exact, size);
  }
  const unstable = asFields(all['tolerance'])['unstable'] === true || fields['unstable'] === true;
  if (all['status'] === 'library_error' || unstable || fields['library_converged'] === false) return;
  check.compare(`${at}direction`, output.direction, asNumbers(fields['direction']), loose, size);
  // MGDA's own weights are far from the optimum's where the directions are near; its iteration is compared below.
  if (!fields['weights'] || !output.weights || all['weights_unique'] === false || method === 'MGDA') return;
  const counted = input.matrix.map((values) => method !== 'FairGrad' || values.some((value) => value !== 0));
  const keep = (values: readonly number[]): number[] => values.filter((_, i) => counted[i]);
  check.compare(`${at}weights`, keep(output.weights), keep(asNumbers(fields['weights'])), loose);
}

/** Steps on which the weights are kept from before have no optimum of their own. */
function isStale(all: Case, at: string): boolean {
  const every = asNumber(asFields(all['params'])['update_weights_every'] ?? 1);
  const step = /^step (\d+)/.exec(at)?.[1];
  return step !== undefined && Number(step) % every !== 0;
}

/** The library's own Frank–Wolfe iteration, on top of the exact solution. */
function compareFrankWolfe(check: Check, all: Case, input: StepInput, tasks: readonly string[]): void {
  const params = asFields(all['params']);
  const parameters = {
    solver: 'frank-wolfe',
    epsilon: params['epsilon'] ?? 1e-3,
    maxIterations: params['max_iters'] ?? 100,
  };
  const output = runnerOf({ name: 'mgda', parameters }, tasks)(input);
  check.compare('Frank-Wolfe direction', output.direction, asNumbers(all['direction']), toleranceOf(all['tolerance']));
}

/** Equal scores: any choice with the same total is right. */
function compareTie(check: Check, all: Case, input: StepInput, output: StepOutput): void {
  const params = asFields(all['params']);
  const scores = krumScores(gramOf(input.matrix), asNumber(params['n_byzantine']));
  check.compare('scores', scores, asNumbers(all['scores']), toleranceOf(all['tolerance']));
  const ours = scoreOf(scores, output.weights ?? []);
  check.compare('total score', [ours], [scoreOf(scores, asNumbers(all['weights']))], { rtol: 1e-9, atol: 0 });
}

export function runAggregator(method: string, all: Case): Outcome {
  const check = new Check();
  const reader = readings[method];
  if (!reader) return { ...check.outcome(method, all.id), skipped: `the method ${method} is not known here` };
  const steps = asList(all['steps']).map(asFields);
  const first = inputOf(steps[0] ?? all);
  const tasks = first.matrix.map((_, index) => `task${index}`);
  const reading = reader(asFields(all['params']), tasks);
  if (all['kind'] === 'statistical') {
    check.failures.push(
      ...statisticalFailures(all, (k) => runnerOf(reading, tasks)({ ...first, ...drawsFor(method, first, k) })),
    );
    return check.outcome(method, all.id);
  }
  const run = runnerOf(reading, tasks);
  if (steps.length === 0) {
    const output = run(first);
    if (all['tie'] === true) compareTie(check, all, first, output);
    else compareStep(check, method, all, all, first, output, '');
    if (method === 'MGDA') compareFrankWolfe(check, all, first, tasks);
  }
  for (const [index, fields] of steps.entries()) {
    const input = inputOf(fields);
    const output = run(input);
    compareStep(check, method, all, fields, input, output, `step ${index} `);
    if (method === 'NashMTL') continue;
    compareState(
      check,
      reading,
      fields['state_after'] ?? null,
      output.state,
      tasks,
      toleranceOf(all['tolerance']),
      `step ${index} `,
    );
  }
  return check.outcome(method, all.id);
}
