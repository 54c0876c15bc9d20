import { choice, list, number, optional, tagged } from '../build.ts';
import type { Members } from '../build.ts';
import { strategy } from '../strategy-word.ts';

/** It smooths the weights of another strategy, so its word is built from those of the others. */
export const crMogm = <Table extends Members>(table: Table) =>
  strategy(
    'cr-mogm',
    {
      of: tagged('name', table, 'The strategy whose weights are smoothed.', '其权重被平滑的策略。'),
      alpha: number('Share of the old weights that is kept.', '保留旧权重的比例。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.9,
      }),
      start: choice(
        ['equal', 'weights', 'first'],
        'Where the running weights begin: 1/T each, the preferences, or the first weights found.',
        '滑动权重的起点：各 1/T、偏好，或首次求得的权重。',
        { fallback: 'equal', unless: 'initial' },
      ),
      initial: optional(
        list(
          number('A weight.', '权重。'),
          'The running weights at the start, one a task.',
          '滑动权重的初值，每个任务一个。',
          {
            found: { en: 'by `start`', zh: '由 `start` 决定' },
          },
        ),
      ),
    },
    {
      title: { en: 'CR-MOGM', zh: 'CR-MOGM' },
      text: { en: 'A running mean of the weights of another strategy.', zh: '对另一策略的权重取滑动平均。' },
      atMostOneOf: [['start', 'initial']],
      formula: 'λ_t = α λ_{t−1} + (1 − α) λ̂_t',
      source: 'Zhou et al., NeurIPS 2022',
      libraries: {
        en: 'TorchJD starts at the first weights (`start: "first"`).',
        zh: 'TorchJD 以首次权重为起点（`start: "first"`）。',
      },
      reads: 'wrapped',
      weights: 'wrapped',
      unobservable: {
        en: 'it wraps another strategy, which a name alone does not tell',
        zh: '它包装另一策略，仅凭名称无法确定',
      },
    },
  );
