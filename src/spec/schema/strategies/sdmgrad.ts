import { integer, number } from '../build.ts';
import { positiveGradientKeys, preference } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const sdmgrad = strategy(
  'sdmgrad',
  {
    lambda: number('Pull towards the preference.', '向偏好靠拢的系数 λ。', { minimum: 0, fallback: 0.3 }),
    iterations: integer('Steps of the inner loop.', '内循环步数。', { minimum: 1, fallback: 20 }),
    learningRate: number('Step of the inner loop.', '内循环步长。', { exclusiveMinimum: 0, fallback: 10 }),
    momentum: number('Momentum of the inner loop.', '内循环动量。', {
      minimum: 0,
      exclusiveMaximum: 1,
      fallback: 0.5,
    }),
    preference,
    ...positiveGradientKeys,
  },
  {
    title: { en: 'SDMGrad', zh: 'SDMGrad' },
    text: { en: 'A direction near the preferred one, from three batches.', zh: '由三个批得到的、靠近偏好的方向。' },
    formula: 'min over w of ½ wᵀ J₁ J₂ᵀ w + λ w̃ᵀ J₁ J₂ᵀ w, d = J₃ᵀ (w + λ w̃) / (1 + λ)',
    source: 'Xiao, Ban & Ji, NeurIPS 2023',
    libraries: {
      en: 'Step of the inner loop: 10 in TorchJD (default), 5 in LibMTL, which applies the weights to the first batch and sums the heads’ gradients; here the third, as TorchJD’s examples.',
      zh: '内循环步长：TorchJD 10（默认），LibMTL 5；LibMTL 作用于第一批并对任务头梯度求和，此处同 TorchJD 示例取第三批。',
    },
    reads: 'three',
    weights: 'preference',
    equalTasks: 'mean',
  },
);
