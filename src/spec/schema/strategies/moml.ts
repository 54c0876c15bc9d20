import { innerLearningRate, lossKeys, outerLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const moml = strategy(
  'moml',
  { outerLearningRate, innerLearningRate, ...lossKeys },
  {
    title: { en: 'MOML', zh: 'MOML' },
    text: {
      en: 'Learns the weights by MGDA on held-out halves of the batches.',
      zh: '用批的另一半以 MGDA 学习权重。',
    },
    formula: 'ξ by the shortest combination of ∂F_t(θ − η Σ softmax(ξ)_i ∇f_i) / ∂ξ',
    source: 'Ye et al., NeurIPS 2021',
    libraries: {
      en: 'As LibMTL, whose shortest vector is inexact; here it is exact. LibMTL ignores inner steps beyond the first.',
      zh: '同 LibMTL，但其最短向量不精确，此处精确。LibMTL 仅支持一个内层步。',
    },
    reads: 'halves',
    weights: 'multiply',
    equalTasks: 'mean',
    cost: { en: 'T backward passes on each half, 1 for the update', zh: '两半各 T 次反向传播，更新再 1 次' },
  },
);
