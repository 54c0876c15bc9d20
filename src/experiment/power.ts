/** What a design can find: power of the procedure that the verdicts come from, after its correction (conventions 14.4). */
import type { Spec } from '../spec/index.ts';
import type { ComparedArm, Design, Expansion, Stage } from './contract.ts';
import { splitVaries } from './replicates.ts';
import { pairedTPower, pairedTSampleSize, unpairedTPower, unpairedTSampleSize } from './statistics/power.ts';

export interface PowerReport {
  /** Arms have the same seeds; else the standard deviation is that of an arm, and the test Welch's. */
  readonly paired: boolean;
  readonly family: 'any' | 'all';
  /** Seeds of each arm, tasks, and tests of the family: (arms − 1) × tasks. */
  readonly n: number;
  readonly tasks: number;
  readonly comparisons: number;
  /** Level of the first step of Holm's procedure: (1 − level) ÷ comparisons; undivided for `family: "all"`. */
  readonly alpha: number;
  /** Power at a true difference of one standard deviation (of the paired difference), of replicates that are independent. */
  readonly power: number;
  /** Test rows over training rows where splits vary: it widens the variance of the difference to s²(1/n + this); else 0. */
  readonly overlap: number;
  /** The same with that variance: what the verdicts will have. `power` where nothing overlaps. */
  readonly effective: number;
  /** The power that is wanted, and the seeds that have it at one standard deviation; null where no number has. */
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
  // Of arms that are not known yet, the spec's own.
  const overlap = testOverTrain(arms.length > 0 ? arms.flatMap(specsOf) : [design.spec], stage);
  const paired = stage.replicates?.paired ?? true;
  const powerAt = paired ? pairedTPower : unpairedTPower;
  const sizeFor = paired ? pairedTSampleSize : unpairedTSampleSize;
  return {
    ...{ paired, family, n, tasks, comparisons, alpha, target, overlap },
    power: powerAt(n, 1, alpha) ?? 0,
    effective: powerAt(n, 1, alpha, overlap) ?? 0,
    needed: sizeFor(1, target, alpha, overlap),
    detectable: detectableEffect((effect) => powerAt(n, effect, alpha, overlap), target),
  };
}

/**
 * Test rows over training rows where the replicates' splits vary: their training sets then overlap (Nadeau & Bengio 2003). Of specs
 * with splits of their own the largest, which no interval is too narrow with.
 */
export function testOverTrain(specs: readonly Spec[], { replicates }: Stage): number {
  const ratios = specs.map((spec) => {
    const { split } = spec.data;
    if (replicates === null || !splitVaries(spec, replicates) || !('train' in split)) return 0;
    return split.test / split.train;
  });
  return Math.max(0, ...ratios);
}

/** What an arm trains: one spec, or one a task. */
export const specsOf = ({ runs }: ComparedArm): readonly Spec[] => [
  ...new Set(runs.map(({ variant }) => variant.spec)),
];

/** The effect, in standard deviations, that has the power: power grows with the effect, so bisection finds it. */
function detectableEffect(powerAt: (effect: number) => number | null, target: number): number | null {
  if (powerAt(1) === null) return null;
  let [low, high] = [0, 1];
  while ((powerAt(high) ?? 1) < target) {
    high *= 2;
    if (high > 1e6) return null;
  }
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if ((powerAt(middle) ?? 0) < target) low = middle;
    else high = middle;
  }
  return high;
}
