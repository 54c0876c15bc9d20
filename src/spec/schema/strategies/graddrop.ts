import { choice, list, number, optional } from '../build.ts';
import { gradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const graddrop = strategy(
  'graddrop',
  {
    leak: optional(
      list(
        number('Share of the gradient that is never dropped.', '不被丢弃的梯度比例。', { minimum: 0, maximum: 1 }),
        'One number a task.',
        '每个任务一个数。',
        { found: { en: 'zeros', zh: '全为 0' } },
      ),
    ),
    keep: choice(
      ['identity', 'smoothstep'],
      'f of the chance to keep a sign: p, or p²(3 − 2p).',
      '保留符号的概率函数 f:p 或 p²(3 − 2p)。',
      { fallback: 'identity' },
    ),
    prescale,
    ...gradientKeys,
  },
  {
    title: { en: 'Gradient sign dropout', zh: '梯度符号丢弃 (GradDrop)' },
    text: { en: 'Where signs conflict, one sign is drawn.', zh: '符号冲突处随机保留一种符号。' },
    formula: 'P = ½ (1 + Σ g / Σ |g|); positive entries stay where P > U, negative ones where P < U',
    source: 'Chen et al., NeurIPS 2020',
    libraries: {
      en: 'TorchJD works on parameter gradients (as with `over: "shared"`), LibMTL on representation gradients times the sign of the activation.',
      zh: 'TorchJD 作用于参数梯度（即 `over: "shared"`），LibMTL 作用于表示梯度与激活符号之积。',
    },
    reads: 'entries',
    weights: 'none',
    equalTasks: 'sum',
    weightless: true,
  },
);
