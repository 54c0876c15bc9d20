import { number } from '../build.ts';
import { inverse, lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const dataSize = strategy(
  'data-size',
  { power: number('p; below 1 softens.', 'p；小于 1 更平缓。', { minimum: 0, fallback: 1 }), inverse, ...lossKeys },
  {
    title: { en: 'By amount of data', zh: '按数据量' },
    text: { en: 'Heavier for the better supplied task.', zh: '数据越多的任务权重越大。' },
    formula: 'w ∝ n^p',
    source: 'Arivazhagan et al. 2019',
    reads: 'losses',
    weights: 'multiply',
    equalTasks: 'sum',
    facts: ['samples'],
  },
);
