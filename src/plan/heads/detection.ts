/** A heat map a class, two offsets and two sizes for each cell (CenterNet). */
import { classCount, listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const detection: HeadRule<TaskOf<'detection'>> = {
  axes: 3,
  units: (task, context) => {
    const count = classCount(task, context);
    return count === null ? null : count + 4;
  },
  target: listed,
};
