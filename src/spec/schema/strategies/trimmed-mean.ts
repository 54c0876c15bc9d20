import { integer } from '../build.ts';
import { gradientKeys, prescale } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const trimmedMean = strategy(
  'trimmed-mean',
  {
    trim: integer('Values left out at each end.', '两端各去掉的个数。', { minimum: 0, fallback: 1 }),
    prescale,
    ...gradientKeys,
  },
  {
    title: { en: 'Trimmed mean', zh: '截尾平均' },
    text: {
      en: 'The mean without the extremes, entry by entry; drops tasks by design.',
      zh: '逐元素去掉极值后平均；按设计会丢弃任务。',
    },
    source: 'Yin et al., ICML 2018',
    libraries: { en: 'As TorchJD. Drops tasks by design.', zh: '同 TorchJD。按设计会丢弃任务。' },
    reads: 'entries',
    weights: 'none',
    equalTasks: 'mean',
    weightless: true,
  },
);
