/** One number a label: as many as the columns of the target, where nothing else tells. */
import { classCount, listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const multilabel: HeadRule<TaskOf<'multilabel'>> = {
  axes: 1,
  units: (task, context) => classCount(task, context) ?? context.width,
  target: listed,
};
