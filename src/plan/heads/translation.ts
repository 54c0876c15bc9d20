/** A decoder of its own: how many numbers it gives is not known from the spec. */
import { listed } from './common.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { HeadRule } from './contract.ts';

export const translation: HeadRule<TaskOf<'translation'>> = {
  axes: 2,
  units: () => null,
  target: listed,
};
