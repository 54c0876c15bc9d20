import { normEps, positiveGradientKeys, preference, regEps } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const upgrad = strategy(
  'upgrad',
  { normEps, regEps, preference, ...positiveGradientKeys },
  {
    title: { en: 'UPGrad', zh: 'UPGrad' },
    text: { en: 'Projects each gradient on the cone that harms none.', zh: '把每个梯度投影到不损害任何任务的锥上。' },
    formula: 'd = Σ proj(r_i g_i) on {d : g_j·d ≥ 0 for all j}',
    source: 'Quinton & Rey, arXiv 2406.16232',
    libraries: {
      en: 'Same in both: G / trace G + 1e-4 I; a trace below 1e-4 counts as zero.',
      zh: '两者相同：G / tr G + 1e-4 I；迹小于 1e-4 视为零。',
    },
    reads: 'gram',
    weights: 'preference',
    equalTasks: 'mean',
    againstConflicts: { en: 'projects so that no task gets worse to first order', zh: '投影使一阶意义下没有任务变差' },
  },
);
