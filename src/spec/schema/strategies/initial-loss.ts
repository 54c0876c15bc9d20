import { integer, optional } from '../build.ts';
import { inverse, lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const initialLoss = strategy(
  'initial-loss',
  {
    batches: optional(
      integer('Mean over the first batches instead of the best constant.', '改用最初若干批的平均，而非最佳常数。', {
        minimum: 1,
      }),
    ),
    inverse,
    ...lossKeys,
  },
  {
    title: { en: 'By initial loss', zh: '按初始损失' },
    text: { en: 'Brings the losses to one size.', zh: '使各损失大小相当。' },
    formula: 'w ∝ 1 / L⁰',
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'sum',
    nonNegativeLosses: true,
    facts: ['constantLoss'],
  },
);
