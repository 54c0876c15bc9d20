/** Claims that were made before the runs, and what became of them. */
import { counted, type Text, text } from '../../common/text.ts';
import type { Measure } from '../contract.ts';
import type { Interval } from '../statistics/contract.ts';
import type { Delta, HypothesisResult } from './contract.ts';
import type { Contest } from './contest.ts';
import { shortNumber } from './numbers.ts';
import { adjusted, isConfirmed, marginsOf, obstacleOf, testOf, type Tested, type Trial } from './judging.ts';

type Hypothesis = Contest['hypotheses'][number];

/** A claim with its test; a sentence where it cannot be tested. */
interface Claim {
  readonly hypothesis: Hypothesis;
  readonly measure: Measure | undefined;
  readonly tested: Tested | null;
  readonly obstacle: Text | null;
  readonly margins: Pick<Delta, 'equivalence' | 'nonInferiority'>;
  /** Of the claim's own test. */
  readonly p: number | null;
}

/**
 * @param deltaOf the difference to the baseline of an arm on a task, with the family's p
 */
export function hypothesesOf(
  contest: Contest,
  deltaOf: (arm: string, task: string) => Delta | null,
): readonly HypothesisResult[] {
  const claims = contest.hypotheses.map((hypothesis) => claimOf(contest, hypothesis));
  // Claims about other pairs of arms are a family of their own.
  const others = claims.filter(({ hypothesis }) => hypothesis.arms[1] !== contest.baseline);
  const otherP = adjusted(
    contest,
    others.map(({ p }) => p),
  );
  return claims.map((claim) => {
    const { arms, claim: said, measure } = claim.hypothesis;
    const place = others.indexOf(claim);
    const inBaselineFamily = place < 0 && said === 'superior';
    const family = place >= 0 ? 'hypotheses' : inBaselineFamily ? 'baseline' : 'none';
    const adjustedP =
      place >= 0
        ? (otherP[place] ?? null)
        : inBaselineFamily
          ? (deltaOf(arms[0] ?? '', measure)?.adjustedP ?? null)
          : claim.p;
    return resultOf(contest, claim, family, adjustedP);
  });
}

function claimOf(contest: Contest, hypothesis: Hypothesis): Claim {
  const [first = '', second = ''] = hypothesis.arms;
  const arm = contest.arms.find(({ id }) => id === first);
  const baseline = contest.arms.find(({ id }) => id === second);
  const measure = contest.measures.find(({ task }) => task === hypothesis.measure);
  const none = { hypothesis, measure, tested: null, margins: { equivalence: null, nonInferiority: null }, p: null };
  const missing = arm === undefined ? first : baseline === undefined ? second : null;
  if (missing !== null || arm === undefined || baseline === undefined) {
    const name = missing ?? '';
    const obstacle = text(`The arm "${name}" is not known here (yet).`, `此处（尚）没有实验组“${name}”。`);
    return { ...none, obstacle };
  }
  const lacking = [arm, baseline].find(({ rows }) => !rows.has(hypothesis.measure));
  if (measure === undefined || lacking !== undefined) {
    const name = lacking?.id ?? '';
    const obstacle = text(
      `"${name}" does not have the task "${hypothesis.measure}".`,
      `“${name}”没有任务“${hypothesis.measure}”。`,
    );
    return { ...none, obstacle };
  }
  const trial: Trial = { arm, baseline, measure };
  const tested = testOf(contest, trial);
  const margins = marginsOf(contest, measure, tested.p === null ? null : tested.test);
  return {
    hypothesis,
    measure,
    tested,
    margins,
    obstacle: obstacleTo(contest, hypothesis, tested),
    p: ownP(hypothesis, tested, margins),
  };
}

function ownP({ claim }: Hypothesis, tested: Tested, { equivalence, nonInferiority }: Claim['margins']): number | null {
  if (claim === 'superior') return tested.p;
  return (claim === 'equivalent' ? equivalence?.p : nonInferiority?.p) ?? null;
}

function obstacleTo(contest: Contest, { claim, measure }: Hypothesis, tested: Tested): Text | null {
  if (!isConfirmed(tested)) return text('The arms were only explored.', '这些实验组仅被探索，未经确认。');
  const found = obstacleOf(contest, tested);
  if (found !== null || claim === 'superior') return found;
  // What is better or worse by rank has no size that a margin could be held against.
  if (tested.pairs.failedPairs > 0) return failedText(contest, tested);
  return tested.measure.margin === null ? text(`"${measure}" has no margin.`, `“${measure}”没有界值。`) : null;
}

