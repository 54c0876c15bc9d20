import { number } from '../build.ts';
import { positiveGradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const gradvac = strategy(
  'gradvac',
  {
    beta: number('Speed of the running cosine.', '滑动余弦的速度。', { minimum: 0, maximum: 1, fallback: 0.5 }),
    epsilon: number('Against division by 0.', '防止除以 0。', { minimum: 0, fallback: 1e-8 }),
    prescale,
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Gradient vaccine', zh: '梯度疫苗 (GradVac)' },
    text: { en: 'Pulls the cosines up to their running mean.', zh: '把余弦提升到其滑动平均。' },
    formula: 'g_i ← g_i + ‖g_i‖(φ̂√(1−φ²) − φ√(1−φ̂²)) / (‖g_j‖√(1−φ̂²)) g_j where φ < φ̂',
    source: 'Wang et al., ICLR 2021',
    libraries: {
      en: 'Same in both; LibMTL’s groups 1 and 2 are `per: "block"`. LibMTL’s returned weights are always ones.',
      zh: '两者相同；LibMTL 的分组 1、2 即 `per: "block"`。LibMTL 返回的权重恒为 1。',
    },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'sum',
  },
);
