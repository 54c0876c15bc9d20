/** The section `weights`: names of tasks, and numbers that add up to something. */
import { text } from '../../common/text.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';
import { listOf } from './quote.ts';

export function checkWeights(context: Context): void {
  const { spec, report } = context;
  // The resolved spec has a weight for every task: only the text tells which are written.
  const written = new Set(report.writtenKeys('/weights') ?? spec.weights.keys());
  const meant = checkTaskNames(written, context);
  const missing = [...spec.tasks.keys()].filter((task) => !written.has(task) && !meant.has(task));
  if (written.size > 0 && missing.length > 0) {
    const names = listOf(missing);
    report.warning(
      'weight-missing',
      '/weights',
      text(
        `${names.en} ${missing.length === 1 ? 'has' : 'have'} no weight here and ${missing.length === 1 ? 'gets' : 'get'} 1, which may be far from the others.`,
        `${names.zh} 未在此给出权重，将取 1，可能与其他权重相差很大。`,
      ),
      {
        at: 'key',
        fixes: [
          report.fix(
            text(`Add ${names.en}`, `添加 ${names.zh}`),
            report.setProperties(
              '/weights',
              missing.map((task) => [task, '1'] as const),
            ),
          ),
        ],
      },
    );
  }
  const all = [...spec.tasks.keys()].map((task) => spec.weights.get(task) ?? 1);
  if (meant.size === 0 && all.length > 0 && all.every((weight) => weight === 0)) {
    report.error(
      'weights-all-zero',
      '/weights',
      text(
        'All weights are 0: nothing would be trained. Give at least one task a positive weight.',
        '所有权重均为 0：没有任何任务会被训练。请至少给一个任务正的权重。',
      ),
      {
        at: 'key',
        fixes: [
          report.fix(
            text('Set all to 1', '全部设为 1'),
            ...[...spec.tasks.keys()].map((task) => report.replaceValue(pointerTo('weights', task), '1')),
          ),
        ],
      },
    );
  }
}

/** Keys that are no tasks; gives the tasks that were probably meant. */
function checkTaskNames(written: ReadonlySet<string>, { spec, report }: Context): ReadonlySet<string> {
  const meant = new Set<string>();
  const tasks = [...spec.tasks.keys()];
  const free = tasks.filter((task) => !written.has(task));
  for (const key of spec.weights.keys()) {
    if (spec.tasks.has(key)) continue;
    const nearest = report.guesses.nearest(key, free.length > 0 ? free : tasks);
    if (nearest !== undefined) meant.add(nearest);
    const hint = hintFor(nearest, tasks);
    report.error(
      'unknown-task',
      pointerTo('weights', key),
      text(`There is no task "${key}". ${hint.en}`, `没有名为 “${key}” 的任务。${hint.zh}`),
      {
        at: 'key',
        fixes: [
          ...(nearest === undefined
            ? []
            : [
                report.fix(
                  text(`Change to "${nearest}"`, `改为 “${nearest}”`),
                  report.renameKey(pointerTo('weights', key), nearest),
                ),
              ]),
          report.fix(text(`Remove "${key}"`, `删除 “${key}”`), ...report.removeProperty(pointerTo('weights', key))),
        ],
      },
    );
  }
  return meant;
}
