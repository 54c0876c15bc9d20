/** One number a class; CORAL tells which of the thresholds between classes are passed. */
import { classCount, listed, oneColumn } from './common.ts';
import { outputsOf, type TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const ordinal: HeadRule<TaskOf<'ordinal'>> = {
  axes: 1,
  units: (task, context) => {
    const count = classCount(task, context);
    return count === null ? null : outputsOf(task, count);
  },
  target: listed,
  wanted: oneColumn,
};
