/** A contest → its comparison. Pure. */
import { counted, type Text, text } from '../../common/text.ts';
import type { Measure } from '../contract.ts';
import type { Claim } from '../statistics/contract.ts';
import { momentsOf } from '../statistics/moments.ts';
import { nadeauBengio } from '../statistics/paired-t.ts';
import { meanRanks, type RankedValue } from '../statistics/ranks.ts';
import type { ArmClaim, ArmMeasure, Comparison, ComparisonArm, Delta, LooksReport } from './contract.ts';
import { countOf, valuesOf, type Contest, type ContestArm } from './contest.ts';
import { correlationsOf } from './correlations.ts';
import { armDeltaM } from './delta-m.ts';
import { differencesOf } from './differences.ts';
import { factorsOf, levelText } from './factors.ts';
import { hypothesesOf } from './hypotheses.ts';
import { judgeAll, type Trial } from './judging.ts';
import { paretoOf } from './pareto.ts';
import { crossedText, varianceOf } from './variance.ts';

/** @param looks how often the test split has been looked at; null where nobody counts */
export function compare(contest: Contest, looks: LooksReport | null = null): Comparison {
  const trials = trialsOf(contest);
  const { deltas, tests, claims } = judgeAll(contest, trials);
  const deltaOf = (arm: string, task: string): Delta | null => {
    const place = trials.findIndex((trial) => trial.arm.id === arm && trial.measure.task === task);
    return deltas[place] ?? null;
  };
  const ranks = ranksOf(contest);
  const arms = contest.arms.map((arm, index) => armView(contest, arm, deltaOf, ranks[index] ?? null));
  const { analysis, name, question, measures, baseline } = contest;
  return {
    ...{ v: 1, kind: contest.kind, name, question, level: analysis.level, family: analysis.family },
    ...{ tests, paired: contest.paired },
    claims: claims.map((claim) => claimView(claim, measures, deltaOf)),
    ...{ overlap: contest.overlap, baseline, measures, arms },
    correlation: correlationsOf(contest),
    pareto: paretoOf(contest, arms),
    factors: factorsOf(contest),
    differences: differencesOf(contest.arms),
    ...{ variance: varianceOf(contest), crossed: crossedText(contest) },
    hypotheses: hypothesesOf(contest, deltaOf),
    failures: contest.failures,
    looks,
    deviations: contest.deviations,
    remarks: [...contest.remarks, ...pairingRemarks(trials, deltas)],
    provenance: contest.provenance,
    beside: contest.beside ?? null,
  };
}

/** Which tasks stand in the way of the claim that an arm is better on all of them. */
function claimView(
  { arm, p, adjustedP, holds }: Claim,
  measures: readonly Measure[],
  deltaOf: (arm: string, task: string) => Delta | null,
): ArmClaim {
  const open = measures.map(({ task }) => task).filter((task) => deltaOf(arm, task)?.verdict !== 'helps');
  const [list, zh] = [open.join(', '), open.join('、')];
  const reason =
    p === null
      ? text('Not every task can be tested (yet).', '（尚）不是每个任务都能检验。')
      : holds
        ? text('Better on every task.', '在每个任务上都更好。')
        : open.length > 0
          ? text(`Not shown to be better on ${list}.`, `未能证明在 ${zh} 上更好。`)
          : text(
              'Better on every task by itself, but not after the correction over the arms.',
              '各任务单独都更好，但在组间校正之后不成立。',
            );
  return { arm, p, adjustedP, holds, reason };
}

/** Every task of every arm other than the baseline that both have. */
function trialsOf({ arms, measures, baseline: id }: Contest): readonly Trial[] {
  const baseline = arms.find((arm) => arm.id === id);
  if (baseline === undefined) return [];
  return arms
    .filter((arm) => arm !== baseline)
    .flatMap((arm) =>
      measures
        .filter(({ task }) => arm.rows.has(task) && baseline.rows.has(task))
        .map((measure) => ({ arm, baseline, measure })),
    );
}

function pairingRemarks(trials: readonly Trial[], deltas: readonly Delta[]): readonly Text[] {
  const dropped = new Map<string, number>();
  for (const [index, { arm }] of trials.entries()) {
    const count = deltas[index]?.unpaired ?? 0;
    if (count > 0) dropped.set(arm.id, Math.max(count, dropped.get(arm.id) ?? 0));
  }
  return [...dropped].map(([arm, count]) =>
    text(
      `${counted(count, 'seed')} of "${arm}" or the baseline ${count === 1 ? 'has' : 'have'} no partner; the differences are without ${count === 1 ? 'it' : 'them'}.`,
      `“${arm}”与基线中有 ${count} 个种子无法配对，差异不含它们。`,
    ),
  );
}

