import { choice, integer, number, onlyWhere, optional } from '../build.ts';
import { lossKeys, preference, reference } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const stch = strategy(
  'stch',
  {
    mu: number('Smoothness.', '平滑程度 μ。', { exclusiveMinimum: 0, fallback: 1 }),
    form: choice(
      ['raw', 'log-nadir'],
      'The paper on raw losses, or LibMTL on log losses over a measured nadir.',
      '论文的原始损失形式，或 LibMTL 相对测得最差点的对数形式。',
      { fallback: 'raw' },
    ),
    warmup: optional(
      integer('Epochs before the one that measures the nadir.', '测量最差点之前的轮数。', {
        minimum: 0,
        fallback: 1,
        onlyWhen: { key: 'form', is: ['log-nadir'] },
      }),
    ),
    preference: optional(onlyWhere(preference, 'form', ['raw'])),
    reference: optional(onlyWhere(reference, 'form', ['raw'])),
    ...lossKeys,
  },
  {
    title: { en: 'Smooth Tchebycheff', zh: '平滑切比雪夫 (STCH)' },
    text: { en: 'A smooth maximum of the weighted losses.', zh: '加权损失的平滑最大值。' },
    formula: 'L = μ ln Σ exp(r_i (L_i − z_i) / μ)',
    source: 'Lin et al., ICML 2024',
    libraries: {
      en: 'TorchJD runs the paper (`form: "raw"`, the default); LibMTL takes log losses over a measured nadir, times T (`form: "log-nadir"`).',
      zh: 'TorchJD 按论文（`form: "raw"`，默认）；LibMTL 用相对测得最差点的对数损失并乘 T（`form: "log-nadir"`）。',
    },
    reads: 'losses',
    weights: 'preference',
    when: ({ form }) => (form === 'raw' ? { equalTasks: (count) => 1 / count } : { nonNegativeLosses: true }),
  },
);
