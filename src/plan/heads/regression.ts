/** One number a column of the target, or one a quantile of each. */
import { scaled } from '../layers/sizes.ts';
import { listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const regression: HeadRule<TaskOf<'regression'>> = {
  axes: 1,
  units: (task, { width }) => scaled(width, task.loss.type === 'quantile' ? task.loss.quantiles.length : 1),
  target: listed,
};
