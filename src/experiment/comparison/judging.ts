/**
 * Words for differences, by the one procedure that there is for them (`statistics/judge.ts`, conventions 14.2): what of a contest
 * goes into it, and what stands beside. What has not ended is in no test, and its place in the family stays taken.
 */
import { counted, type Text, text } from '../../common/text.ts';
import type { Measure } from '../contract.ts';
import type { ArmRecord, Claim, Delta as JudgedDelta, MeanTest, SeedRecord } from '../statistics/contract.ts';
import { judge } from '../statistics/judge.ts';
import { equivalenceOf, nonInferiorityOf } from '../statistics/margins.ts';
import { holm } from '../statistics/multiplicity.ts';
import { pairUp, type Pairs } from '../statistics/pairs.ts';
import { nadeauBengio, pairedT } from '../statistics/paired-t.ts';
import { sidesOf, welch } from '../statistics/unpaired.ts';
import type { Cell, Delta } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';
import { lookAt, oneSidedAt, type Look } from './spending.ts';

/** The power that more seeds are proposed for where the design says none. */
const usualPower = 0.8;

/** One difference to be judged. */
export interface Trial {
  readonly arm: ContestArm;
  readonly baseline: ContestArm;
  readonly measure: Measure;
}

/** A trial tested by itself, in no family. */
export interface Tested extends Trial {
  readonly look: Look;
  readonly pairs: Pairs;
  /** The difference of means, with the variance for overlapping training sets; and the p without it. */
  readonly test: MeanTest;
  readonly plain: number | null;
  /** Seeds that both have, and those of them that have not ended in both; runs of both where nothing is paired. */
  readonly seeds: number;
  readonly missing: number;
  /** Seeds that only one of the two has. */
  readonly unpaired: number;
  readonly judged: JudgedDelta;
  /** Made good for looks; null where it decides nothing. */
  readonly p: number | null;
}

export const isConfirmed = ({ arm, baseline }: Trial): boolean => arm.confirmed && baseline.confirmed;

/** Cells that the tests see, with their keys. */
function seen({ pairKeys, rows }: ContestArm, task: string, { seeds }: Look): readonly (readonly [string, Cell])[] {
  const entries = (rows.get(task) ?? []).map((cell, index) => [pairKeys[index] ?? '', cell] as const);
  return seeds === null ? entries : entries.slice(0, seeds);
}

const numberings = new WeakMap<Contest, ReadonlyMap<string, number>>();

/** Numbers for the keys that pair seeds. */
function numbering(contest: Contest): ReadonlyMap<string, number> {
  const known = numberings.get(contest);
  if (known !== undefined) return known;
  const keys = new Set(contest.arms.flatMap(({ pairKeys }) => pairKeys));
  const made = new Map([...keys].map((key, index) => [key, index]));
  numberings.set(contest, made);
  return made;
}

/** What has ended, as the statistics take it. */
function recordsOf(contest: Contest, arm: ContestArm, task: string, look: Look): readonly SeedRecord[] {
  const numbers = numbering(contest);
  return seen(arm, task, look).flatMap(([key, { state, value }]): SeedRecord[] => {
    if (state === 'missing' || state === 'pruned') return [];
    return [{ seed: numbers.get(key) ?? -1, value: state === 'failed' ? 'failed' : value }];
  });
}

/** Judges these arms on these tasks; `without` names what is in no test though it counts. */
function judged(
  contest: Contest,
  arms: readonly ContestArm[],
  measures: readonly Measure[],
  baseline: ContestArm,
  {
    laterArms = 0,
    without = () => false,
    planning = true,
  }: {
    readonly laterArms?: number;
    readonly without?: (arm: ContestArm, task: string) => boolean;
    readonly planning?: boolean;
  } = {},
): ReturnType<typeof judge> {
  const look = lookAt(contest);
  const { level, family } = contest.analysis;
  const records = arms.map((arm): ArmRecord => ({
    arm: arm.id,
    confirmed: arm.confirmed && baseline.confirmed,
    values: Object.fromEntries(
      measures.map(({ task }) => [task, without(arm, task) ? [] : recordsOf(contest, arm, task, look)]),
    ),
  }));
  // No arm can be called so.
  const later = Array.from({ length: laterArms }, (_, index): ArmRecord => ({
    ...{ arm: `\u0000${index}`, confirmed: true, values: {} },
  }));
  return judge({
    ...{ baseline: baseline.id, level, family, failures: contest.failed, looks: look.information },
    arms: [...records, ...later],
    measures: measures.map(({ task, higherIsBetter, margin }) => ({ task, higherIsBetter, margin, primary: true })),
    testOverTrain: contest.overlap === 0 ? null : contest.overlap,
    ...{ planning, paired: contest.paired, power: contest.analysis.power?.target ?? usualPower },
  });
}

