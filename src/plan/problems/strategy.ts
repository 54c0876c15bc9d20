/** Parameters of the strategy against tasks, weights and losses. */
import { hasNoWeights, ignoresWeights, infimumOf, needsNonNegativeLosses } from '../../spec/index.ts';
import { text } from '../../common/text.ts';
import type { StrategySpec } from '../../spec/index.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { listOf } from './quote.ts';

interface Level {
  readonly strategy: StrategySpec;
  readonly pointer: string;
}

/** The strategy, and what it wraps. */
function levels(strategy: StrategySpec, pointer = '/strategy'): readonly Level[] {
  const inner = 'of' in strategy ? levels(strategy.of, `${pointer}/of`) : [];
  return [{ strategy, pointer }, ...inner];
}

export function checkStrategy(context: Context): void {
  const all = levels(context.spec.strategy);
  for (const level of all) {
    checkLists(level, context);
    checkUnequal(level, context);
    checkLosses(level, context);
  }
  const wrapper = context.spec.strategy.name;
  for (const { strategy, pointer } of all.slice(1)) {
    if (!hasNoWeights(strategy)) continue;
    const { name } = strategy;
    context.report.error(
      'nothing-to-smooth',
      pointer,
      text(
        `"${wrapper}" smooths weights, and "${name}" makes its direction without any. Take "${name}" alone, or wrap another strategy.`,
        `“${wrapper}” 平滑的是权重，而 “${name}” 的方向不由权重组成。请单独使用 “${name}”，或包装其他策略。`,
      ),
      {
        fixes: [
          context.report.fix(
            text(`Take "${name}" alone`, `单独使用 “${name}”`),
            context.report.replaceValue('/strategy', JSON.stringify(name)),
          ),
        ],
      },
    );
  }
}

/** Lists with one number a task. */
function checkLists({ strategy, pointer }: Level, { spec, report }: Context): void {
  // `observe` lists names; every other list of a strategy has one number a task.
  for (const [key, list] of Object.entries(strategy)) {
    if (key === 'observe' || !Array.isArray(list) || list.length === spec.tasks.size) continue;
    report.error(
      'one-a-task',
      `${pointer}/${key}`,
      text(
        `"${key}" needs one number a task: ${String(spec.tasks.size)}, in the order of "tasks"; here stand ${String(list.length)}.`,
        `“${key}” 需为每个任务给出一个数：共 ${String(spec.tasks.size)} 个，按 “tasks” 的次序；此处有 ${String(list.length)} 个。`,
      ),
    );
  }
}

function checkUnequal({ strategy, pointer }: Level, { spec, report }: Context): void {
  const weights = [...spec.tasks.keys()].map((task) => spec.weights.get(task) ?? 1);
  if (!ignoresWeights(strategy) || weights.every((weight) => weight === weights[0])) return;
  const { name } = strategy;
  const equal = report.fix(
    text('Give all tasks the weight 1', '把所有任务的权重设为 1'),
    report.replaceValue(
      '/weights',
      JSON.stringify(Object.fromEntries([...spec.tasks.keys()].map((task) => [task, 1]))),
    ),
  );
  const prescale =
    'prescale' in strategy
      ? [
          report.fix(
            text('Multiply the losses by them first ("prescale")', '先把它们乘到损失上（“prescale”）'),
            prescaling(report, pointer, name),
          ),
        ]
      : [];
  report.error(
    'weights-without-meaning',
    '/weights',
    text(
      `Unequal weights mean nothing to "${name}". Make them equal${prescale.length > 0 ? ', or let "prescale" multiply the losses by them first' : ''}.`,
      `不等的权重对 “${name}” 没有意义。请使其相等${prescale.length > 0 ? '，或用 “prescale” 先乘到损失上' : ''}。`,
    ),
    { at: 'key', fixes: [...prescale, equal] },
  );
}

/** The edit that adds `prescale`, whether the strategy is written as a name or as an object. */
function prescaling(report: Context['report'], pointer: string, name: string): ReturnType<typeof report.replaceValue> {
  const keys = report.writtenKeys(pointer);
  if (keys === undefined || keys.length === 0)
    return report.replaceValue(pointer, JSON.stringify({ name, prescale: true }));
  return keys.includes('prescale')
    ? report.replaceValue(`${pointer}/prescale`, 'true')
    : report.setProperties(pointer, [['prescale', 'true']]);
}

function checkLosses({ strategy }: Level, { spec, report }: Context): void {
  if (!needsNonNegativeLosses(strategy)) return;
  const negative = [...spec.tasks].filter(([, task]) => {
    const loss = (task as { loss?: { type?: string } }).loss?.type ?? '';
    return !(infimumOf(task.type, loss) >= 0);
  });
  if (negative.length === 0) return;
  const { name } = strategy;
  const tasks = listOf(negative.map(([task]) => task));
  report.error(
    'negative-loss',
    pointerTo('tasks', negative[0]?.[0] ?? '', 'loss'),
    text(
      `"${name}" takes quotients or logarithms of losses, and those of ${tasks.en} may be negative. Take another loss there, or another strategy.`,
      `“${name}” 需要损失的比值或对数，而 ${tasks.zh} 的损失可能为负。请更换该损失或策略。`,
    ),
  );
}
