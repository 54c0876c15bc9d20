/** A risk (Cox), or a hazard for each interval of time. */
import { outputsOf, type TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const survival: HeadRule<TaskOf<'survival'>> = {
  axes: 1,
  units: (task) => outputsOf(task, task.bins ?? 10),
  target: ({ target: { time, event } }) => ({ time, event }),
};
