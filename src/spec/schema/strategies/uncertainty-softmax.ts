import { number } from '../build.ts';
import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const uncertaintySoftmax = strategy(
  'uncertainty-softmax',
  { temperature: number('τ.', 'τ。', { exclusiveMinimum: 0, fallback: 1 }), ...lossKeys },
  {
    title: { en: 'Soft optimal uncertainty (UW-SO)', zh: '软最优不确定性 (UW-SO)' },
    text: { en: 'A softmax over inverse losses.', zh: '对损失倒数取 softmax。' },
    formula: 'w = softmax(sg(1/L) / τ)',
    source: 'Kirchdorfer et al., arXiv 2408.07985',
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'mean',
    nonNegativeLosses: true,
  },
);
