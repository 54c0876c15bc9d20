import { integer, number } from '../build.ts';
import { weightedGradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const nashMtl = strategy(
  'nash-mtl',
  {
    updateEvery: integer('Steps between two solutions.', '两次求解之间的步数。', { minimum: 1, fallback: 1 }),
    maxNorm: number('Largest norm; 0: none.', '最大范数；0 为不限。', { minimum: 0, fallback: 1 }),
    ...weightedGradientKeys,
  },
  {
    title: { en: 'Nash bargaining (Nash-MTL)', zh: '纳什谈判 (Nash-MTL)' },
    text: { en: 'The bargaining solution of the tasks.', zh: '各任务的谈判解。' },
    formula: 'G a = r ⊘ a',
    source: 'Navon et al., ICML 2022',
    libraries: {
      en: 'Both iterate a convex-concave procedure that can end away from the solution; here the equation is solved exactly. TorchJD clips the weights (as here), LibMTL the shared gradients alone. ‖Σ a g‖ = √T before clipping, so `maxNorm: 1` always clips.',
      zh: '两者的凸凹迭代可能停在解之外；此处精确求解方程。TorchJD 裁剪权重（此处相同），LibMTL 仅裁剪共享梯度。裁剪前 ‖Σ a g‖ = √T，故 `maxNorm: 1` 总会裁剪。',
    },
    reads: 'gram',
    weights: 'preference',
    alsoCalled: ['nash'],
  },
);
