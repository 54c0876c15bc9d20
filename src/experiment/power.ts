/** What a design can find: power of the procedure that the verdicts come from, after its correction (conventions 6.3). */
import type { Design, Expansion, Stage } from './contract.ts';
import { pairedTPower, pairedTSampleSize } from './statistics/power.ts';

export interface PowerReport {
  /** Seeds of each arm, tasks, and tests of the family: (arms − 1) × tasks. */
  readonly n: number;
  readonly tasks: number;
  readonly comparisons: number;
  /** Level of the first step of Holm's procedure: (1 − level) ÷ comparisons; undivided for `family: "all"`. */
  readonly alpha: number;
  /** Power at a true difference of one standard deviation of the paired difference. */
  readonly power: number;
  /** The power that is wanted, and the seeds that have it at one standard deviation; null beyond 10,000. */
  readonly target: number;
  readonly needed: number | null;
  /** The difference that is found with the wanted power, in standard deviations of the paired difference; null for n = 1. */
  readonly detectable: number | null;
}

/** Seeds up to which a comparison is called a pilot. */
export const pilot = 5;

/** The last stage that compares. */
export function comparingStage({ stages }: Design): Stage | undefined {
  return stages.findLast(({ compares }) => compares);
}

/** Null where nothing is compared. */
export function powerOf(design: Design, expansion: Expansion): PowerReport | null {
  const stage = comparingStage(design);
  if (stage === undefined) return null;
  const arms = expansion.compared.filter((arm) => arm.stage === stage.id);
  const later = expansion.pending.filter((one) => one.stage === stage.id && stage.method === null).length;
  const tasks = design.measures.length;
  const comparisons = Math.max(0, arms.length + later - 1) * tasks;
  const seeds = stage.replicates?.seeds;
  const n = Array.isArray(seeds) ? seeds.length : (arms[0]?.seeds.length ?? stage.replicates?.n ?? 1);
  if (comparisons === 0) return null;
  const { level, family, power } = design.experiment.analysis;
  const alpha = family === 'all' ? 1 - level : (1 - level) / comparisons;
  const target = power?.target ?? 0.8;
  return {
    ...{ n, tasks, comparisons, alpha, target },
    power: n < 2 ? 0 : pairedTPower(n, 1, alpha),
    needed: pairedTSampleSize(target, 1, alpha),
    detectable: n < 2 ? null : detectableEffect(n, target, alpha),
  };
}

/** The effect, in standard deviations, at which n pairs have the power: power grows with the effect, so bisection finds it. */
function detectableEffect(n: number, target: number, alpha: number): number {
  let [low, high] = [0, 1];
  while (pairedTPower(n, high, alpha) < target) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (pairedTPower(n, middle, alpha) < target) low = middle;
    else high = middle;
  }
  return high;
}
