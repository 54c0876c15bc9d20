/** One number a column of the target, or one a quantile of each. */
import { listed } from './common.ts';
import { outputsOf, type TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const regression: HeadRule<TaskOf<'regression'>> = {
  axes: 1,
  units: (task, { width }) => (width === null ? null : outputsOf(task, width)),
  target: listed,
};
