import { gamma, positiveGradientKeys, rho } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const modo = strategy(
  'modo',
  { gamma: gamma(0.001), rho: rho(0.1), ...positiveGradientKeys },
  {
    title: { en: 'MoDo', zh: 'MoDo' },
    text: { en: 'MGDA with three independent batches.', zh: '使用三个独立批的 MGDA。' },
    formula: 'λ ← Π(λ − γ (J₁ J₂ᵀ λ + ρ λ)), d = J₃ᵀ λ',
    source: 'Chen et al., NeurIPS 2023',
    libraries: {
      en: 'γ is 0.001 in LibMTL (default), 0.1 in TorchJD. LibMTL leaves the mean of three gradients in the heads; here they take the third.',
      zh: 'γ 在 LibMTL 为 0.001（默认），TorchJD 为 0.1。LibMTL 的任务头取三批平均；此处取第三批。',
    },
    reads: 'three',
    weights: 'initial',
    equalTasks: 'mean',
  },
);
