/**
 * Words for differences: one procedure for all of them (conventions 6.2). The paired t test, with the variance for overlapping
 * training sets, after spending and Holm over every primary measure of every arm other than the baseline; margins decide what
 * no difference means.
 */
import { text, type Text } from '../../common/text.ts';
import type { Measure } from '../contract.ts';
import { equivalence, nonInferiority } from '../statistics/margins.ts';
import { holm } from '../statistics/multiplicity.ts';
import { nadeauBengio, pairedT } from '../statistics/paired-t.ts';
import { momentsOf } from '../statistics/moments.ts';
import { pairedTSampleSize, upperLimitOfSd } from '../statistics/power.ts';
import { signFlip } from '../statistics/sign-flip.ts';
import { signedRank } from '../statistics/signed-rank.ts';
import type { MeanTest } from '../statistics/contract.ts';
import type { Delta, Verdict } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';
import { pairUp, type Pairs } from './pairs.ts';
import { lookAt, nominalAlpha, spentP, type Look } from './spending.ts';

/** One difference to be judged. */
export interface Trial {
  readonly arm: ContestArm;
  readonly baseline: ContestArm;
  readonly measure: Measure;
}

/** A trial with its test, before other tests are known. */
export interface Tested extends Trial {
  readonly pairs: Pairs;
  readonly look: Look;
  readonly test: MeanTest;
  /** `test.p` after spending: what goes into Holm's procedure. */
  readonly p: number | null;
}

/**
 * The test of one difference. Null p: failed runs count as the worst there is, which no t test knows; what has not ended may
 * turn out either way; and a first look that has not come shows nothing.
 */
export function testOf(contest: Contest, trial: Trial): Tested {
  const { arm, baseline, measure } = trial;
  const look = lookAt(contest, [arm, baseline], measure.task);
  const pairs = pairUp(arm, baseline, measure.task, { first: look.seeds, higherIsBetter: measure.higherIsBetter });
  const hidden = pairs.failed > 0 && contest.failed === 'worst';
  const test = nadeauBengio(hidden ? [] : pairs.differences, contest.overlap, contest.analysis.level);
  const decides = !look.early && pairs.missing === 0 && pairs.undefined === 0;
  return { ...trial, pairs, look, test, p: decides ? spentP(test.p, look) : null };
}

/**
 * p-values after the correction that the design asks for.
 *
 * @param laterTests tests that cannot be made yet, and count all the same
 */
export function adjusted({ analysis }: Contest, p: readonly (number | null)[], laterTests = 0): (number | null)[] {
  if (analysis.family === 'all') return [...p];
  return holm([...p, ...Array.from({ length: laterTests }, () => null)]).slice(0, p.length);
}

/** Deltas of all trials of one family, in their order. Trials of arms that were only explored are in no family. */
export function judge(contest: Contest, trials: readonly Trial[]): readonly Delta[] {
  const tested = trials.map((trial) => testOf(contest, trial));
  const inFamily = tested.filter(isConfirmed);
  const p = adjusted(
    contest,
    inFamily.map((one) => one.p),
    contest.laterTests,
  );
  const tests = Math.max(1, inFamily.length + contest.laterTests);
  return tested.map((one) => {
    const place = inFamily.indexOf(one);
    return deltaOf(contest, one, place < 0 ? null : (p[place] ?? null), tests);
  });
}

export const isConfirmed = ({ arm, baseline }: Trial): boolean => arm.confirmed && baseline.confirmed;

function deltaOf(contest: Contest, tested: Tested, adjustedP: number | null, tests: number): Delta {
  const { pairs, look, test, measure } = tested;
  const { level, family } = contest.analysis;
  const alpha = 1 - level;
  const hidden = pairs.failed > 0 && contest.failed === 'worst';
  const differences = pairs.differences;
  const plain = pairedT(hidden ? [] : differences, level);
  const nominal = nominalAlpha(family === 'all' ? alpha : alpha / tests, look);
  const wide = nadeauBengio(hidden ? [] : differences, contest.overlap, 1 - nominal);
  const flip = hidden ? null : signFlip(differences).p;
  const margins = hidden ? noMargins : marginsOf(contest, measure, differences);
  const { verdict, reason } = verdictOf(contest, tested, adjustedP, margins);
  return {
    n: differences.length,
    unpaired: pairs.unpaired,
    failed: pairs.failed,
    undefined: pairs.undefined,
    missing: pairs.missing,
    differences,
    mean: momentsOf(differences).mean,
    interval: test.interval,
    familyInterval: nominal > 0 ? wide.interval : null,
    p: plain.p,
    correctedP: test.p,
    adjustedP,
    signFlipP: flip,
    rankP: pairs.failed > 0 ? signedRank(pairs.ranked).p : null,
    disagreement: disagree(plain.p, flip, differences.length, alpha),
    ...{ verdict, reason },
    ...margins,
    moreSeeds: verdict === 'undecided' ? moreSeedsOf(contest, tested, tests) : null,
  };
}

/** With n differences no sign-flip p lies below 2¹⁻ⁿ: where that is above alpha, it contradicts nobody. */
function disagree(p: number | null, flip: number | null, n: number, alpha: number): boolean {
  return p !== null && flip !== null && 2 ** (1 - n) < alpha && p < alpha !== flip < alpha;
}

type Margins = Pick<Delta, 'equivalence' | 'nonInferiority'>;

