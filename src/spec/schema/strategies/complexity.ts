import { inverse, lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const complexity = strategy(
  'complexity',
  { inverse, ...lossKeys },
  {
    title: { en: 'By complexity', zh: '按任务复杂度' },
    text: { en: 'Heavier for the more complex task.', zh: '越复杂的任务权重越大。' },
    formula: 'w ∝ clip(L^lin / L⁰, .05, 1) / L⁰',
    source: 'Ho & Basu 2002; Lorena 2018',
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'sum',
    nonNegativeLosses: true,
    facts: ['constantLoss', 'linearLoss'],
  },
);
