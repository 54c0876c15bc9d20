/** What people should know of targets of several columns that lack some of their numbers. */
import { text, type Text } from '../../common/text.ts';
import type { Notes, PreparedSplit } from '../contract.ts';
import { columnNames } from './gaps.ts';
import { targetRow, type FittedTarget } from './table.ts';

/** Tells, for each task, how many rows of these splits lack some numbers of its target, and what becomes of them. */
export function tellGaps(targets: readonly FittedTarget[], splits: readonly PreparedSplit[], notes: Notes): void {
  for (const target of targets) {
    const row = targetRow(target);
    const gaps = splits.flatMap((split) => split.targets.get(target.name)?.gaps ?? []);
    const rows = gaps.reduce((sum, gap) => sum + gap.rows, 0);
    if (rows === 0 || row.gaps === undefined) continue;
    const width = gaps[0]?.columns.length ?? 0;
    const missing = columnNames(row.columns(target), width).flatMap((name, column) => {
      const count = gaps.reduce((sum, { columns }) => sum + (columns[column] ?? 0), 0);
      return count > 0 ? [{ name, count }] : [];
    });
    notes.warn('target-gaps', row.gaps(target, rows, listed(missing)), { task: target.name });
  }
}

/** Columns listed by name; the others are counted. */
const mostListed = 8;

interface Missing {
  readonly name: string;
  readonly count: number;
}

function listed(missing: readonly Missing[]): Text {
  const named = missing.slice(0, mostListed).map((column) => `“${column.name}” ${column.count}`);
  const more = missing.length - named.length;
  return text(
    [...named, ...(more > 0 ? [`${more} more columns`] : [])].join(', '),
    [...named, ...(more > 0 ? [`另有 ${more} 列`] : [])].join('、'),
  );
}