/** The test of one difference by itself. */
export function testOf(contest: Contest, trial: Trial): Tested {
  const { arm, baseline, measure } = trial;
  const look = lookAt(contest);
  const { seeds, missing, unpaired } = presence(contest, trial, look);
  const { cells } = judged(contest, [baseline, arm], [measure], baseline, { planning: false });
  const delta = cells.find((one) => one.arm === arm.id)?.delta;
  if (delta === null || delta === undefined) throw new RangeError(`"${arm.id}" is compared with itself.`);
  const p = missing > 0 || look.early ? null : delta.adjustedP;
  return { ...trial, ...meansOf(contest, trial, look), ...{ look, missing, unpaired, seeds, judged: delta, p } };
}

/** What there is to be tested, ended or not. */
function presence(
  { paired }: Contest,
  { arm, baseline, measure: { task } }: Trial,
  look: Look,
): Pick<Tested, 'seeds' | 'missing' | 'unpaired'> {
  const [own, other] = [seen(arm, task, look), seen(baseline, task, look)];
  if (!paired) {
    const missing = [...own, ...other].filter(([, { state }]) => state === 'missing').length;
    return { seeds: own.length + other.length, missing, unpaired: 0 };
  }
  const partners = new Map(other);
  const shared = own.flatMap(([key, cell]) => {
    const partner = partners.get(key);
    return partner === undefined ? [] : [[cell.state, partner.state]];
  });
  const missing = shared.filter((states) => states.includes('missing')).length;
  return { seeds: shared.length, missing, unpaired: own.length + other.length - 2 * shared.length };
}

/** The test by itself: of the differences of pairs, or of two arms. */
function meansOf(
  contest: Contest,
  { arm, baseline, measure }: Trial,
  look: Look,
): Pick<Tested, 'pairs' | 'test' | 'plain'> {
  const { paired, overlap, analysis } = contest;
  const own = recordsOf(contest, arm, measure.task, look);
  const other = recordsOf(contest, baseline, measure.task, look);
  if (paired) {
    const pairs = pairUp(own, other, measure.higherIsBetter);
    const test = nadeauBengio(pairs.differences, overlap, analysis.level);
    return { pairs, test, plain: pairedT(pairs.differences, analysis.level).p };
  }
  const { arm: a, baseline: b, counts } = sidesOf(own, other, measure.higherIsBetter);
  return { pairs: counts, test: welch(a, b, overlap, analysis.level), plain: welch(a, b, 0, analysis.level).p };
}

/** p-values of a family after the correction that the design asks for. */
export function adjusted({ analysis }: Contest, p: readonly (number | null)[]): (number | null)[] {
  return analysis.family === 'all' ? [...p] : holm(p);
}

interface JudgedTrials {
  readonly deltas: readonly Delta[];
  readonly tests: number;
  readonly claims: readonly Claim[];
}

/**
 * Deltas of all arms beside the baseline, in the order of the trials; how many tests the family has; with `family: "all"` which arms
 * help on every task.
 */
export function judgeAll(contest: Contest, trials: readonly Trial[]): JudgedTrials {
  const baseline = contest.arms.find(({ id }) => id === contest.baseline);
  if (baseline === undefined) return { deltas: [], tests: 0, claims: [] };
  const tested = trials.map((trial) => testOf(contest, trial));
  const open = tested.filter(({ missing, look }) => missing > 0 || look.early);
  const { cells, tests, claims } = judged(contest, contest.arms, contest.measures, baseline, {
    laterArms: contest.laterArms,
    without: (arm, task) => open.some((one) => one.arm === arm && one.measure.task === task),
  });
  const deltas = tested.map((one) => {
    const cell = cells.find(({ arm, task }) => arm === one.arm.id && task === one.measure.task);
    return deltaOf(contest, one, cell?.delta ?? one.judged);
  });
  const known = claims.filter(({ arm }) => contest.arms.some(({ id }) => id === arm));
  return { deltas, tests, claims: known };
}

