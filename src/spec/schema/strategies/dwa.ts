import { number } from '../build.ts';
import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const dwa = strategy(
  'dwa',
  {
    temperature: number('T: large makes the weights equal.', 'T：越大权重越均匀。', {
      exclusiveMinimum: 0,
      fallback: 2,
    }),
    ...lossKeys,
  },
  {
    title: { en: 'Dynamic weight average', zh: '动态权重平均 (DWA)' },
    text: { en: 'More weight where the loss falls more slowly.', zh: '损失下降慢的任务权重更大。' },
    formula: 'w_i = K exp(r_i / T) / Σ exp(r_j / T), r = L(t−1) / L(t−2)',
    source: 'Liu, Johns & Davison, CVPR 2019',
    libraries: { en: 'Same formula in both.', zh: '两者公式相同。' },
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'sum',
    nonNegativeLosses: true,
    alsoCalled: ['dynamicweightaverage'],
  },
);
