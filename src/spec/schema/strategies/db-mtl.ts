import { beta, gradientKeys, sigma } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const dbMtl = strategy(
  'db-mtl',
  { beta: beta(0.9), betaSigma: sigma(0), ...gradientKeys },
  {
    title: { en: 'Dual balancing (DB-MTL)', zh: '双重平衡 (DB-MTL)' },
    text: { en: 'Log losses and gradients of equal norm.', zh: '对数损失与等范数梯度。' },
    formula: 'b ← β b + (1 − β) ∇ln L, d = Σ (max ‖b‖ / ‖b_i‖) b_i',
    source: 'Lin et al., arXiv 2308.12029',
    libraries: {
      en: 'As LibMTL: the running gradient starts at zero without bias correction.',
      zh: '同 LibMTL：滑动梯度从零开始，无偏差修正。',
    },
    reads: 'entries',
    weights: 'multiply',
    equalTasks: 'sum',
    nonNegativeLosses: true,
    keepsVectors: true,
    weightless: true,
  },
);
