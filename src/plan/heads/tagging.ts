/** One number a class for each token. */
import { classCount, listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const tagging: HeadRule<TaskOf<'tagging'>> = {
  axes: 2,
  units: classCount,
  target: listed,
};
