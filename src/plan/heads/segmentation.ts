/** One number a class for each pixel. */
import { classCount, listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const segmentation: HeadRule<TaskOf<'segmentation'>> = {
  axes: 3,
  units: classCount,
  target: listed,
};
