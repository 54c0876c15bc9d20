import { number } from '../build.ts';
import { lossKeys, stateLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const imtlL = strategy(
  'imtl-l',
  { init: number('Where s begins.', 's 的初值。', { fallback: 0 }), stateLearningRate, ...lossKeys },
  {
    title: { en: 'IMTL-L', zh: 'IMTL-L' },
    text: { en: 'Learned scales that make the losses equal.', zh: '学习使各损失相等的尺度。' },
    formula: 'L = Σ e^{s_i} L_i − s_i',
    source: 'Liu et al., ICLR 2021',
    libraries: { en: 'Same formula in both.', zh: '两者公式相同。' },
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'multiplied',
    nonNegativeLosses: true,
  },
);
