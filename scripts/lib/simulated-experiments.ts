// Made-up experiments: planned as real ones are, with results drawn at random, and judged as real ones are, to see how often the
// judgment is wrong.
import { compare } from '../../src/experiment/comparison/compare.ts';
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import { contestOf } from '../../src/experiment/comparison/experiment.ts';
import type { Design, Expansion, Outcome, PlannedRun } from '../../src/experiment/contract.ts';
import { readDesign } from '../../src/experiment/design.ts';
import { expand } from '../../src/experiment/expand.ts';
import { deltaM } from '../../src/experiment/statistics/delta-m.ts';
import { holmFirstStep } from '../../src/experiment/statistics/multiplicity.ts';
import { pairedTPower } from '../../src/experiment/statistics/power.ts';
import type { Random } from '../../src/numbers/random.ts';
import { keyed } from '../../src/numbers/random.ts';

export interface Made {
  readonly arms: number;
  readonly tasks: number;
  readonly seeds: number;
  /** Shares of the seeds at which one looks; empty: once, at the end. */
  readonly looks: readonly number[];
  /** Values are rounded to this step; 0 leaves them. */
  readonly step: number;
  /** Chance that a run fails. */
  readonly failing: number;
  readonly failures: 'worst' | 'exclude';
  /** Splits vary, and training sets overlap: a difference of arms has a part that all its seeds share. */
  readonly overlapping: boolean;
  /** Added to the first arm on the first task, in sd of the paired difference. */
  readonly effect: number;
}

export const nullExperiment: Made = {
  ...{ arms: 3, tasks: 4, seeds: 8, looks: [], step: 0, failing: 0, failures: 'worst', overlapping: false, effect: 0 },
};

/** sd of a value around its seed's; the paired difference has √2 of it. */
const noise = 0.02;
/** Test rows over training rows. */
const ratio = 0.25;
/** Correlation of the tasks within a run. */
const within = 0.6;

/** Tasks of one run: normal with unit variance, correlated by a common part. */
function correlated(random: Random, tasks: number): number[] {
  const common = random.normal();
  return Array.from({ length: tasks }, () => Math.sqrt(within) * common + Math.sqrt(1 - within) * random.normal());
}

const taskName = (index: number): string => `task${index}`;
const armName = (index: number): string => `arm${index}`;
/** Of every other task more is better. */
const metricOf = (task: number): string => (task % 2 === 0 ? 'r2' : 'mae');

interface Planned {
  readonly design: Design;
  readonly expansion: Expansion;
}

/** A spec whose arms differ in something, so that each has runs of its own. */
function planned({ arms, tasks, seeds, looks, failures, overlapping }: Made): Planned {
  const names = Array.from({ length: tasks }, (_, task) => task);
  const text = JSON.stringify({
    data: {
      source: 'made-up.csv',
      inputs: { x: { type: 'number', from: ['x'] } },
      split: { train: 0.64, validation: 0.2, test: 0.64 * ratio },
    },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: Object.fromEntries(
      names.map((task) => [
        taskName(task),
        { type: 'regression', target: `y${task}`, input: 'trunk', metrics: [metricOf(task)] },
      ]),
    ),
    experiment: {
      arms: Array.from({ length: arms + 1 }, (_, arm) => ({ id: armName(arm), set: { '/training/epochs': arm + 1 } })),
      baseline: armName(0),
      // Splits that vary would widen the variance, which independent draws do not need.
      replicates: { n: seeds, hold: overlapping ? [] : ['split'] },
      ...(looks.length > 0 ? { looks } : {}),
      failures: { nan: failures },
    },
  });
  const { design } = readDesign(text);
  if (design === undefined) throw new TypeError('The made-up spec is no spec.');
  const surroundings = { engine: { name: 'none', version: '0' }, files: new Map<string, string>() };
  return { design, expansion: expand(design, surroundings, new Map()) };
}

/** Results of all runs, by id. */
function outcomesOf(made: Made, { runs }: Expansion, random: Random): ReadonlyMap<string, Outcome> {
  const { arms, tasks, seeds, step, failing, overlapping, effect } = made;
  // What a seed does to all arms (its split): pairing takes it out.
  const shared = Array.from({ length: seeds }, () => correlated(random, tasks).map((value) => 0.7 + 0.05 * value));
  const drawn = Array.from({ length: arms + 1 }, (_, arm) => {
    // Nadeau and Bengio's variance s²(1/n + n_test/n_train) is that of differences which share a part of variance s² n_test/n_train.
    const common = overlapping ? correlated(random, tasks) : [];
    return shared.map((own) => {
      const values = correlated(random, tasks).map((one, task) => {
        const value = one + Math.sqrt(ratio) * (common[task] ?? 0);
        const planted = arm === 1 && task === 0 ? effect * noise * Math.SQRT2 : 0;
        const metric = (own[task] ?? 0) + noise * value + planted;
        return step > 0 ? Math.round(metric / step) * step : metric;
      });
      return random.uniform() < failing ? null : values;
    });
  });
  const first = Math.min(...runs.map(({ seed }) => seed));
  const arm = ({ arm: name }: PlannedRun): number => Number(name.slice('arm'.length));
  return new Map(runs.map((run) => [run.id, outcomeOf(drawn[arm(run)]?.[run.seed - first] ?? null)]));
}

