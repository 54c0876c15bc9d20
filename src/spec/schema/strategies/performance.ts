import { number } from '../build.ts';
import { inverse, lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const performance = strategy(
  'performance',
  {
    alpha: number('Speed of the running metric.', '滑动指标的速度。', {
      exclusiveMinimum: 0,
      maximum: 1,
      fallback: 0.1,
    }),
    gamma: number('Focus on the worse performing.', '对性能较差任务的聚焦。', { minimum: 0, fallback: 1 }),
    inverse,
    ...lossKeys,
  },
  {
    title: { en: 'By performance (DTP)', zh: '按任务性能 (DTP)' },
    text: { en: 'Heavier for the worse performing task.', zh: '性能越差的任务权重越大。' },
    formula: 'w = −(1 − κ̄)^γ ln κ̄',
    source: 'Guo et al., ECCV 2018',
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'multiplied',
    facts: ['constantLoss'],
    measuresPerformance: true,
    unobservable: {
      en: 'it reads metrics of the training batches, which are only measured for the strategy itself',
      zh: '它读取训练批的指标，仅当其本身为所用策略时才测量',
    },
  },
);
