import { choice } from '../build.ts';
import { beta, gamma, gradientKeys, rho, sigma } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const moco = strategy(
  'moco',
  {
    beta: beta(0.5),
    betaSigma: sigma(0.5),
    gamma: gamma(0.1),
    gammaSigma: sigma(0.5),
    rho: rho(0),
    convention: choice(
      ['paper', 'libmtl'],
      'Projection on the simplex of the tracked gradients, or a softmax on rows of the length of their losses.',
      '跟踪梯度上的单纯形投影，或按损失缩放后取 softmax。',
      { fallback: 'paper' },
    ),
    ...gradientKeys,
  },
  {
    title: { en: 'MoCo', zh: 'MoCo' },
    text: { en: 'MGDA on running gradients.', zh: '在滑动梯度上的 MGDA。' },
    formula: 'y ← y − β_k (y − g), λ ← Π(λ − γ_k (Y Yᵀ + ρ I) λ), d = Yᵀ λ',
    source: 'Fernando et al., ICLR 2023',
    libraries: {
      en: 'LibMTL (`convention: "libmtl"`) takes a softmax instead of the projection on the simplex and brings each gradient to the size of its loss.',
      zh: 'LibMTL（`convention: "libmtl"`）以 softmax 代替单纯形投影，并把各梯度缩放到其损失的大小。',
    },
    reads: 'entries',
    weights: 'initial',
    equalTasks: 'mean',
    keepsVectors: true,
    weightless: true,
    when: ({ convention }) => ({ nonNegativeLosses: convention === 'libmtl' }),
  },
);
