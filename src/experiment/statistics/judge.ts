/**
 * The heart of a comparison: from the values of every arm, task and seed to intervals, one procedure of tests, and verdicts in
 * words. Nothing is read, drawn or kept: the same input gives the same judgment.
 *
 * One procedure for the words. Each primary measure of each confirmed arm other than the baseline is one test: the paired t (with
 * Nadeau and Bengio's variance where splits vary; Welch's t for arms that have seeds of their own); its p is made good for the looks that were taken (the alpha at which O'Brien–
 * Fleming spending would just reject, `sequentialP`) and then for the family (Holm). The exact sign-flip test stands beside;
 * disagreement is said. Arms that were only explored are in no family, since they get no verdict.
 * Where runs failed, the tests by ranks take the place of the t, made good for overlapping training sets as well (`widen.ts`).
 */
import type { Text } from '../../common/text.ts';
import type {
  ArmRecord,
  Claim,
  Delta,
  JudgedCell,
  JudgeInput,
  Judgment,
  Measure,
  MeanTest,
  SeedRecord,
  Verdict,
} from './contract.ts';
import { obrienFleming, sequentialP } from './looks.ts';
import { equivalenceOf, nonInferiorityOf } from './margins.ts';
import { checkLevel, checkRatio, momentsOf } from './moments.ts';
import { holm, holmFirstStep, intersectionUnion } from './multiplicity.ts';
import type { Pairs } from './pairs.ts';
import { bySeed, pairUp } from './pairs.ts';
import { nadeauBengio, pairedT } from './paired-t.ts';
import { pairedTSampleSize, unpairedTSampleSize, upperLimitOfSd } from './power.ts';
import { signFlip } from './sign-flip.ts';
import { signedRank } from './signed-rank.ts';
import { rankSum, sidesOf, welch } from './unpaired.ts';
import { rankSumInflation, signedRankInflation, widened } from './widen.ts';
import * as words from './words.ts';

/** The power that a number of seeds is proposed for where nothing is said. */
const usualPower = 0.8;
/** So few seeds are a pilot. */
const pilotSeeds = 5;

/** A comparison with its test, before the family is known. */
interface Tested {
  readonly arm: ArmRecord;
  readonly measure: Measure;
  readonly pairs: Pairs;
  readonly t: MeanTest;
  /** The same test with the interval of another level. */
  readonly at: (level: number) => MeanTest;
  /** How the differences spread, estimated from so many values: of pairs, or pooled over both arms. */
  readonly spread: { readonly sd: number | null; readonly n: number };
  readonly test: 't' | 'rank';
  /** As it comes out of the test, and made good for training sets that overlap, which the t knows by itself. */
  readonly p: number | null;
  readonly corrected: number | null;
  /** The t test's without that; as the sign-flip test beside it. Null where nothing is paired. */
  readonly plain: number | null;
  /** Above 0 where the arm is better. */
  readonly goodness: number;
  readonly signFlipP: number | null;
  /** In the family: gets a verdict. */
  readonly counted: boolean;
  /** For the looks; null where the test cannot be made or a metric is undefined. */
  readonly sequential: number | null;
}

const ratioOf = ({ testOverTrain }: JudgeInput): number => testOverTrain ?? 0;
const atLooks = (p: number, { looks }: JudgeInput): number => (looks === null ? p : sequentialP(p, looks));

function valuesOf(arm: ArmRecord, task: string): SeedRecord[] {
  return bySeed(arm.values[task] ?? [], `Arm "${arm.arm}", task "${task}"`);
}

interface ByRanks {
  readonly balance: number | null;
  readonly p: number | null;
  /** How much more the statistic varies since training sets overlap. */
  readonly inflation: number;
}

