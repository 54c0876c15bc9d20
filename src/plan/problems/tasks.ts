/** Tasks and blocks one by one: keys that contradict each other or the data. */
import { text } from '../../common/text.ts';
import { canonicalLabel, guessesOf, type TaskSpec } from '../../spec/index.ts';
import { classCount, classNames } from '../heads/common.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';

export function checkTasks(context: Context): void {
  const { spec, report } = context;
  if (spec.tasks.size === 0) {
    report.error(
      'no-tasks',
      '/tasks',
      text(
        'There is no task to learn. Add one, e.g. "price": { "type": "regression", "target": "price", "input": "trunk" }.',
        '没有要学习的任务。请添加，例如 "price": { "type": "regression", "target": "price", "input": "trunk" }。',
      ),
      { at: 'key' },
    );
  }
  for (const [name, task] of spec.tasks) {
    checkClasses(name, task, context);
    checkClassWeights(name, task, context);
    checkStop(name, task, context);
  }
  checkFrozen(context);
}

function checkClasses(name: string, task: TaskSpec, context: Context): void {
  const count = classCount(task, { name, facts: context.table.facts });
  if (count === null) return;
  const pointer = pointerTo('tasks', name);
  if (count < 2) {
    context.report.error(
      'too-few-classes',
      `${pointer}/target`,
      text(
        `"${name}" has ${String(count)} ${count === 1 ? 'class' : 'classes'} in its training rows: there is nothing to tell apart. Check the column, "missingTokens" and the split.`,
        `“${name}” 的训练行中只有 ${String(count)} 个类别：无从区分。请检查该列、"missingTokens" 与数据划分。`,
      ),
    );
  }
  for (const [index, metric] of task.metrics.entries()) {
    const guesses = guessesOf(task.type, metric);
    if (guesses === undefined || guesses < count) continue;
    context.report.warning(
      'top-k-trivial',
      `${pointer}/metrics/${String(index)}`,
      text(
        `With ${String(count)} classes, the ${String(guesses)} most probable are all of them: ${metric.type} is always 1. Use a smaller "k".`,
        `只有 ${String(count)} 个类别，前 ${String(guesses)} 个就是全部：${metric.type} 恒为 1。请用更小的 "k"。`,
      ),
      {
        fixes: [
          ...(count > 2
            ? [
                context.report.fix(
                  text(`Set "k": ${String(count - 1)}`, `设置 "k": ${String(count - 1)}`),
                  context.report.replaceValue(`${pointer}/metrics/${String(index)}/k`, String(count - 1)),
                ),
              ]
            : []),
          context.report.fix(
            text('Remove the metric', '删除该指标'),
            task.metrics.length > 1 ? context.report.removeItem(`${pointer}/metrics/${String(index)}`) : undefined,
          ),
        ],
      },
    );
  }
}

/** Weights for classes that the task does not have: a map among the parameters of a loss is by class. */
function checkClassWeights(name: string, task: TaskSpec, { report, table }: Context): void {
  const classes = classNames(task, { name, facts: table.facts });
  if (classes === null) return;
  const known = new Set(classes.map(canonicalLabel));
  for (const [key, weights] of Object.entries<unknown>({ ...task.loss })) {
    if (!(weights instanceof Map)) continue;
    for (const label of weights.keys() as MapIterator<string>) {
      if (known.has(canonicalLabel(label))) continue;
      const place = pointerTo('tasks', name, 'loss', key, label);
      const nearest = report.guesses.nearest(label, classes);
      const hint = hintFor(nearest, classes);
      report.error(
        'unknown-class',
        place,
        text(`"${name}" has no class "${label}". ${hint.en}`, `“${name}” 没有类别 “${label}”。${hint.zh}`),
        {
          at: 'key',
          fixes:
            nearest === undefined
              ? []
              : [report.fix(text(`Change to "${nearest}"`, `改为 “${nearest}”`), report.renameKey(place, nearest))],
        },
      );
    }
  }
}

/** `stopGradient` without a prediction to cut would do nothing. */
function checkStop(name: string, task: TaskSpec, { report }: Context): void {
  if (!task.stopGradient || task.input.some((input) => input.startsWith('task:'))) return;
  report.error(
    'ignored-key',
    pointerTo('tasks', name, 'stopGradient'),
    text(
      `"stopGradient" cuts the gradient through "task:" inputs, and "${name}" reads none. Remove it.`,
      `"stopGradient" 用于切断经由 "task:" 输入的梯度，而 “${name}” 没有这样的输入。请删除它。`,
    ),
    {
      at: 'key',
      fixes: [
        report.fix(
          text('Remove "stopGradient"', '删除 "stopGradient"'),
          ...report.removeProperty(pointerTo('tasks', name, 'stopGradient')),
        ),
      ],
    },
  );
}

function checkFrozen({ spec, report }: Context): void {
  for (const [name, block] of spec.network) {
    if (
      block.trainable ||
      block.weightsFrom !== undefined ||
      [...block.layers, ...(block.stages ?? []).flat()].length === 0
    )
      continue;
    report.warning(
      'frozen-noise',
      pointerTo('network', name, 'trainable'),
      text(
        `"${name}" is frozen and has no "weightsFrom": it keeps its random initial weights. Name a finished run, or let it train.`,
        `“${name}” 被冻结且没有 "weightsFrom"：将一直使用随机初始权重。请指定已完成的运行，或允许训练。`,
      ),
      {
        fixes: [
          report.fix(
            text('Let it train', '允许训练'),
            report.replaceValue(pointerTo('network', name, 'trainable'), 'true'),
          ),
        ],
      },
    );
  }
}
