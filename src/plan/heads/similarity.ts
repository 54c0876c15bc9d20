/** A vector. */
import { listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const similarity: HeadRule<TaskOf<'similarity'>> = {
  axes: 1,
  units: ({ units }) => units,
  target: listed,
};