/** What a test is made of, paired or not. */
function materialOf(
  input: JudgeInput,
  arm: ArmRecord,
  baseline: ArmRecord,
  { task, higherIsBetter }: Measure,
): Pick<Tested, 'pairs' | 'at' | 'spread'> & {
  readonly byRanks: () => ByRanks;
} {
  const [own, other] = [valuesOf(arm, task), valuesOf(baseline, task)];
  const ratio = ratioOf(input);
  if (input.paired === false) {
    const { arm: a, baseline: b, ranked, counts } = sidesOf(own, other, higherIsBetter);
    const at = (level: number): MeanTest => welch(a, b, ratio, level);
    const byRanks = (): ByRanks => ({ ...rankSum(...ranked), inflation: rankSumInflation(...ranked, ratio) });
    return { pairs: counts, at, spread: pooled(a, b), byRanks };
  }
  const pairs = pairUp(own, other, higherIsBetter);
  const at = (level: number): MeanTest => nadeauBengio(pairs.differences, ratio, level);
  const { ranked } = pairs;
  const byRanks = (): ByRanks => ({ ...signedRank(ranked), inflation: signedRankInflation(ranked, ratio) });
  return { pairs, at, spread: momentsOf(pairs.differences), byRanks };
}

/** √[((n_a − 1)s_a² + (n_b − 1)s_b²)/(n_a + n_b − 2)], as if from n_a + n_b − 1 values, which have as many degrees of freedom. */
function pooled(a: readonly number[], b: readonly number[]): Tested['spread'] {
  const [own, other] = [momentsOf(a), momentsOf(b)];
  const df = a.length + b.length - 2;
  if (own.sd === null || other.sd === null) return { sd: null, n: 0 };
  const squares = (a.length - 1) * own.sd ** 2 + (b.length - 1) * other.sd ** 2;
  return { sd: Math.sqrt(squares / df), n: df + 1 };
}

function testOne(input: JudgeInput, arm: ArmRecord, baseline: ArmRecord, measure: Measure): Tested {
  const sign = measure.higherIsBetter ? 1 : -1;
  const { pairs, at, spread, byRanks } = materialOf(input, arm, baseline, measure);
  const t = at(input.level);
  const byRank = input.failures === 'worst' && pairs.failedPairs > 0;
  const rank = byRank ? byRanks() : null;
  const p = rank === null ? t.p : rank.p;
  const corrected = rank === null || p === null ? p : widened(p, rank.inflation);
  const counted = arm.confirmed && measure.primary;
  const usable = counted && pairs.undefinedPairs === 0;
  return {
    ...{ arm, measure, pairs, t, at, spread, p, corrected, counted },
    plain: input.paired === false ? null : pairedT(pairs.differences).p,
    test: byRank ? 'rank' : 't',
    goodness: sign * ((rank === null ? t.mean : rank.balance) ?? 0),
    signFlipP: byRank || input.paired === false ? null : signFlip(pairs.differences).p,
    sequential: usable && corrected !== null ? atLooks(corrected, input) : null,
  };
}

/** The level that one comparison's interval needs for the family and the look; null where no result is extreme enough. */
function familyLevel(input: JudgeInput, tests: number): number | null {
  const alpha = 1 - input.level;
  const share = input.family === 'any' && tests > 0 ? holmFirstStep(alpha, tests) : alpha;
  const nominal = input.looks === null ? share : (obrienFleming(input.looks, share).nominalP.at(-1) ?? share);
  return nominal > 0 ? 1 - nominal : null;
}

/** Non-inferior and equivalent, each at 1 − level for one side, made good for the looks. */
function withinMargin(input: JudgeInput, { measure, t }: Tested): Verdict | null {
  if (measure.margin === null) return null;
  const alpha = 1 - input.level;
  const holds = (p: number | null): boolean => p !== null && atLooks(Math.min(1, 2 * p), input) / 2 < alpha;
  if (holds(equivalenceOf(t, measure.margin, input.level).p)) return 'equivalent';
  const bound = nonInferiorityOf(t, measure.margin, measure.higherIsBetter, input.level);
  return holds(bound.p) ? 'non-inferior' : null;
}

function verdictOf(input: JudgeInput, tested: Tested, adjustedP: number | null): Verdict {
  const { arm, measure, pairs, goodness } = tested;
  if (!arm.confirmed) return 'not-confirmed';
  if (!measure.primary || pairs.undefinedPairs > 0) return 'undecided';
  const failures = pairs.armFailures + pairs.baselineFailures > 0;
  if (adjustedP !== null && adjustedP <= 1 - input.level && goodness !== 0) {
    if (goodness < 0) return 'hurts';
    return failures ? 'undecided' : 'helps';
  }
  return failures ? 'undecided' : (withinMargin(input, tested) ?? 'undecided');
}

