import { choice } from '../build.ts';
import { gradientKeys, preference } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const alignedMtl = strategy(
  'aligned-mtl',
  {
    scaleMode: choice(['min', 'median', 'rmse'], 'Which singular value sets the size.', '以哪个奇异值定尺度。', {
      fallback: 'min',
    }),
    convention: choice(
      ['mean', 'sum'],
      'Equal preferences give a mean (TorchJD) or a sum (the authors).',
      '偏好相等时取平均（TorchJD）或取和（作者）。',
      { fallback: 'mean' },
    ),
    preference,
    ...gradientKeys,
  },
  {
    title: { en: 'Aligned-MTL', zh: 'Aligned-MTL' },
    text: { en: 'Makes the singular values of the gradients equal.', zh: '使梯度矩阵的奇异值相等。' },
    formula: 'w = √σ² V Λ^{−½} Vᵀ r, G = V Λ Vᵀ',
    source: 'Senushkin et al., CVPR 2023',
    libraries: {
      en: 'TorchJD takes a mean (`convention: "mean"`, the default), the authors and LibMTL a sum.',
      zh: 'TorchJD 取平均（`convention: "mean"`，默认），作者与 LibMTL 取和。',
    },
    reads: 'gram',
    weights: 'preference',
    alsoCalled: ['aligned'],
    when: ({ convention }) => ({ equalTasks: convention }),
  },
);
