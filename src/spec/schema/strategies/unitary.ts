import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const unitary = strategy('unitary', lossKeys, {
  title: { en: 'Unitary scalarization', zh: '单位标量化' },
  text: { en: 'All weights 1; tune the regularization instead.', zh: '权重全为 1；改为调节正则化。' },
  formula: 'L = Σ w_i L_i',
  source: 'Kurin et al., NeurIPS 2022',
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'sum',
  alsoCalled: ['equalweighting', 'ew', 'uniform'],
});