const noMargins: Margins = { equivalence: null, nonInferiority: null };

export function marginsOf(
  { analysis: { level }, overlap }: Contest,
  { margin, higherIsBetter }: Measure,
  differences: readonly number[],
): Margins {
  if (margin === null) return noMargins;
  const { p, interval, equivalent } = equivalence(differences, margin, level, overlap);
  const one = nonInferiority(differences, margin, higherIsBetter, level, overlap);
  return {
    equivalence: { p, interval, equivalent },
    nonInferiority: { p: one.p, bound: one.bound, nonInferior: one.nonInferior },
  };
}

interface Judged {
  readonly verdict: Verdict;
  readonly reason: Text | null;
}

const undecided = (en: string, zh: string): Judged => ({ verdict: 'undecided', reason: text(en, zh) });

function verdictOf(
  contest: Contest,
  tested: Tested,
  adjustedP: number | null,
  { equivalence: same, nonInferiority: noWorse }: Margins,
): Judged {
  const { test, measure } = tested;
  if (!isConfirmed(tested)) {
    const reason = text('Only explored: values of the validation split.', '仅为探索：取自验证集的值。');
    return { verdict: 'not-confirmed', reason };
  }
  const obstacle = obstacleOf(contest, tested);
  if (obstacle !== null) return { verdict: 'undecided', reason: obstacle };
  const alpha = 1 - contest.analysis.level;
  const decided = adjustedP !== null && adjustedP < alpha && test.mean !== null;
  const better = (test.mean ?? 0) > 0 === measure.higherIsBetter;
  // Whoever leaves failures out praises what fails; that it hurts all the same may be said.
  if (tested.pairs.failed > 0) {
    const failed = failureText(tested.pairs);
    return { verdict: decided && !better ? 'hurts' : 'undecided', reason: failed };
  }
  if (decided) {
    const small = same?.equivalent === true ? text('The difference lies within the margin.', '差异在界值之内。') : null;
    return { verdict: better ? 'helps' : 'hurts', reason: small };
  }
  if (same?.equivalent === true) return { verdict: 'equivalent', reason: null };
  if (noWorse?.nonInferior === true) return { verdict: 'non-inferior', reason: null };
  if (measure.margin === null) {
    return undecided(
      `No difference could be shown; whether there is none cannot be said without a margin of "${measure.task}".`,
      `未能证明有差异；“${measure.task}”没有界值，因此也不能断言没有差异。`,
    );
  }
  return undecided(
    'The interval holds differences that matter and ones that do not.',
    '置信区间同时包含有意义和无意义的差异。',
  );
}

const failureText = ({ failed, seeds }: Pairs): Text =>
  text(`A run failed in ${failed} of ${seeds} pairs.`, `${seeds} 对中有 ${failed} 对存在失败的运行。`);

/** Why nothing at all can be decided; null where it can. */
export function obstacleOf({ failed }: Contest, { pairs, look, test, arm, baseline }: Tested): Text | null {
  const say = (en: string, zh: string): Text => text(en, zh);
  if (look.early) return say('The first declared look has not come yet.', '尚未到第一次声明的中期查看。');
  if (pairs.seeds === 0) {
    return say(
      `"${arm.id}" and "${baseline.id}" share no seed: nothing can be paired.`,
      `“${arm.id}”与“${baseline.id}”没有共同的种子，无法配对。`,
    );
  }
  if (pairs.missing > 0) {
    return say(
      `${pairs.missing} of ${pairs.seeds} pairs have not ended.`,
      `${pairs.seeds} 对中有 ${pairs.missing} 对尚未结束。`,
    );
  }
  if (pairs.failed > 0 && failed === 'worst') return failureText(pairs);
  if (pairs.undefined > 0) {
    return say(
      `The metric is undefined in ${pairs.undefined} of ${pairs.seeds} pairs.`,
      `${pairs.seeds} 对中有 ${pairs.undefined} 对指标无定义。`,
    );
  }
  if (test.reason === 'one-value') {
    return say('One seed: how much seeds differ is not known.', '只有一个种子：种子之间的差异未知。');
  }
  if (test.reason === 'no-spread') {
    return test.mean === 0
      ? say('All differences are 0: the seeds change nothing.', '所有差异都为 0：种子不改变结果。')
      : say('All differences are equal: without spread there is no test.', '所有差异都相等：没有离散就无法检验。');
  }
  return test.reason === null ? null : say('There is no difference to test.', '没有可检验的差异。');
}

/**
 * Seeds that would see a difference of the size of the margin, beyond those there are: with the wanted power at the first step of
 * Holm's procedure, the standard deviation by its 80 % upper limit (conventions 6.3 and 6.4). Never at the effect that was seen.
 */
function moreSeedsOf({ analysis, overlap }: Contest, { pairs, measure, look }: Tested, tests: number): number | null {
  const { n, sd } = momentsOf(pairs.differences);
  if (measure.margin === null || sd === null || sd === 0 || look.early || pairs.missing > 0) return null;
  const limit = upperLimitOfSd(sd, n);
  if (limit === null) return null;
  const alpha = (1 - analysis.level) / (analysis.family === 'all' ? 1 : tests);
  const needed = pairedTSampleSize(measure.margin / limit, analysis.power?.target ?? 0.8, alpha, overlap);
  return needed === null ? null : Math.max(0, needed - n);
}
