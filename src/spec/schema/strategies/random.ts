import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const random = strategy('random', lossKeys, {
  title: { en: 'Random weights (RLW)', zh: '随机权重 (RLW)' },
  text: { en: 'New weights at every step.', zh: '每步随机取权重。' },
  formula: 'w = softmax(z), z ~ N(0, 1)',
  source: 'Lin et al., TMLR 2022',
  libraries: { en: 'Same formula in both.', zh: '两者公式相同。' },
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'mean',
  alsoCalled: ['rlw', 'randomlossweighting'],
});
