import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const staticWeights = strategy('static', lossKeys, {
  title: { en: 'Static weights', zh: '固定权重' },
  text: { en: 'The weights of the spec, from first step to last.', zh: '自始至终使用描述文件中的权重。' },
  formula: 'L = Σ w_i L_i',
  libraries: {
    en: 'TorchJD calls it Constant, LibMTL EW with weights 1.',
    zh: 'TorchJD 称 Constant；LibMTL 的 EW 为权重 1。',
  },
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'sum',
  alsoCalled: ['fixed', 'manual'],
});