function armView(
  contest: Contest,
  arm: ContestArm,
  deltaOf: (arm: string, task: string) => Delta | null,
  meanRank: number | null,
): ComparisonArm {
  const { measures } = contest;
  const cellsAt = (seed: number) => [...arm.rows.values()].map((cells) => cells[seed]?.state);
  const seedsWith = (state: 'failed' | 'missing'): number =>
    arm.seeds.filter((_, seed) => cellsAt(seed).includes(state)).length;
  return {
    ...{ id: arm.id, of: arm.of, stage: arm.stage, confirmed: arm.confirmed, tuned: arm.tuned },
    ...{ singleTask: arm.singleTask, split: arm.split, seeds: arm.seeds },
    point: [...arm.point].map(([factor, level]) => ({ factor, level: levelText(level) })),
    n: arm.seeds.length,
    failed: seedsWith('failed'),
    missing: seedsWith('missing'),
    measures: measures
      .filter(({ task }) => arm.rows.has(task))
      .map((measure) => measureView(contest, arm, measure, deltaOf(arm.id, measure.task))),
    deltaM: armDeltaM(contest, arm),
    ...{ meanRank, costs: arm.costs, parameters: arm.parameters, runs: arm.runs },
  };
}

function measureView(
  { analysis, baseline, arms, overlap, failed: rule }: Contest,
  arm: ContestArm,
  { task, metric }: Measure,
  delta: Delta | null,
): ArmMeasure {
  const cells = arm.rows.get(task) ?? [];
  const values = valuesOf(cells);
  const { mean, sd, reason } = momentsOf(values);
  // A run that failed is the worst there is, which no t interval knows.
  const hidden = rule === 'worst' && countOf(cells, 'failed') > 0;
  const other = arms.find(({ id }) => id === baseline);
  const lacks = other === undefined || other.rows.has(task) ? null : baselineLacks(baseline, task);
  return {
    ...{ task, metric, cells, n: values.length },
    failed: countOf(cells, 'failed'),
    undefined: countOf(cells, 'undefined'),
    missing: countOf(cells, 'missing'),
    ...{ mean, sd, delta },
    interval: hidden ? null : nadeauBengio(values, overlap, analysis.level).interval,
    reason: reason !== null ? momentsText(reason) : hidden ? failedText : lacks,
  };
}

const failedText = text('A run failed: there is no interval.', '有运行失败，没有区间。');

const baselineLacks = (baseline: string, task: string): Text =>
  text(`The baseline "${baseline}" does not have the task "${task}".`, `基线“${baseline}”没有任务“${task}”。`);

function momentsText(reason: NonNullable<ReturnType<typeof momentsOf>['reason']>): Text {
  switch (reason) {
    case 'no-values':
      return text('No run has a value.', '没有一次运行有值。');
    case 'one-value':
      return text('One value has no interval.', '只有一个值，没有区间。');
    case 'not-finite':
      return text('A value is no finite number.', '有的值不是有限数。');
    case 'no-spread':
      return text('All values are equal: there is no interval.', '所有值都相等，没有区间。');
  }
}

/** Mean ranks of confirmed arms over tasks and seeds that all of them have. */
function ranksOf({ arms, measures }: Contest): readonly (number | null)[] {
  const ranked = arms.filter(({ confirmed }) => confirmed);
  if (ranked.length < 2) return arms.map(() => null);
  const keys = ranked[0]?.pairKeys.filter((key) => ranked.every(({ pairKeys }) => pairKeys.includes(key))) ?? [];
  const blocks = measures.flatMap(({ task, higherIsBetter }) =>
    keys.flatMap((key) => {
      const cells = ranked.map(({ rows, pairKeys }) => rows.get(task)?.[pairKeys.indexOf(key)]);
      // What has not ended, and arms without the task, rank nowhere.
      if (cells.some((cell) => cell === undefined || cell.state === 'missing')) return [];
      const values = cells.map((cell): RankedValue => (cell?.state === 'failed' ? 'failed' : (cell?.value ?? null)));
      return [{ values, higherIsBetter }];
    }),
  );
  const { ranks } = meanRanks(blocks);
  return arms.map((arm) => ranks[ranked.indexOf(arm)] ?? null);
}
