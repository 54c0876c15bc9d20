/** What the metrics of a split have to say. */
import type { SplitName } from '../../plan/index.ts';
import type { DataFacts } from '../../plan/plan.ts';
import { text } from '../../common/text.ts';
import { partNames } from '../../samples/split.ts';
import type { PassResult } from '../state/totals.ts';
import { byCause, isUnlabeled } from '../tasks/metrics/warnings.ts';
import type { ToldWarning, Warn } from './warnings.ts';

/**
 * Tells what metrics have to say of a split. Once each: the counts in the words may differ from epoch to epoch. That a
 * task has no label there has been told with the data.
 *
 * @param labels of each task, counted
 * @param counted which labels the metrics are over: all, or those that weigh something
 */
export function warnOfMetrics(
  warn: Warn,
  labels: DataFacts['labels'],
  pass: PassResult,
  split: SplitName,
  counted: 'labeled' | 'weighted' = 'labeled',
): void {
  for (const { code, message, ...about } of metricWarnings(pass, split))
    if (labels?.get(about.task)?.[split][counted] !== 0) warn(code, message, about);
}

type SplitWarning = ToldWarning & { readonly task: string; readonly about: string };

/** All of it, beside that a task has no label: the data's own warnings have said that. */
export function metricWarnings({ results }: PassResult, split: SplitName): SplitWarning[] {
  return [...results].flatMap(([task, { warnings }]) =>
    byCause(warnings.filter((warning) => !isUnlabeled(warning))).map(({ code, metric, message }) => ({
      ...{ code, task },
      message: text(`${message.en} (${split} split)`, `${message.zh}（${partNames[split]}）`),
      about: `${metric} ${split}`,
    })),
  );
}
