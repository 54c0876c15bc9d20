import { choice, integer, number, optional } from '../build.ts';
import { positiveGradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const mgda = strategy(
  'mgda',
  {
    gradientNormalization: choice(
      ['none', 'l2', 'loss', 'loss+'],
      'What the gradients are divided by.',
      '梯度的归一化方式。',
      { fallback: 'none' },
    ),
    apply: optional(
      choice(
        ['normalized', 'raw'],
        'The weights multiply the normalized gradients, or the gradients as they are.',
        '权重作用于归一化后的梯度，或作用于原始梯度。',
        { fallback: 'normalized', onlyWhen: { key: 'gradientNormalization', is: ['l2', 'loss', 'loss+'] } },
      ),
    ),
    solver: choice(
      ['exact', 'frank-wolfe'],
      'The exact solution (Wolfe), or the iteration of the libraries.',
      '精确解（Wolfe），或参考实现的迭代法。',
      { fallback: 'exact' },
    ),
    epsilon: optional(
      number('Stops when steps are smaller.', '步长更小时停止。', {
        minimum: 0,
        fallback: 1e-3,
        onlyWhen: { key: 'solver', is: ['frank-wolfe'] },
      }),
    ),
    maxIterations: optional(
      integer('Most iterations.', '最大迭代数。', {
        minimum: 1,
        fallback: 100,
        onlyWhen: { key: 'solver', is: ['frank-wolfe'] },
      }),
    ),
    prescale,
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Multiple gradient descent (MGDA)', zh: '多梯度下降 (MGDA)' },
    text: { en: 'The shortest vector between the gradients.', zh: '梯度凸包中最短的向量。' },
    formula: 'min ‖Σ w_i g_i‖², w ≥ 0, Σw = 1',
    source: 'Désidéri 2012; Sener & Koltun, NeurIPS 2018',
    libraries: {
      en: 'Both stop early: TorchJD’s Frank–Wolfe (ε 1e-3, 100 iterations) is 1e-3 to 1e-2 off, LibMTL up to 9e-2; here the problem is solved exactly (`solver: "frank-wolfe"` repeats TorchJD). LibMTL applies the weights to the normalized gradients, or on representations to the raw ones (`apply`).',
      zh: '两者都提前停止：TorchJD 的 Frank–Wolfe（ε 1e-3，100 次）偏差 1e-3–1e-2，LibMTL 可达 9e-2；此处精确求解（`solver: "frank-wolfe"` 复现 TorchJD）。LibMTL 把权重作用于归一化梯度，在表示上则作用于原始梯度（`apply`）。',
    },
    reads: 'gram',
    weights: 'none',
    when: ({ gradientNormalization }) => ({
      ...(gradientNormalization === 'none' && { equalTasks: 'mean' }),
      nonNegativeLosses: gradientNormalization === 'loss' || gradientNormalization === 'loss+',
    }),
  },
);
