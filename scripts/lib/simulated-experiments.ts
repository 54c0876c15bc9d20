// Made-up experiments: runs drawn at random and judged as real ones are, to see how often the judgment is wrong.
import type { ArmRecord, JudgeInput, SeedRecord } from '../../src/experiment/statistics/contract.ts';
import { deltaM } from '../../src/experiment/statistics/delta-m.ts';
import { judge } from '../../src/experiment/statistics/judge.ts';
import { holmFirstStep } from '../../src/experiment/statistics/multiplicity.ts';
import { pairedTPower } from '../../src/experiment/statistics/power.ts';
import type { Random } from '../../src/numbers/random.ts';
import { keyed } from '../../src/numbers/random.ts';

export interface Made {
  readonly arms: number;
  readonly tasks: number;
  readonly seeds: number;
  /** Numbers of seeds at which one looks; empty: once, at the end. */
  readonly looks: readonly number[];
  /** Values are rounded to this step; 0 leaves them. */
  readonly step: number;
  /** Chance that a run fails. */
  readonly failing: number;
  readonly failures: 'worst' | 'exclude';
  /** Added to the first arm on the first task, in sd of the paired difference. */
  readonly effect: number;
}

export const nullExperiment: Made = {
  ...{ arms: 3, tasks: 4, seeds: 8, looks: [], step: 0, failing: 0, failures: 'worst', effect: 0 },
};

/** sd of a value around its seed's; the paired difference has √2 of it. */
const noise = 0.02;
/** Correlation of the tasks within a run. */
const within = 0.6;

/** Tasks of one run: normal with unit variance, correlated by a common part. */
function correlated(random: Random, tasks: number): number[] {
  const common = random.normal();
  return Array.from({ length: tasks }, () => Math.sqrt(within) * common + Math.sqrt(1 - within) * random.normal());
}

const taskName = (index: number): string => `task${index}`;

function makeArms(made: Made, random: Random): ArmRecord[] {
  const { arms, tasks, seeds, step, failing, effect } = made;
  // What a seed does to all arms (its split): pairing takes it out.
  const shared = Array.from({ length: seeds }, () => correlated(random, tasks).map((value) => 0.7 + 0.05 * value));
  return Array.from({ length: arms + 1 }, (_, arm) => {
    const runs = shared.map((own) => {
      const values = correlated(random, tasks).map((value, task) => {
        const planted = arm === 1 && task === 0 ? effect * noise * Math.SQRT2 : 0;
        const metric = (own[task] ?? 0) + noise * value + planted;
        return step > 0 ? Math.round(metric / step) * step : metric;
      });
      return { values, failed: random.uniform() < failing };
    });
    const records = (task: number): SeedRecord[] =>
      runs.map(({ values, failed }, seed) => ({ seed, value: failed ? 'failed' : (values[task] ?? null) }));
    const values = Object.fromEntries(shared[0]?.map((_, task) => [taskName(task), records(task)]) ?? []);
    return { arm: `arm${arm}`, confirmed: true, values };
  });
}

/** Decided cells, `arm/task`, at any look. */
function decided(made: Made, all: readonly ArmRecord[]): Set<string> {
  const counts = made.looks.length > 0 ? made.looks : [made.seeds];
  const found = new Set<string>();
  for (const [k, count] of counts.entries()) {
    const arms = all.map((arm) => ({
      ...arm,
      values: Object.fromEntries(Object.entries(arm.values).map(([task, records]) => [task, records.slice(0, count)])),
    }));
    const measures = Array.from({ length: made.tasks }, (_, task) => ({
      ...{ task: taskName(task), higherIsBetter: task % 2 === 0, margin: null, primary: true },
    }));
    const input: JudgeInput = {
      ...{ baseline: 'arm0', arms, measures, level: 0.95, family: 'any', testOverTrain: null, failures: made.failures },
      looks: made.looks.length > 0 ? counts.slice(0, k + 1).map((seeds) => seeds / made.seeds) : null,
    };
    for (const { arm, task, delta } of judge(input).cells) {
      if (delta?.verdict === 'helps' || delta?.verdict === 'hurts') found.add(`${arm}/${task}`);
    }
  }
  return found;
}

/** Share of experiments in which something is decided that is not so. */
export function familyWiseError(made: Made, repetitions: number, seed = 1): number {
  let wrong = 0;
  for (let k = 0; k < repetitions; k += 1) {
    const found = decided(made, makeArms(made, keyed(seed, 'null', k)));
    if (made.effect !== 0) found.delete('arm1/task0');
    if (found.size > 0) wrong += 1;
  }
  return wrong / repetitions;
}

/** Share of experiments in which the planted effect is found, and what power promises for Holm's first step. */
export function plantedFound(made: Made, repetitions: number, seed = 1): { found: number; promised: number } {
  let found = 0;
  for (let k = 0; k < repetitions; k += 1) {
    if (decided(made, makeArms(made, keyed(seed, 'planted', k))).has('arm1/task0')) found += 1;
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