/** Seeds beyond those there, for the wanted power at the margin after Holm's first step; undefined where it cannot be said. */
function seedsMissing(input: JudgeInput, { measure, spread, t }: Tested, tests: number): number | null | undefined {
  const { n, sd } = spread;
  const limit = sd === null || sd === 0 ? null : upperLimitOfSd(sd, n);
  if (measure.margin === null || limit === null) return undefined;
  const alpha = input.family === 'any' ? holmFirstStep(1 - input.level, tests) : 1 - input.level;
  const sizeOf = input.paired === false ? unpairedTSampleSize : pairedTSampleSize;
  const total = sizeOf(measure.margin / limit, input.power ?? usualPower, alpha, ratioOf(input));
  return total === null ? null : Math.max(0, total - t.n);
}

function reasonsOf(input: JudgeInput, tested: Tested, verdict: Verdict, more: number | null | undefined): Text[] {
  const { arm, measure, pairs, t, test, plain, signFlipP } = tested;
  const alpha = 1 - input.level;
  const n = t.n;
  const paired = input.paired !== false;
  const reasons: Text[] = paired ? [] : [words.notPaired];
  if (!arm.confirmed) reasons.push(words.explored);
  if (!measure.primary) reasons.push(words.secondary);
  if (pairs.armFailures + pairs.baselineFailures > 0) {
    reasons.push(words.failed(pairs.armFailures, pairs.baselineFailures, input.failures, paired));
  }
  if (pairs.undefinedPairs > 0) reasons.push(words.undefinedMetric(pairs.undefinedPairs, paired));
  if (pairs.unpaired > 0) reasons.push(words.unpaired(pairs.unpaired));
  if (test === 't' && t.reason !== null) reasons.push(words.missingTest(t.reason, paired));
  if (test === 't' && plain !== null && signFlipP !== null && plain <= alpha !== signFlipP <= alpha) {
    reasons.push(words.disagreement(plain, signFlipP, Math.min(1, 2 / 2 ** n), alpha));
  }
  if (test === 'rank' && ratioOf(input) > 0) reasons.push(words.rankOverlap);
  if (n > 0 && n <= pilotSeeds) reasons.push(words.pilot(n));
  if (input.family === 'all' && tested.counted) reasons.push(words.allOrNothing);
  if (verdict === 'undecided' && tested.sequential !== null && more !== undefined) {
    reasons.push(words.seedsToDecide(more, input.looks !== null, { target: input.power ?? usualPower, paired }));
  }
  if (input.testOverTrain === null && !['undecided', 'not-confirmed'].includes(verdict)) reasons.push(words.splitHeld);
  return reasons;
}

function deltaOf(input: JudgeInput, tested: Tested, adjustedP: number | null, tests: number): Delta {
  const { pairs, t, test, p, corrected, signFlipP } = tested;
  const level = familyLevel(input, tests);
  const wide = tested.counted && level !== null ? tested.at(level).interval : null;
  const verdict = verdictOf(input, tested, adjustedP);
  // How many seeds it would take is dear to find, and nobody asks once it is decided.
  const asked = tested.counted && verdict === 'undecided' && input.planning !== false;
  const more = asked ? seedsMissing(input, tested, tests) : undefined;
  return {
    pairs: t.n,
    failedPairs: pairs.failedPairs,
    undefinedPairs: pairs.undefinedPairs,
    unpaired: pairs.unpaired,
    mean: t.mean,
    interval: test === 't' ? t.interval : null,
    familyInterval: test === 't' ? wide : null,
    ...{ p, corrected, test, adjustedP, signFlipP },
    moreSeeds: more ?? null,
    verdict,
    reasons: reasonsOf(input, tested, verdict, more),
  };
}

