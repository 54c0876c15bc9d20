import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const log = strategy('log', lossKeys, {
  title: { en: 'Scale-invariant', zh: '尺度不变' },
  text: { en: 'The sum of the log losses.', zh: '对数损失之和。' },
  formula: 'L = Σ w_i ln L_i',
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'multiplied',
  nonNegativeLosses: true,
});
