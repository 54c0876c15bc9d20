import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const uncertaintyOptimal = strategy('uncertainty-optimal', lossKeys, {
  title: { en: 'Optimal uncertainty (UW-O)', zh: '最优不确定性 (UW-O)' },
  text: { en: 'The optimum of uncertainty weighting in closed form.', zh: '不确定性加权的闭式最优。' },
  formula: 'w_i = 1 / sg(L_i)',
  source: 'Kirchdorfer et al., arXiv 2408.07985',
  reads: 'losses',
  weights: 'multiply',
  equalTasks: 'multiplied',
  nonNegativeLosses: true,
});
