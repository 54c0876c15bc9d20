/** The spec against the real header: columns that are not there, targets of the wrong width, targets fed as inputs. */
import { text } from '../../common/text.ts';
import { type Selector, selectColumns } from '../columns.ts';
import { headRules, namedTargets, targetSelectors } from '../heads/table.ts';
import { columnMistake } from '../inputs/table.ts';
import { chooseColumns } from '../table-columns.ts';
import { formatShape } from '../layers/sizes.ts';
import { pointerTo } from '../pointers.ts';
import type { DataFacts, PlanInput, PlanTask } from '../plan.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';
import { listOf } from './quote.ts';

export function checkColumns(context: Context): void {
  checkLeakage(context);
  const { facts } = context.table;
  if (facts === undefined) return;
  for (const input of context.plan.inputs.values()) checkInput(input, facts, context);
  for (const task of context.plan.tasks.values()) checkTarget(task, facts, context);
  checkOthers(facts, context);
}

function checkInput(input: PlanInput, facts: DataFacts, context: Context): void {
  const from = input.pointer + pointerTo('from');
  const fine = checkSelectors(input.spec.from, from, facts, context);
  if (!fine) return;
  if (input.columns.length === 0) {
    context.report.error(
      'no-columns',
      from,
      text(`No column is left for input "${input.name}".`, `输入 “${input.name}” 没有可用的列。`),
    );
  }
  const mistake = columnMistake(input, facts);
  if (mistake !== undefined) context.report.error(mistake.code, from, mistake.message);
}

function checkTarget(task: PlanTask, facts: DataFacts, context: Context): void {
  const pointer = task.pointer + pointerTo('target');
  const named = namedTargets(task.spec);
  if (named !== undefined) {
    for (const [key, column] of named) checkColumn(column, pointer + pointerTo(key), facts, context);
    return;
  }
  const selectors = targetSelectors(task.spec);
  if (!checkSelectors(selectors, pointer, facts, context)) return;
  const { width } = chooseColumns(selectors, context.table, false);
  const { wanted } = headRules[task.spec.type];
  if (wanted === undefined || width === null || width === wanted.count) return;
  const columns = task.targetColumns.map((name) => {
    const shape = facts.columns.get(name)?.shape ?? [];
    return shape.length === 0 ? name : `${name} ${formatShape(shape)}`;
  });
  const listed = listOf(columns);
  context.report.error(
    'target-width',
    pointer,
    text(
      `A ${task.spec.type} task needs ${wanted.as.en}; ${listed.en} ${width === 1 ? 'is one' : `are ${String(width)}`}.`,
      `${task.spec.type} 任务需要${wanted.as.zh}；${listed.zh} 共 ${String(width)} 个。`,
    ),
  );
}

/** Columns that other keys name. */
function checkOthers(facts: DataFacts, context: Context): void {
  const { spec } = context;
  for (const [name, task] of spec.tasks) {
    const pointer = pointerTo('tasks', name);
    if (task.sampleWeight !== undefined) checkColumn(task.sampleWeight, `${pointer}/sampleWeight`, facts, context);
    if (task.when !== undefined) checkColumn(task.when.column, `${pointer}/when/column`, facts, context);
  }
  const { split, missingTokens } = spec.data;
  if ('column' in split) checkColumn(split.column, '/data/split/column', facts, context);
  if ('stratify' in split && typeof split.stratify === 'string') {
    checkColumn(split.stratify, '/data/split/stratify', facts, context);
  }
  if ('group' in split) checkColumn(split.group, '/data/split/group', facts, context);
  if ('time' in split) checkColumn(split.time, '/data/split/time', facts, context);
  if (missingTokens instanceof Map) {
    for (const column of missingTokens.keys()) {
      checkColumn(String(column), pointerTo('data', 'missingTokens', String(column)), facts, context, 'key');
    }
  }
}

function checkSelectors(selectors: readonly Selector[], pointer: string, facts: DataFacts, context: Context): boolean {
  const { unmatched } = selectColumns(selectors, [...facts.columns.keys()], context.table.targets);
  for (const index of unmatched) {
    const selector = selectors[index];
    const place = pointer + pointerTo(index);
    if (typeof selector === 'string') {
      checkColumn(selector, place, facts, context);
    } else if (selector !== undefined) {
      const pattern = 'match' in selector ? selector.match : selector.except.join(', ');
      const known = hintFor(undefined, [...facts.columns.keys()]);
      context.report.error(
        'pattern-matches-nothing',
        place,
        text(`No column fits "${pattern}". ${known.en}`, `没有列符合 “${pattern}”。${known.zh}`),
      );
    }
  }
  return unmatched.length === 0;
}

function checkColumn(
  column: string,
  pointer: string,
  facts: DataFacts,
  { report }: Context,
  at: 'key' | 'value' = 'value',
): void {
  if (facts.columns.has(column)) return;
  const known = [...facts.columns.keys()];
  const nearest = report.guesses.nearest(column, known);
  const hint = hintFor(nearest, known);
  report.error(
    'unknown-column',
    pointer,
    text(`The data have no column "${column}". ${hint.en}`, `数据中没有列 “${column}”。${hint.zh}`),
    {
      at,
      fixes:
        nearest === undefined
          ? []
          : [
              report.fix(
                text(`Change to "${nearest}"`, `改为 “${nearest}”`),
                at === 'key' ? report.renameKey(pointer, nearest) : report.replace(pointer, nearest),
              ),
            ],
    },
  );
}

/** A target among the inputs makes the task trivial. */
function checkLeakage({ plan, report }: Context): void {
  for (const input of plan.inputs.values()) {
    const columns = new Set(input.columns);
    for (const task of plan.tasks.values()) {
      const shared = task.targetColumns.filter((column) => columns.has(column));
      const [column] = shared;
      if (column === undefined || !reads(plan, task, input.name)) continue;
      const position = input.spec.from.indexOf(column);
      const pointer = input.pointer + (position < 0 ? pointerTo('from') : pointerTo('from', position));
      report.warning(
        'target-as-input',
        pointer,
        text(
          `"${column}" is the target of "${task.name}" and also one of its inputs: the task can read off the answer. Take it out of "from".`,
          `“${column}” 是 “${task.name}” 的目标，同时又是它的输入：模型可以直接读出答案。请从 "from" 中去掉。`,
        ),
        {
          fixes:
            position >= 0 && position === input.spec.from.lastIndexOf(column) && input.spec.from.length > 1
              ? [report.fix(text('Take it out', '去掉该列'), report.removeItem(pointer))]
              : [],
        },
      );
    }
  }
}

/** Does the input reach the task? */
function reads(plan: Context['plan'], task: PlanTask, input: string): boolean {
  const queue = [...task.sources];
  const seen = new Set<string>();
  for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
    if (source.kind === 'input' && source.name === input) return true;
    const key = `${source.kind}:${source.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (source.kind === 'block') queue.push(...(plan.blocks.get(source.name)?.sources ?? []));
    if (source.kind === 'task') queue.push(...(plan.tasks.get(source.name)?.sources ?? []));
  }
  return false;
}
