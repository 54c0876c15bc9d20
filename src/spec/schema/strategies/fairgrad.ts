import { number } from '../build.ts';
import { weightedGradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const fairgrad = strategy(
  'fairgrad',
  {
    alpha: number('0 sum, 1 proportional, large max-min.', '0 求和，1 比例公平，大则最大最小。', {
      minimum: 0,
      fallback: 1,
    }),
    ...weightedGradientKeys,
  },
  {
    title: { en: 'FairGrad', zh: 'FairGrad' },
    text: { en: 'α-fair improvements.', zh: 'α 公平的改进。' },
    formula: '(G a)_i = (r_i / a_i)^{1/α}',
    source: 'Ban & Ji, ICML 2024',
    libraries: { en: 'Same equation in both; solved exactly here.', zh: '两者方程相同；此处精确求解。' },
    reads: 'gram',
    weights: 'preference',
  },
);
