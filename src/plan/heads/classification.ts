/** One number a class. */
import { classCount, listed, oneColumn } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const classification: HeadRule<TaskOf<'classification'>> = {
  axes: 1,
  units: classCount,
  target: listed,
  wanted: oneColumn,
};
