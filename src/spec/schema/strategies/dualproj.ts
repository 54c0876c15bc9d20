import { normEps, positiveGradientKeys, preference, regEps } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const dualproj = strategy(
  'dualproj',
  { normEps, regEps, preference, ...positiveGradientKeys },
  {
    title: { en: 'DualProj', zh: 'DualProj' },
    text: {
      en: 'Projects the mean gradient on the cone that harms none.',
      zh: '把平均梯度投影到不损害任何任务的锥上。',
    },
    formula: 'd = proj(Σ r_i g_i) on {d : g_j·d ≥ 0 for all j}',
    source: 'Lopez-Paz & Ranzato, NeurIPS 2017',
    libraries: { en: 'As TorchJD; the mean gradient is projected.', zh: '同 TorchJD；投影平均梯度。' },
    reads: 'gram',
    weights: 'preference',
    equalTasks: 'mean',
  },
);
