import { number } from '../build.ts';
import { preference, reference, signedLossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const pbi = strategy(
  'pbi',
  {
    theta: number('Factor of the distance.', '距离项系数 θ。', { minimum: 0, fallback: 5 }),
    reference,
    preference,
    ...signedLossKeys,
  },
  {
    title: { en: 'Boundary intersection (PBI)', zh: '边界交叉 (PBI)' },
    text: { en: 'Along the preference and the distance from it.', zh: '沿偏好方向与偏离距离。' },
    formula: 'L = d₁ + θ d₂',
    source: 'Zhang & Li, IEEE TEC 2007',
    libraries: { en: 'As TorchJD; weights may be negative.', zh: '同 TorchJD；权重可能为负。' },
    reads: 'losses',
    weights: 'preference',
    equalTasks: (count) => Math.sqrt(count),
  },
);
