import { choice, integer, number } from '../build.ts';
import { weightedGradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const excessMtl = strategy(
  'excess-mtl',
  {
    stepSize: number('Step of the weights.', '权重的步长。', { exclusiveMinimum: 0, fallback: 0.01 }),
    warmup: integer('Steps that only measure.', '仅测量的步数。', { minimum: 0, fallback: 0 }),
    convention: choice(
      ['paper', 'torchjd'],
      'The first step sets the baseline and weights sum to T, or it also updates and they sum to 1.',
      '首步只设基线且权重和为 T，或首步也更新且权重和为 1。',
      { fallback: 'paper' },
    ),
    ...weightedGradientKeys,
  },
  {
    title: { en: 'Excess risk (ExcessMTL)', zh: '超额风险 (ExcessMTL)' },
    text: { en: 'More weight where more can still be learned.', zh: '仍可学习更多的任务权重更大。' },
    formula: 'ln w ← ln w + η e / e(0), e = Σ g² / √(Σ_t g_t²)',
    source: 'He et al., ICML 2024',
    libraries: {
      en: 'First call: paper and LibMTL (default) only store the baseline; TorchJD (`convention: "torchjd"`) also updates, and its weights sum to 1 instead of T.',
      zh: '首次调用：论文与 LibMTL（默认）只记录基线；TorchJD（`convention: "torchjd"`）同时更新，且权重和为 1 而非 T。',
    },
    reads: 'entries',
    weights: 'initial',
    keepsVectors: true,
    when: ({ convention }) => ({ equalTasks: convention === 'torchjd' ? 'mean' : 'sum' }),
  },
);
