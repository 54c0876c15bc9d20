/**
 * `match: "time"`: how long a run must be to take as long as another one. Wall-clock times are of this machine and of what else
 * it did, so that they are measured within the experiment, by one run of each, and the lengths that follow from them are part
 * of the resolved specs: which runs there are depends on the text and on what these runs came to, as with tuning.
 */
import { text, type Text } from '../common/text.ts';
import type { Spec } from '../spec/index.ts';
import type { Outcome, PerTask } from './contract.ts';
import { batchesPerStep } from './single-task.ts';

interface Timed {
  readonly task: string | null;
  readonly outcome: Outcome | undefined;
}

export interface Lengths {
  /** Epochs, or steps where the spec counts them, by task; null where a run has no time. */
  readonly lengths: PerTask<number> | null;
  readonly remark: Text;
}

/**
 * The length of task t: E · s ÷ s_t, rounded, at least 1. E is the length of the spec as it stands, s its seconds an epoch and
 * s_t those of the task alone. Steps are counted in the batches that they read: E is then steps × batches a step.
 *
 * Early stopping may end either sooner; its planned length is what is matched.
 *
 * @param reference the run of the spec as it stands
 * @param own the runs of the single tasks
 */
export function lengthsOf(arm: string, spec: Spec, reference: Outcome | undefined, own: readonly Timed[]): Lengths {
  const { steps, epochs } = spec.training;
  const whole = steps === undefined ? (epochs ?? 0) : steps * batchesPerStep(spec);
  const joint = paceOf(reference);
  const paces = own.map(({ task, outcome }) => ({ task: task ?? '', pace: paceOf(outcome) }));
  if (joint === null || paces.some(({ pace }) => pace === null)) return { lengths: null, remark: without(arm) };
  const lengths = new Map(
    paces.map(({ task, pace }) => [task, Math.max(1, Math.round((whole * joint) / (pace ?? joint)))]),
  );
  const list = [...lengths].map(([task, length]) => `${task} ${length}`);
  const unit = steps === undefined ? text('epochs', '轮') : text('steps', '步');
  return {
    lengths,
    remark: text(
      `"${arm}" takes as long as the spec as it stands, by the pace of one run of each on this machine (while other runs went on): ${list.join(', ')} ${unit.en}.`,
      `“${arm}”的训练时长与当前描述文件相同，依据本机上各一次运行的速度（当时可能有其他运行）：${list.join('、')} ${unit.zh}。`,
    ),
  };
}

/** Seconds an epoch; null for a run without any. */
function paceOf(outcome: Outcome | undefined): number | null {
  if (outcome?.state !== 'done' || outcome.epochs === 0 || outcome.seconds <= 0) return null;
  return outcome.seconds / outcome.epochs;
}

const without = (arm: string): Text =>
  text(
    `"${arm}" cannot be given the time of the spec as it stands: a run that the pace is measured by failed.`,
    `无法使“${arm}”的训练时长与当前描述文件相同：用于测速的运行失败。`,
  );