const failedText = ({ paired }: Contest, { pairs: { failedPairs }, seeds }: Tested): Text =>
  paired
    ? text(
        `A run failed in ${failedPairs} of ${counted(seeds, 'pair')}.`,
        `${seeds} 对中有 ${failedPairs} 对存在失败的运行。`,
      )
    : text(`${failedPairs} of ${counted(seeds, 'run')} failed.`, `${seeds} 次运行中有 ${failedPairs} 次失败。`);

function resultOf(
  contest: Contest,
  claim: Claim,
  family: HypothesisResult['family'],
  adjustedP: number | null,
): HypothesisResult {
  const { hypothesis, measure, tested, obstacle, margins } = claim;
  const [first = '', second = ''] = hypothesis.arms;
  const common = {
    ...{ id: hypothesis.id, claim: hypothesis.claim, measure: hypothesis.measure, metric: measure?.metric ?? '' },
    arms: [first, second] as const,
    n: tested?.test.n ?? 0,
    mean: tested?.test.mean ?? null,
    interval: tested?.judged.interval ?? null,
    p: claim.p,
    ...{ adjustedP, family },
    bound: margins.nonInferiority?.bound ?? null,
    margin: measure?.margin ?? null,
  };
  if (obstacle !== null || tested === null || measure === undefined) {
    return { ...common, result: 'undecided', reason: obstacle ?? text('Nothing to test.', '没有可检验的内容。') };
  }
  const decided = adjustedP !== null && adjustedP <= 1 - contest.analysis.level;
  return { ...common, ...judged({ contest, hypothesis, tested, margins, measure, decided, adjustedP, family }) };
}

interface Judging {
  readonly contest: Contest;
  readonly hypothesis: Hypothesis;
  readonly measure: Measure;
  readonly tested: Tested;
  readonly margins: Claim['margins'];
  readonly decided: boolean;
  readonly adjustedP: number | null;
  readonly family: HypothesisResult['family'];
}

function judged(judging: Judging): Pick<HypothesisResult, 'result' | 'reason'> {
  const { contest, hypothesis, measure, tested, margins, decided, adjustedP, family } = judging;
  const mean = tested.judged.mean ?? 0;
  const p = adjustedP === null ? '–' : shortNumber(adjustedP);
  const numbers = text(
    `${contest.paired ? 'mean difference' : 'unpaired, difference of means'} ${shortNumber(mean)}, ${family === 'none' ? 'p' : 'adjusted p'} ${p}`,
    `${contest.paired ? '平均差' : '非配对，均值之差'} ${shortNumber(mean)}，${family === 'none' ? 'p' : '校正后 p'} ${p}`,
  );
  const say = (result: HypothesisResult['result'], en: string, zh: string) => ({
    result,
    reason: text(`${en}: ${numbers.en}.`, `${zh}：${numbers.zh}。`),
  });
  if (hypothesis.claim === 'superior') {
    // The test by itself has the direction, by ranks where runs failed; and never says that failures help.
    if (decided && tested.judged.verdict === 'helps') return say('supported', 'Better', '更好');
    if (decided && tested.judged.verdict === 'hurts') return say('refuted', 'Worse', '更差');
    if (tested.pairs.failedPairs > 0) return { result: 'undecided', reason: failedText(contest, tested) };
    return margins.equivalence?.equivalent === true
      ? say(
          'undecided',
          'No better could be shown, and any difference lies within the margin',
          '未能证明更好，且差异在界值之内',
        )
      : say('undecided', 'No difference could be shown', '未能证明有差异');
  }
  const beyond = beyondMargin(tested.judged.interval, measure, hypothesis.claim);
  if (hypothesis.claim === 'non-inferior') {
    if (decided) return say('supported', 'No worse than the margin allows', '未差过界值');
    return beyond
      ? say('refuted', 'Worse by more than the margin', '差于界值')
      : say('undecided', 'It may be worse by more than the margin', '可能差于界值');
  }
  if (decided) return say('supported', 'The difference lies within the margin', '差异在界值之内');
  return beyond
    ? say('refuted', 'The difference lies outside the margin', '差异在界值之外')
    : say('undecided', 'The difference may lie on either side of the margin', '差异可能在界值内，也可能在界值外');
}

/** The whole interval lies beyond the margin: on the worse side, or, for "equivalent", on either. */
function beyondMargin(
  interval: Interval | null,
  { margin, higherIsBetter }: Measure,
  claim: Hypothesis['claim'],
): boolean {
  if (interval === null || margin === null) return false;
  const [low, high] = interval;
  const [below, above] = [high < -margin, low > margin];
  return claim === 'equivalent' ? below || above : higherIsBetter ? below : above;
}
