/** Whether a monitor can have a value: what the objective ignores has none, and nor has an aggregate over nothing. */
import { text, type Text } from '../common/text.ts';
import { isCounted, readMonitor, type Spec } from '../spec/index.ts';
import type { DataFacts, LabelCount } from './plan.ts';

type Labels = NonNullable<DataFacts['labels']>;

/**
 * Why a monitor can never have a value, as the end of a sentence; undefined where it may have one.
 *
 * @param labels of all tasks; absent where the rows are not known
 */
export function whyWithoutValue(monitor: string, spec: Spec, labels: Labels | undefined): Text | undefined {
  const monitored = readMonitor(monitor);
  if (monitored === undefined) return undefined;
  if (hasNoValidation(spec)) return noRows;
  if (monitored.kind === 'loss' || monitored.kind === 'metric') {
    const { task, kind } = monitored;
    if (!isCounted(spec, task)) return ignored(task);
    return whyUnmeasured([task], labels, kind === 'metric' ? 'labeled' : 'weighted');
  }
  const tasks = [...spec.tasks.keys()].filter((task) => isCounted(spec, task));
  const unmeasured = whyUnmeasured(tasks, labels, 'weighted');
  if (unmeasured !== undefined || monitored.kind === 'total' || labels === undefined) return unmeasured;
  const known = tasks.some((task) => weighted(labels, task, 'train') && weighted(labels, task, 'validation'));
  return known ? undefined : noConstant;
}

const weighted = (labels: Labels, task: string, split: 'train' | 'validation'): boolean =>
  (labels.get(task)?.[split].weighted ?? 0) > 0;

/** The split is written so that nothing is left for validation. */
export function hasNoValidation({ data: { split, source } }: Spec): boolean {
  const given = source?.validation !== undefined || source?.test !== undefined;
  return !given && 'train' in split && split.validation === 0;
}

/** Why none of these tasks has a number on the validation split. */
function whyUnmeasured(
  tasks: readonly string[],
  labels: Labels | undefined,
  counted: 'labeled' | 'weighted',
): Text | undefined {
  if (labels === undefined) return undefined;
  const counts = tasks.flatMap((task): LabelCount[] => {
    const facts = labels.get(task);
    return facts ? [facts.validation] : [];
  });
  if (counts.some((count) => count[counted] > 0)) return undefined;
  if (counts.every(({ rows }) => rows === 0)) return noRows;
  return counts.some(({ labeled }) => labeled > 0) ? zeroWeights(tasks) : noLabels(tasks);
}

/** The data say so themselves, where nobody waits for a value. */
export const noRows: Text = text('the validation split has no rows', '验证集没有样本');

const noConstant = text(
  'no task has labels both in training and in validation, so no best constant prediction is known to compare with',
  '没有任务同时拥有训练标签和验证标签，因此没有可供比较的最佳常数预测',
);

function ignored(task: string): Text {
  return text(
    `“${task}” has the weight 0, so the objective ignores it and nothing is learned for it`,
    `“${task}”的权重为 0，目标函数忽略它，不会为它学习任何东西`,
  );
}

function noLabels([only, ...others]: readonly string[]): Text {
  if (only === undefined || others.length > 0)
    return text(
      'no task that the objective counts has a label in the validation split',
      '目标函数所计的任务在验证集中都没有标签',
    );
  return text(`“${only}” has no label in the validation split`, `“${only}”在验证集中没有标签`);
}

function zeroWeights([only, ...others]: readonly string[]): Text {
  if (only === undefined || others.length > 0)
    return text('all labels in the validation split have the sample weight 0', '验证集中所有标签的样本权重均为 0');
  return text(
    `all labels of “${only}” in the validation split have the sample weight 0`,
    `“${only}”在验证集中所有标签的样本权重均为 0`,
  );
}

/** What becomes of a run whose monitor has no value. */
export function lastIsKept(monitor: string, why: Text): Text {
  return text(
    `No epoch can be called the best: ${monitor} has no value here (${why.en}). The last epoch is kept.`,
    `无法判定最佳轮次：${monitor} 在此没有值（${why.zh}）。将保留最后一轮。`,
  );
}
