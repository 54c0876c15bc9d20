/** Center and size of one box. */
import { text } from '../../common/text.ts';
import { listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const box: HeadRule<TaskOf<'box'>> = {
  axes: 1,
  units: () => 4,
  target: listed,
  wanted: {
    count: 4,
    as: text('four numbers, as four columns or one array N×4', '四个数（四列，或一个 N×4 的数组）'),
  },
};