function deltaOf(contest: Contest, tested: Tested, family: JudgedDelta): Delta {
  const { pairs, judged: alone, missing, measure, test } = tested;
  const { level } = contest.analysis;
  const byT = alone.test === 't';
  const plain = byT ? tested.plain : null;
  const open = isConfirmed(tested) && openText(tested, contest.paired) !== null;
  const margins = byT ? marginsOf(contest, measure, test) : noMargins;
  const verdict = open ? 'undecided' : family.verdict;
  return {
    n: test.n,
    unpaired: tested.unpaired,
    failed: pairs.failedPairs,
    undefined: pairs.undefinedPairs,
    missing,
    differences: pairs.differences,
    mean: alone.mean,
    interval: alone.interval,
    familyInterval: open ? null : family.familyInterval,
    p: plain,
    correctedP: alone.corrected,
    adjustedP: open ? null : family.adjustedP,
    signFlipP: alone.signFlipP,
    rankP: byT ? null : alone.p,
    disagreement: disagree(plain, alone.signFlipP, test.n, 1 - level),
    verdict,
    reason: reasonOf(contest, tested, family, margins),
    ...margins,
    moreSeeds: open || verdict !== 'undecided' ? null : family.moreSeeds,
  };
}

/** With n differences no sign-flip p lies below 2¹⁻ⁿ: where that is above alpha, it contradicts nobody. */
function disagree(p: number | null, flip: number | null, n: number, alpha: number): boolean {
  return p !== null && flip !== null && 2 ** (1 - n) <= alpha && p <= alpha !== flip <= alpha;
}

type Margins = Pick<Delta, 'equivalence' | 'nonInferiority'>;

const noMargins: Margins = { equivalence: null, nonInferiority: null };

/**
 * Both tests against the margin, made good for the looks.
 *
 * @param test the difference of means; null where there is none
 */
export function marginsOf(contest: Contest, { margin, higherIsBetter }: Measure, test: MeanTest | null): Margins {
  if (margin === null) return noMargins;
  const { level } = contest.analysis;
  const look = lookAt(contest);
  const holds = (p: number | null): boolean => p !== null && p < 1 - level;
  const means = test ?? nadeauBengio([], 0, level);
  const both = equivalenceOf(means, margin, level);
  const one = nonInferiorityOf(means, margin, higherIsBetter, level);
  const [p, single] = [oneSidedAt(both.p, look), oneSidedAt(one.p, look)];
  return {
    equivalence: { p, interval: both.interval, equivalent: holds(p) },
    nonInferiority: { p: single, bound: one.bound, nonInferior: holds(single) },
  };
}

/** Sentences in a row; Chinese ones need no space between them. */
const inRow = (all: readonly Text[]): Text | null =>
  all.length === 0 ? null : text(all.map(({ en }) => en).join(' '), all.map(({ zh }) => zh).join(''));

function reasonOf(
  { paired }: Contest,
  tested: Tested,
  family: JudgedDelta,
  { equivalence: same }: Margins,
): Text | null {
  const { measure } = tested;
  const open = isConfirmed(tested) ? openText(tested, paired) : null;
  if (open !== null) return open;
  const { verdict, reasons } = family;
  const decided = verdict === 'helps' || verdict === 'hurts';
  const small = text('The difference lies within the margin.', '差异在界值之内。');
  const withoutMargin = text(
    `Whether there is no difference cannot be said without a margin of "${measure.task}".`,
    `“${measure.task}”没有界值，不能断言没有差异。`,
  );
  return inRow([
    ...reasons,
    ...(decided && same?.equivalent === true ? [small] : []),
    ...(verdict === 'undecided' && family.adjustedP !== null && measure.margin === null ? [withoutMargin] : []),
  ]);
}

/** Why there is nothing to decide yet; null where there is. */
function openText({ look, seeds, missing, arm, baseline }: Tested, paired: boolean): Text | null {
  if (look.early) return text('The first declared look has not come yet.', '尚未到第一次声明的中期查看。');
  if (seeds === 0) {
    return text(
      `"${arm.id}" and "${baseline.id}" share no seed: nothing can be paired.`,
      `“${arm.id}”与“${baseline.id}”没有共同的种子，无法配对。`,
    );
  }
  if (missing === 0) return null;
  if (!paired) {
    return text(
      `${missing} of ${counted(seeds, 'run')} ${missing === 1 ? 'has' : 'have'} not ended.`,
      `${seeds} 次运行中有 ${missing} 次尚未结束。`,
    );
  }
  return text(`${missing} of ${seeds} pairs have not ended.`, `${seeds} 对中有 ${missing} 对尚未结束。`);
}

/** Why nothing at all can be decided of a difference by itself; null where it can. */
export function obstacleOf({ paired }: Contest, tested: Tested): Text | null {
  const open = openText(tested, paired);
  if (open !== null) return open;
  const none = text('There is no difference to test.', '没有可检验的差异。');
  return tested.p === null ? (inRow(tested.judged.reasons) ?? none) : null;
}
