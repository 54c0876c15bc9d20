/** The forest plot of a task: an arm a row, its difference to the baseline with both intervals. Pure. */
import type { Comparison, Delta } from '../../src/experiment/comparison/contract.ts';
import { axisOf, type Axis } from './axis.ts';
import { measureOf } from './rows.ts';
import type { ForestOrder } from './strings.ts';

export interface ForestRow {
  readonly arm: string;
  readonly delta: Delta;
}

/** Arms that are compared on this task. */
export function forestRows({ arms }: Comparison, task: string, order: ForestOrder): readonly ForestRow[] {
  const rows = arms.flatMap((arm): ForestRow[] => {
    const delta = measureOf(arm, task)?.delta ?? null;
    return delta === null ? [] : [{ arm: arm.id, delta }];
  });
  if (order === 'plan') return rows;
  // What has no difference comes last.
  return rows.sort((a, b) => (b.delta.mean ?? -Infinity) - (a.delta.mean ?? -Infinity));
}

/** One axis for all rows: it holds every interval, the margin on both sides, and 0. */
export function forestAxis(rows: readonly ForestRow[], margin: number | null, width: number): Axis {
  const values = rows.flatMap(({ delta }) => [
    ...(delta.mean === null ? [] : [delta.mean]),
    ...(delta.interval ?? []),
    ...(delta.familyInterval ?? []),
  ]);
  return axisOf([0, ...values, ...(margin === null ? [] : [-margin, margin])], 0, width);
}
