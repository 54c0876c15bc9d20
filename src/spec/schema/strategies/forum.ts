import { integer, number } from '../build.ts';
import { innerLearningRate, lossKeys, outerLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const forum = strategy(
  'forum',
  {
    outerLearningRate,
    innerLearningRate,
    innerSteps: integer('Inner steps.', '内层步数。', { minimum: 1, fallback: 5 }),
    phi: number('Weight of the constraint.', '约束权重 φ。', { exclusiveMinimum: 0, fallback: 0.1 }),
    ...lossKeys,
  },
  {
    title: { en: 'FORUM', zh: 'FORUM' },
    text: { en: 'First-order bilevel learning of the weights.', zh: '一阶双层权重学习。' },
    formula: 'min ‖Σ λ_t ∇F_t / ‖∇F_t‖ + ν ∇q‖² − ν φ ‖∇q‖², q(ξ, θ) = f(ξ, θ) − f(ξ, θ*(ξ))',
    source: 'Ye et al., ECAI 2024',
    libraries: {
      en: 'As LibMTL; its conic solver is replaced by an exact one.',
      zh: '同 LibMTL；以精确求解器代替其锥规划。',
    },
    reads: 'halves',
    weights: 'multiply',
    cost: {
      en: 'T + 1 + innerSteps backward passes on half batches, 2 for the update',
      zh: '半批上 T + 1 + innerSteps 次反向传播，更新再 2 次',
    },
  },
);
