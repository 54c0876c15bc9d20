import { gradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const imtlG = strategy(
  'imtl-g',
  { prescale, ...gradientKeys },
  {
    title: { en: 'IMTL-G', zh: 'IMTL-G' },
    text: { en: 'Equal projections on all gradients.', zh: '在各梯度上的投影相等。' },
    formula: 'd = Σ w_i g_i, d·g_i / ‖g_i‖ equal for all i, Σ w_i = 1',
    source: 'Liu et al., ICLR 2021',
    libraries: {
      en: 'Same direction in both for independent gradients; weights may be negative.',
      zh: '梯度独立时两者方向相同；权重可能为负。',
    },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'mean',
  },
);
