import { number } from '../build.ts';
import { gradientKeys, prescale, stateLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const imtl = strategy(
  'imtl',
  {
    init: number('Where s of IMTL-L begins.', 'IMTL-L 的 s 初值。', { fallback: 0 }),
    stateLearningRate,
    prescale,
    ...gradientKeys,
  },
  {
    title: { en: 'IMTL', zh: 'IMTL' },
    text: { en: 'IMTL-L on losses, IMTL-G on gradients.', zh: '损失上用 IMTL-L，梯度上用 IMTL-G。' },
    formula: 'e^{s_i} L_i − s_i on losses, IMTL-G on the gradients e^{s_i} g_i',
    source: 'Liu et al., ICLR 2021',
    libraries: {
      en: 'As LibMTL; heads take the gradient of the scaled loss.',
      zh: '同 LibMTL；任务头使用缩放后损失的梯度。',
    },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'mean',
    nonNegativeLosses: true,
  },
);
