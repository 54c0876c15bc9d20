import { lossKeys, preference } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const geometric = strategy(
  'geometric',
  { preference, ...lossKeys },
  {
    title: { en: 'Geometric mean (GLS)', zh: '几何平均 (GLS)' },
    text: { en: 'The geometric mean of the losses.', zh: '损失的几何平均。' },
    formula: 'L = ∏ L_i^{r_i}',
    source: 'Chennupati et al., CVPR Workshops 2019',
    libraries: {
      en: 'LibMTL returns l/(T ∏l) as weights; the effective ones, shown here, are (∏l)^(1/T)/(T l).',
      zh: 'LibMTL 返回 l/(T ∏l)；此处显示真正起作用的 (∏l)^(1/T)/(T l)。',
    },
    reads: 'losses',
    weights: 'preference',
    nonNegativeLosses: true,
    alsoCalled: ['gls', 'geometriclossstrategy'],
  },
);
