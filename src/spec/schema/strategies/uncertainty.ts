import { number } from '../build.ts';
import { lossKeys, stateLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const uncertainty = strategy(
  'uncertainty',
  { init: number('Where s begins.', 's 的初值。', { fallback: 0 }), stateLearningRate, ...lossKeys },
  {
    title: { en: 'Uncertainty weighting', zh: '不确定性加权 (UW)' },
    text: { en: 'A learned log-variance for each task.', zh: '每个任务一个可学习的对数方差。' },
    formula: 'L = Σ L_i / (2 e^{s_i}) + s_i / 2',
    source: 'Kendall, Gal & Cipolla, CVPR 2018',
    libraries: {
      en: 'Same formula in both; s begins at 0 in TorchJD (the default), at −0.5 in LibMTL.',
      zh: '公式相同；s 初值 TorchJD 为 0（默认），LibMTL 为 −0.5。',
    },
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'multiplied',
    nonNegativeLosses: true,
    alsoCalled: ['uncertaintyweighting', 'uw', 'kendall', 'homoscedastic'],
  },
);
