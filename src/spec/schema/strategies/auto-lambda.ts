import { choice, number, optional } from '../build.ts';
import { lossKeys, outerLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const autoLambda = strategy(
  'auto-lambda',
  {
    outerLearningRate,
    innerLearningRate: optional(
      number('Learning rate of the inner step.', '内层步的学习率。', {
        exclusiveMinimum: 0,
        found: { en: 'that of the main optimizer', zh: '主优化器的学习率' },
      }),
    ),
    slopes: choice(
      ['finite-differences', 'exact'],
      'Inner products by two further forward passes (the authors), or by the gradients of every task.',
      '内积由两次额外前向得到（作者），或由每个任务的梯度得到。',
      { fallback: 'finite-differences' },
    ),
    ...lossKeys,
  },
  {
    title: { en: 'Auto-λ', zh: 'Auto-λ' },
    text: {
      en: 'Learns the weights by finite differences on held-out halves of the batches.',
      zh: '用批的另一半以有限差分学习权重。',
    },
    formula: 'ξ by ∂ Σ F_t(θ − η Σ softmax(ξ)_i ∇f_i) / ∂ξ',
    source: 'Liu et al., TMLR 2022',
    libraries: {
      en: 'Finite differences with .01/‖d‖, as LibMTL and the authors.',
      zh: '有限差分步长 .01/‖d‖，同 LibMTL 与作者实现。',
    },
    reads: 'halves',
    weights: 'multiply',
    equalTasks: 'mean',
    cost: {
      en: '3 backward and 2 forward passes; with `slopes: "exact"` T more backward passes instead of the forward passes',
      zh: '3 次反向与 2 次前向；`slopes: "exact"` 时以 T 次反向代替前向',
    },
  },
);
