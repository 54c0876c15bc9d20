import { boolean, number, optional } from '../build.ts';
import { gradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const config = strategy(
  'config',
  {
    momentum: boolean(
      'M-ConFIG: running gradients, of which one task a step is renewed.',
      'M-ConFIG：使用滑动梯度，每步只更新一个任务。',
      { fallback: false },
    ),
    beta1: optional(
      number('Of the running gradient.', '滑动梯度的 β₁。', {
        minimum: 0,
        exclusiveMaximum: 1,
        fallback: 0.9,
        onlyWhen: { key: 'momentum', is: [true] },
      }),
    ),
    beta2: optional(
      number('Of the running square.', '滑动平方的 β₂。', {
        minimum: 0,
        exclusiveMaximum: 1,
        fallback: 0.999,
        onlyWhen: { key: 'momentum', is: [true] },
      }),
    ),
    ...gradientKeys,
  },
  {
    title: { en: 'ConFIG', zh: 'ConFIG' },
    text: { en: 'A direction with the same cosine to all gradients.', zh: '与所有梯度夹角相同的方向。' },
    formula: 'd ∝ U⁺ r with the unit gradients U, ‖d‖ = Σ g_i·d̂',
    source: 'Liu, Chu & Thuerey, ICLR 2025',
    libraries: {
      en: 'As TorchJD and the authors. Multiplying all preferences by a constant changes nothing; weights may be negative.',
      zh: '同 TorchJD 与作者实现。偏好整体缩放无影响；权重可能为负。',
    },
    reads: 'gram',
    weights: 'preference',
    // M-ConFIG works on running gradients, entry by entry.
    when: ({ momentum }) =>
      momentum ? { reads: 'entries', keepsVectors: true, weightless: true, equalTasks: 'mean' } : { equalTasks: 'sum' },
  },
);
