import { number } from '../build.ts';
import { gradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const adatask = strategy(
  'adatask',
  {
    beta1: number('Of the running gradient.', '滑动梯度的 β₁。', { minimum: 0, exclusiveMaximum: 1, fallback: 0.9 }),
    beta2: number('Of the running square.', '滑动平方的 β₂。', { minimum: 0, exclusiveMaximum: 1, fallback: 0.999 }),
    epsilon: number('Against division by 0.', '防止除以 0。', { exclusiveMinimum: 0, fallback: 1e-8 }),
    scale: gradientKeys.scale,
    heads: gradientKeys.heads,
    observe: gradientKeys.observe,
  },
  {
    title: { en: 'AdaTask', zh: 'AdaTask' },
    text: { en: 'Adam moments of each task on shared parameters.', zh: '共享参数上每个任务各自的 Adam 矩。' },
    formula: 'Δθ = −η Σ w_i m̂_i / (√v̂_i + ε) with the moments m_i, v_i of task i',
    source: 'Yang et al., AAAI 2023',
    libraries: {
      en: 'In neither library. Its own Adam steps replace the optimizer on the shared parameters.',
      zh: '两者均无。共享参数以其自身的 Adam 步代替优化器。',
    },
    reads: 'entries',
    weights: 'multiply',
    equalTasks: 'sum',
    keepsVectors: true,
    weightless: true,
  },
);
