import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const sum = strategy('sum', lossKeys, {
  title: { en: 'Sum', zh: '求和' },
  text: { en: 'The sum of the losses.', zh: '损失之和。' },
  formula: 'L = Σ w_i L_i',
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'sum',
});
