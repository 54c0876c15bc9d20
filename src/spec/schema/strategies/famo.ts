import { list, number, optional } from '../build.ts';
import { lossKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const famo = strategy(
  'famo',
  {
    learningRate: number('Learning rate of the logits.', 'logit 的学习率。', {
      exclusiveMinimum: 0,
      fallback: 0.025,
    }),
    weightDecay: number('Decay of the logits.', 'logit 的衰减。', { minimum: 0, fallback: 0.001 }),
    minLosses: optional(
      list(number('Smallest loss.', '最小损失。'), 'One number a task.', '每个任务一个数。', {
        found: { en: 'zeros', zh: '全为 0' },
      }),
    ),
    ...lossKeys,
  },
  {
    title: { en: 'Fast adaptive optimization (FAMO)', zh: 'FAMO' },
    text: {
      en: 'Keeps the relative fall of all losses equal; a second forward pass on the same batch.',
      zh: '使各损失相对下降速度相等；同一批再做一次前向。',
    },
    formula: 'L = Σ z_i / c · ln(L_i − m_i), z = softmax(ξ), c = Σ z_i / (L_i − m_i)',
    source: 'Liu et al., NeurIPS 2023',
    libraries: {
      en: 'Same formula in both. The decay is Adam’s L2, not a decoupled one. The second pass reuses batch and dropout mask.',
      zh: '两者公式相同。衰减为 Adam 的 L2 而非解耦；第二次前向使用同一批与同一丢弃掩码。',
    },
    reads: 'losses',
    weights: 'initial',
    equalTasks: 'mean',
    cost: { en: '1 backward pass, and a second forward pass after the step', zh: '1 次反向传播，步后再做 1 次前向' },
    unobservable: { en: 'it needs a second forward pass after each step', zh: '它需要在每步之后再做一次前向' },
    when: ({ minLosses }) => ({ nonNegativeLosses: minLosses === undefined }),
  },
);
