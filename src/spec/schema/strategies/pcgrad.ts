import { choice } from '../build.ts';
import { positiveGradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const pcgrad = strategy(
  'pcgrad',
  {
    convention: choice(
      ['paper', 'libmtl'],
      'Whether the own gradient is skipped, or visited too.',
      '是否跳过自身梯度。',
      { fallback: 'paper' },
    ),
    prescale,
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Projected conflicts (PCGrad)', zh: '投影冲突梯度 (PCGrad)' },
    text: {
      en: 'Takes from each gradient what conflicts with another.',
      zh: '从每个梯度中去掉与其他梯度冲突的部分。',
    },
    formula: 'g_i ← g_i − (g_i·g_j / ‖g_j‖²) g_j where g_i·g_j < 0',
    source: 'Yu et al., NeurIPS 2020',
    libraries: {
      en: 'Sum of the corrected gradients in both. LibMTL also visits the own gradient and adds 1e-8 to ‖g‖² (`convention: "libmtl"`); paper and TorchJD (default) skip it.',
      zh: '两者都对修正后的梯度求和。LibMTL 还访问自身梯度并在 ‖g‖² 上加 1e-8(`convention: "libmtl"`)；论文与 TorchJD（默认）跳过。',
    },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'sum',
    againstConflicts: {
      en: 'takes from each gradient what conflicts with another',
      zh: '从每个梯度中去掉与其他梯度冲突的部分',
    },
    alsoCalled: ['gradientsurgery'],
  },
);
