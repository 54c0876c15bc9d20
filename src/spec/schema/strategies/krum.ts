import { integer } from '../build.ts';
import { positiveGradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const krum = strategy(
  'krum',
  {
    byzantine: integer('Tasks that may be off.', '可能异常的任务数。', { minimum: 0, fallback: 0 }),
    selected: integer('Tasks that are kept.', '保留的任务数。', { minimum: 1, fallback: 1 }),
    prescale,
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Krum', zh: 'Krum' },
    text: {
      en: 'Keeps the gradients nearest to the others; drops tasks by design.',
      zh: '保留与其他梯度最近者；按设计会丢弃任务。',
    },
    formula: 's_i = Σ ‖g_i − g_j‖ over its T − byzantine − 2 nearest j; the mean of the `selected` lowest',
    source: 'Blanchard et al., NeurIPS 2017',
    libraries: {
      en: 'Euclidean distances, as TorchJD; the paper squares them. Drops tasks by design.',
      zh: '欧氏距离，同 TorchJD；论文取平方。按设计会丢弃任务。',
    },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'mean',
  },
);
