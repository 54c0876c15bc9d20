/** How long a strategy's own arithmetic takes, on statistics that are already there. */
import { createEntryStrategy, createStrategy, worksOnEntries } from '../../golden/runner/strategies.ts';
import type { EntryStrategy, Memory, Strategy, StepStatistics } from '../../../src/weighting/contract.ts';
import { drawsOf } from '../../../src/trainer/step/methods/statistics.ts';
import { floatVectors } from '../../../src/trainer/step/methods/vectors.ts';
import { keyed } from '../../../src/numbers/random.ts';
import { median } from '../times.ts';

/** Shared parameters of the gradients that statistics are made from; entry-wise strategies get as many as the model has. */
const width = 256;
const samples = 8;

interface Sample {
  readonly statistics: StepStatistics;
  readonly rows: readonly Float32Array[];
}

/** Gradients of related tasks, one of them against the others, and of sizes up to ten times apart. */
function sampleOf(tasks: readonly string[], step: number, entries: number): Sample {
  const random = keyed(1, 'bench', step);
  const common = Float32Array.from({ length: entries }, () => random.normal());
  const rows = tasks.map((_, task) => {
    const scale = 10 ** random.uniform(-0.5, 0.5) * (task === 1 ? -1 : 1);
    return Float32Array.from(common, (value) => scale * (0.5 * value + random.normal()));
  });
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  const gram = rows.map((a) => rows.map((b) => dot(a, b)));
  const other = rows.map((a) => rows.map((b) => dot(a, b) * random.uniform(0.8, 1.2)));
  const losses = tasks.map(() => random.uniform(0.2, 3));
  const statistics: StepStatistics = {
    ...{ step, epoch: 0, tasks, losses, weights: tasks.map(() => 1), gram, cross: other },
    norms: gram.map((row, task) => Math.sqrt(row[task] ?? 0)),
    differences: tasks.map(() => random.normal()),
    performance: tasks.map(() => random.uniform(0.2, 0.9)),
    draws: drawsOf(1, step, tasks.length),
  };
  return { statistics, rows };
}

export interface Arithmetic {
  /** `losses`, `norms`, `gram`, `cross-gram`, `bilevel` or `entries`. */
  readonly needs: string;
  /** Milliseconds of one step's arithmetic. */
  readonly milliseconds: number;
}

/**
 * @param entries shared parameters of the model, for entry-wise strategies
 * @returns null for a strategy whose arithmetic is no function of one step's statistics (several inner steps)
 */
export function timeArithmetic(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  taskCount: number,
  entries: number,
): Arithmetic | null {
  const tasks = Array.from({ length: taskCount }, (_, task) => `task ${String(task)}`);
  const facts = Object.fromEntries(
    tasks.map((task, at) => [task, { samples: 100 + at, constantLoss: 1 + at, linearLoss: 0.5 }]),
  );
  const context = { parameters: { name, ...parameters }, tasks, facts };
  if (worksOnEntries(name, parameters)) {
    const strategy = createEntryStrategy(name, context);
    return { needs: 'entries', milliseconds: timeEntries(strategy, tasks, entries) };
  }
  const strategy = createStrategy(name, context);
  if (strategy.needs === 'bilevel-gram') return null;
  return { needs: strategy.needs, milliseconds: timeWeights(strategy, tasks) };
}

function timeWeights(strategy: Strategy, tasks: readonly string[]): number {
  const all = Array.from({ length: samples }, (_, step) => sampleOf(tasks, step, width).statistics);
  let state = strategy.initialState;
  return timed((step) => {
    const statistics = all[step % samples];
    if (statistics) ({ state } = strategy.weigh({ ...statistics, step }, state));
  });
}

function timeEntries(strategy: EntryStrategy, tasks: readonly string[], entries: number): number {
  const all = Array.from({ length: 2 }, (_, step) => sampleOf(tasks, step, entries));
  const uniform = Float32Array.from({ length: entries }, (_, at) => (at % 97) / 97);
  let state = strategy.initialState;
  let memory: Memory<Float32Array> = {};
  return timed((step) => {
    const sample = all[step % all.length];
    if (!sample) return;
    const { statistics, rows } = sample;
    const whole = { ...statistics, step, space: floatVectors, rows, memory, uniform };
    ({ state, memory } = strategy.combine(whole, state));
  });
}

/** The first calls warm the code up. */
function timed(work: (step: number) => void): number {
  const begin = performance.now();
  let step = 0;
  while (step < 200 && (step < 2 || performance.now() - begin < 40)) work(step++);
  const times: number[] = [];
  const end = performance.now() + 60;
  do {
    const start = performance.now();
    work(step++);
    times.push(performance.now() - start);
  } while (performance.now() < end && times.length < 2000);
  return median(times);
}
