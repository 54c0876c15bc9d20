import { number } from '../build.ts';
import { preference, signedLossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const cosmos = strategy(
  'cosmos',
  {
    lambda: number('Factor of the cosine.', '余弦项系数 λ。', { minimum: 0, fallback: 1 }),
    preference,
    ...signedLossKeys,
  },
  {
    title: { en: 'COSMOS', zh: 'COSMOS' },
    text: { en: 'Weighted sum and the angle to the preference.', zh: '加权和与偏好方向的夹角。' },
    formula: 'L = Σ r L − λ cos(r, L)',
    source: 'Ruchte & Grabocka, ICDM 2021',
    libraries: {
      en: 'As TorchJD. Without a network that reads the preference it is only a penalty on the angle; weights may be negative.',
      zh: '同 TorchJD。若网络不读取偏好，它只是夹角惩罚；权重可能为负。',
    },
    reads: 'losses',
    weights: 'preference',
    equalTasks: 'mean',
  },
);
