/** What people should know of targets of several columns that lack some of their numbers. */
import { text, type Text } from '../../common/text.ts';
import { rowsText, type Notes, type PreparedSplit } from '../contract.ts';
import { columnNames } from './gaps.ts';
import type { FittedTarget } from './index.ts';

/** Tells, for each task, how many rows of these splits lack some numbers of its target, and what becomes of them. */
export function tellGaps(targets: readonly FittedTarget[], splits: readonly PreparedSplit[], notes: Notes): void {
  for (const target of targets) {
    if (target.type === 'classification') continue;
    const gaps = splits.flatMap((split) => split.targets.get(target.name)?.gaps ?? []);
    const rows = gaps.reduce((sum, gap) => sum + gap.rows, 0);
    if (rows === 0) continue;
    const width = gaps[0]?.columns.length ?? 0;
    const missing = columnNames(target.columns, width).flatMap((name, column) => {
      const count = gaps.reduce((sum, { columns }) => sum + (columns[column] ?? 0), 0);
      return count > 0 ? [{ name, count }] : [];
    });
    notes.warn('target-gaps', gapsText(target, rows, missing), { task: target.name });
  }
}

/** Columns listed by name; the others are counted. */
const mostListed = 8;

interface Missing {
  readonly name: string;
  readonly count: number;
}

function gapsText({ name, type }: FittedTarget, rows: number, missing: readonly Missing[]): Text {
  const listed = missing.slice(0, mostListed).map((column) => `“${column.name}” ${column.count}`);
  const more = missing.length - listed.length;
  const en = [...listed, ...(more > 0 ? [`${more} more columns`] : [])].join(', ');
  const zh = [...listed, ...(more > 0 ? [`另有 ${more} 列`] : [])].join('、');
  if (type === 'box') {
    return text(
      `Task “${name}”: ${rowsText(rows, 'has', 'have')} a box that lacks some of its four numbers (missing: ${en}), which is no label.`,
      `任务“${name}”：${rows} 行的目标框缺少四个数中的一部分（缺失：${zh}），不作为标签。`,
    );
  }
  return text(
    `Task “${name}”: ${rowsText(rows, 'lacks', 'lack')} some columns of the target (missing: ${en}); the numbers that are there count, column by column.`,
    `任务“${name}”：${rows} 行缺少目标的部分列（缺失：${zh}）；已有的数值逐列计入。`,
  );
}
