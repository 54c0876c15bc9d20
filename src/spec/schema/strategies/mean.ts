import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const mean = strategy('mean', lossKeys, {
  title: { en: 'Mean', zh: '平均' },
  text: { en: 'The mean of the losses.', zh: '损失的平均。' },
  formula: 'L = Σ w_i L_i / T',
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'mean',
});