/** @param values of the tasks; null where the run failed */
function outcomeOf(values: readonly number[] | null): Outcome {
  const metrics = new Map(
    (values ?? []).map((value, task) => [taskName(task), new Map([[metricOf(task), value]])] as const),
  );
  return {
    state: values === null ? 'failed' : 'done',
    failure: values === null ? 'nan' : null,
    reason: null,
    ...{ validation: metrics, test: metrics, scores: new Map(), seconds: 1, epochs: 1, samples: null },
  };
}

/** Decided cells, `arm/task`, at any look. */
function decided(made: Made, plan: Planned, random: Random): Set<string> {
  const outcomes = outcomesOf(made, plan.expansion, random);
  const seeds = plan.expansion.compared[0]?.seeds ?? [];
  const found = new Set<string>();
  for (const share of made.looks.length > 0 ? made.looks : [1]) {
    const known = new Set(seeds.slice(0, Math.ceil(share * seeds.length - 1e-9)));
    const ended = new Set(plan.expansion.runs.filter(({ seed }) => known.has(seed)).map(({ id }) => id));
    const seen = new Map([...outcomes].filter(([id]) => ended.has(id)));
    for (const cell of cellsOf(compare(contestOf({ ...plan, outcomes: seen })))) found.add(cell);
  }
  return found;
}

function cellsOf({ arms }: Comparison): readonly string[] {
  return arms.flatMap(({ id, measures }) =>
    measures.flatMap(({ task, delta }) =>
      delta?.verdict === 'helps' || delta?.verdict === 'hurts' ? [`${id}/${task}`] : [],
    ),
  );
}

/** Share of experiments in which something is decided that is not so. */
export function familyWiseError(made: Made, repetitions: number, seed = 1): number {
  const plan = planned(made);
  let wrong = 0;
  for (let k = 0; k < repetitions; k += 1) {
    const found = decided(made, plan, keyed(seed, 'null', k));
    if (made.effect !== 0) found.delete('arm1/task0');
    if (found.size > 0) wrong += 1;
  }
  return wrong / repetitions;
}

/** Share of experiments in which the planted effect is found, and what power promises for Holm's first step. */
export function plantedFound(made: Made, repetitions: number, seed = 1): { found: number; promised: number } {
  const plan = planned(made);
  let found = 0;
  for (let k = 0; k < repetitions; k += 1) {
    if (decided(made, plan, keyed(seed, 'planted', k)).has('arm1/task0')) found += 1;
  }
  const alpha = holmFirstStep(0.05, made.arms * made.tasks);
  return { found: found / repetitions, promised: pairedTPower(made.seeds, made.effect, alpha) ?? 0 };
}

/**
 * Share of intervals of Δm that contain the true one, four tasks: `asMeasured` – the arm's true improvement over the baseline's mean
 * as it was measured, which is what the interval speaks of; `overTrue` – over the baseline's true mean, of independent runs as many
 * as the arm's.
 */
export function coverage(seeds: number, repetitions: number, seed = 1): { asMeasured: number; overTrue: number } {
  const truth = [0.9, 0.6, 1.4, 0.5];
  const gain = [0.02, -0.01, 0.03, 0];
  let [asMeasured, overTrue] = [0, 0];
  for (let k = 0; k < repetitions; k += 1) {
    const random = keyed(seed, 'delta-m', seeds, k);
    const draw = (gains: readonly number[]): Record<string, number[]> => {
      const runs = Array.from({ length: seeds }, () => correlated(random, truth.length));
      return Object.fromEntries(
        truth.map((value, task) => [
          taskName(task),
          runs.map((run) => value * (1 + (gains[task] ?? 0) + noise * (run[task] ?? 0))),
        ]),
      );
    };
    const [baseline, arm] = [draw(gain.map(() => 0)), draw(gain)];
    const higherIsBetter = Object.fromEntries(truth.map((_, task) => [taskName(task), true]));
    const { interval } = deltaM({ arm, baseline, higherIsBetter });
    const contains = (value: number): number => (interval && interval[0] <= value && value <= interval[1] ? 1 : 0);
    const expected = (of: (task: number) => number): number =>
      truth.reduce((total, value, task) => total + (value * (1 + (gain[task] ?? 0))) / of(task) - 1, 0) / truth.length;
    const mean = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0) / values.length;
    asMeasured += contains(expected((task) => mean(baseline[taskName(task)])));
    overTrue += contains(expected((task) => truth[task] ?? NaN));
  }
  return { asMeasured: asMeasured / repetitions, overTrue: overTrue / repetitions };
}
