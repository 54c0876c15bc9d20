/** What the labels of the data allow: something to learn from, and monitors that can have a value. */
import { text, type Text } from '../../common/text.ts';
import { defaultMonitor, isCounted, plateauMonitor, scheduleMonitor } from '../../spec/index.ts';
import { hasNoValidation, lastIsKept, noRows, whyWithoutValue } from '../monitors.ts';
import { pointerTo } from '../pointers.ts';
import type { DataFacts } from '../plan.ts';
import type { Context } from './context.ts';

type Labels = NonNullable<DataFacts['labels']>;

export function checkLabels(context: Context): void {
  const { labels } = context.table.facts ?? {};
  if (labels !== undefined && checkTraining(context, labels)) return;
  checkMonitors(context, labels);
}

/** Whether there is nothing to learn from, which is then told. */
function checkTraining({ spec, report }: Context, labels: Labels): boolean {
  const tasks = [...spec.tasks.keys()];
  const learns = (task: string): boolean => (labels.get(task)?.train.weighted ?? 0) > 0;
  if (tasks.some((task) => learns(task) && isCounted(spec, task))) return false;
  const [only] = tasks;
  const pointer = tasks.length === 1 && only !== undefined ? pointerTo('tasks', only, 'target') : '/tasks';
  report.error('no-training-labels', pointer, nothingToLearn(tasks, learns, labels), { at: 'key' });
  return true;
}

function nothingToLearn(tasks: readonly string[], learns: (task: string) => boolean, labels: Labels): Text {
  const ignored = tasks.filter(learns);
  if (ignored.length > 0) {
    const names = ignored.map((task) => `“${task}”`);
    return text(
      `There is nothing to learn from: ${names.join(', ')} alone ${names.length === 1 ? 'has' : 'have'} labels in the training split, and the weight 0. Give another task labels, or this one a weight.`,
      `没有可学习的内容：训练集中只有${names.join('、')}有标签，而其权重为 0。请为其他任务提供标签，或给予其正的权重。`,
    );
  }
  if (tasks.some((task) => (labels.get(task)?.train.labeled ?? 0) > 0)) {
    return text(
      'There is nothing to learn from: all labels in the training split have the sample weight 0. Look at the columns that “sampleWeight” names.',
      '没有可学习的内容：训练集中所有标签的样本权重均为 0。请检查 “sampleWeight” 所指的列。',
    );
  }
  return text(
    'There is nothing to learn from: no task has a label in the training split. Look at “target”, “when”, data.missingTokens and data.split.',
    '没有可学习的内容：没有任务在训练集中有标签。请检查 “target”、“when”、data.missingTokens 与 data.split。',
  );
}

function checkMonitors(context: Context, labels: Labels | undefined): void {
  const { spec, report } = context;
  const { earlyStopping } = spec.training;
  const stops = defaultMonitor(spec);
  const why = whyWithoutValue(stops, spec, labels);
  // An empty split that is written is told by its own check.
  if (why !== undefined && earlyStopping !== undefined && !hasNoValidation(spec)) {
    const place = `/training/earlyStopping${earlyStopping.monitor === undefined ? '' : '/monitor'}`;
    withoutValue(context, place, stops, why, text('Early stopping', '早停'));
  }
  const drops = plateauMonitor(spec);
  const whyNot = drops === undefined ? undefined : whyWithoutValue(drops, spec, labels);
  if (drops !== undefined && whyNot !== undefined) {
    const place = `/training/schedule${scheduleMonitor(spec) === undefined ? '' : '/monitor'}`;
    withoutValue(context, place, drops, whyNot, text('The schedule “plateau”', '“plateau” 调度'));
  }
  if (why === undefined || why === noRows || earlyStopping !== undefined || spec.training.report.type !== 'best')
    return;
  report.warning('no-best', '/training/report', lastIsKept(stops, why), { at: 'key' });
}

/** Something waits for a number that will never come. */
function withoutValue({ report }: Context, pointer: string, monitor: string, why: Text, who: Text): void {
  const message = text(
    `${who.en} watches ${monitor}, which can never have a value: ${why.en}. Watch another number, or remove it.`,
    `${who.zh}监视 ${monitor}，而它永远不会有值：${why.zh}。请监视其他数值，或删除此项。`,
  );
  report.error('monitor-without-value', pointer, message, { at: 'key' });
}