/** An arm's own values; with failed runs as the worst there is no interval. */
function cellOf(input: JudgeInput, arm: ArmRecord, { task }: Measure, delta: Delta | null): JudgedCell {
  const values = valuesOf(arm, task);
  const known = values.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const { mean, interval } = nadeauBengio(known, ratioOf(input), input.level);
  const withoutInterval = input.failures === 'worst' && values.some(({ value }) => value === 'failed');
  return { arm: arm.arm, task, values, mean, interval: withoutInterval ? null : interval, delta };
}

/** An arm helps on all: no measure points the other way, fails or is undefined, and the largest p decides. */
function claimsOf(input: JudgeInput, tested: readonly Tested[]): Claim[] {
  if (input.family === 'any') return [];
  const arms = [...new Set(tested.filter(({ counted }) => counted).map(({ arm }) => arm.arm))];
  const largest = arms.map((arm) => {
    const own = tested.filter((one) => one.counted && one.arm.arm === arm);
    const clean = own.every(({ pairs }) => pairs.armFailures + pairs.baselineFailures === 0);
    const p = intersectionUnion(
      own.map(({ sequential, goodness }) => (goodness > 0 || sequential === null ? sequential : 1)),
    );
    return { arm, p, clean };
  });
  const adjusted = holm(largest.map(({ p }) => p));
  return largest.map(({ arm, p, clean }, index) => {
    const adjustedP = adjusted[index] ?? null;
    return { arm, p, adjustedP, holds: clean && adjustedP !== null && adjustedP <= 1 - input.level };
  });
}

function check(input: JudgeInput): ArmRecord {
  checkLevel(input.level);
  checkRatio(ratioOf(input));
  const baseline = input.arms.find(({ arm }) => arm === input.baseline);
  if (baseline === undefined) throw new RangeError(`There is no arm "${input.baseline}" to compare with.`);
  for (const [what, names] of [
    ['arm', input.arms.map(({ arm }) => arm)],
    ['task', input.measures.map(({ task }) => task)],
  ] as const) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new RangeError(`The ${what} "${twice}" is there twice.`);
  }
  return baseline;
}

/**
 * Judges every arm on every task. Rules:
 * - Arms that are not paired (`paired: false`): Welch's t, and the exact rank-sum test where runs failed.
 * - A failed run on either side makes `helps`, `equivalent` and `non-inferior` impossible. With `failures: worst` the test is the
 *   exact signed-rank test with failed runs as the worst rank, and there is no t interval; with `exclude` the other pairs are
 *   tested. Either may end in `hurts`.
 * - An undefined metric in a pair blocks the verdict (`undecided`), and its place in the family stays taken.
 * - `helps` and `hurts`: the adjusted p is at most 1 − level. Otherwise, with a margin: `equivalent` by two one-sided tests,
 *   `non-inferior` by the one-sided bound, each at the level itself, as they are defined. Otherwise `undecided`.
 * - `moreSeeds`: the total for the wanted power at the margin, with the 80 % upper limit of the pairs' sd, at Holm's first step, less
 *   the pairs there are; without pairs, seeds of each arm, with the pooled sd of the arms.
 *
 * @throws RangeError for a baseline that is no arm, an arm, task or seed that is there twice, a value that is not finite, or a level,
 *   ratio, margin or look that is none
 */
export function judge(input: JudgeInput): Judgment {
  const baseline = check(input);
  const tested = input.arms
    .filter((arm) => arm !== baseline)
    .flatMap((arm) => input.measures.map((measure) => testOne(input, arm, baseline, measure)));
  const family = tested.filter(({ counted }) => counted);
  const sequential = family.map((one) => one.sequential);
  const adjusted = input.family === 'any' ? holm(sequential) : sequential;
  const deltaFor = (arm: ArmRecord, measure: Measure): Delta | null => {
    const one = tested.find((other) => other.arm === arm && other.measure === measure);
    if (one === undefined) return null;
    const place = family.indexOf(one);
    return deltaOf(input, one, place < 0 ? null : (adjusted[place] ?? null), family.length);
  };
  const cells = input.arms.flatMap((arm) =>
    input.measures.map((measure) => cellOf(input, arm, measure, deltaFor(arm, measure))),
  );
  return { level: input.level, tests: family.length, cells, claims: claimsOf(input, tested) };
}
