/** Δm of arms against their single-task baselines, with the reason where there is none (conventions 14.1). */
import { counted, type Text, text } from '../../common/text.ts';
import { chanceOf } from '../../spec/index.ts';
import { deltaM, type DeltaM, type Refusal, type Scale } from '../statistics/delta-m.ts';
import type { ArmDeltaM } from './contract.ts';
import { countOf, type Contest, type ContestArm } from './contest.ts';

/** Single-task arms that Δm is counted from: the baseline where it is one, else the first. */
function singleTaskArm({ arms, baseline }: Contest): ContestArm | undefined {
  const single = arms.filter((arm) => arm.singleTask);
  return single.find(({ id }) => id === baseline) ?? single[0];
}

/** Null where there is no single-task arm, or the arm is one itself. */
export function armDeltaM(contest: Contest, arm: ContestArm): ArmDeltaM | null {
  const single = singleTaskArm(contest);
  if (single === undefined || arm.singleTask) return null;
  const none = { values: arm.seeds.map(() => null), mean: null, interval: null, skillPoints: [] };
  const { measures, analysis } = contest;
  const lacking = measures.find(({ task }) => !single.rows.has(task) || !arm.rows.has(task));
  if (lacking !== undefined) {
    const { task } = lacking;
    return { ...none, reason: text(`The task "${task}" has no single-task run.`, `任务“${task}”没有单任务运行。`) };
  }
  if (single.split !== arm.split) {
    const reason = text('The single-task runs were judged on another split.', '单任务运行取自另一数据划分。');
    return { ...none, reason };
  }
  const valuesOf = ({ rows }: ContestArm): Record<string, readonly (number | null)[]> =>
    byTask(contest, ({ task }) => (rows.get(task) ?? []).map(({ value }) => value));
  const result = deltaM({
    arm: valuesOf(arm),
    baseline: valuesOf(single),
    higherIsBetter: byTask(contest, (measure) => measure.higherIsBetter),
    scales: byTask(contest, ({ type, metric }): Scale => {
      const chance = chanceOf(type, metric);
      return chance === undefined ? 'ratio' : { chance };
    }),
    level: analysis.level,
  });
  const { values, mean, skillPoints } = result;
  const failed = [arm, single].some(({ rows }) => [...rows.values()].some((cells) => countOf(cells, 'failed') > 0));
  const interval = failed && contest.failed === 'worst' ? null : result.interval;
  return { ...{ values, mean, interval, skillPoints }, reason: reasonOf(contest, arm, single, result) };
}

/** Without a prototype: a task may be called `__proto__`. */
function byTask<T>({ measures }: Contest, of: (measure: Contest['measures'][number]) => T): Record<string, T> {
  return Object.assign(
    Object.create(null) as Record<string, T>,
    Object.fromEntries(measures.map((measure) => [measure.task, of(measure)])),
  );
}

function reasonOf({ measures }: Contest, arm: ContestArm, single: ContestArm, result: DeltaM): Text | null {
  if (result.refused !== null) return refusalText(result.refused);
  const failed = measures.reduce((total, { task }) => total + countOf(single.rows.get(task) ?? [], 'failed'), 0);
  if (result.undefinedSeeds > 0 || result.undefinedBaselines > 0) {
    const [seeds, runs] = [result.undefinedSeeds, result.undefinedBaselines];
    return text(
      `${seeds} of ${counted(arm.seeds.length, 'seed')} and ${counted(runs, 'single-task run')} (${failed} failed) have no value.`,
      `${arm.seeds.length} 个种子中有 ${seeds} 个、单任务运行中有 ${runs} 个（其中 ${failed} 个失败）没有值。`,
    );
  }
  return result.interval === null ? text('One seed has no interval.', '只有一个种子，没有区间。') : null;
}

function refusalText({ task, reason }: Refusal): Text {
  switch (reason) {
    case 'no-baseline':
      return text(`No single-task run of "${task}" has a value.`, `“${task}”的单任务运行都没有值。`);
    case 'one-baseline':
      return text(
        `"${task}" has one single-task run: how far it is from 0 is not known.`,
        `“${task}”只有一次单任务运行：无法得知其与 0 的距离。`,
      );
    case 'baseline-not-positive':
      return text(
        `The single-task mean of "${task}" is not above 0: there are no shares of it.`,
        `“${task}”的单任务均值不大于 0，无法以其为比例。`,
      );
    case 'baseline-near-zero':
      return text(
        `The interval of the single-task runs of "${task}" contains 0: a share of what may be nothing.`,
        `“${task}”单任务运行的置信区间包含 0，比例没有意义。`,
      );
  }
}
