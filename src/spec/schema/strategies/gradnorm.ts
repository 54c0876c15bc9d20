import { choice, number, onlyWhere, optional, string } from '../build.ts';
import { positiveGradientKeys, stateLearningRate } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const gradnorm = strategy(
  'gradnorm',
  {
    alpha: number('Strength of the balance.', '平衡强度 α。', { minimum: 0, fallback: 1.5 }),
    convention: choice(
      ['paper', 'libmtl'],
      'Weights by their own Adam step, or T softmax(v) with v stepped by the main optimizer.',
      '权重由其自身的 Adam 步更新，或 T softmax(v) 且 v 由主优化器更新。',
      { fallback: 'paper' },
    ),
    learningRate: optional(
      number('Learning rate of the weights.', '权重的学习率。', {
        exclusiveMinimum: 0,
        fallback: 0.025,
        onlyWhen: { key: 'convention', is: ['paper'] },
      }),
    ),
    stateLearningRate: optional(onlyWhere(stateLearningRate, 'convention', ['libmtl'])),
    measured: choice(
      ['layer', 'shared'],
      'Norms over the last shared layer, or over all shared parameters.',
      '范数取最后共享层，或取全部共享参数。',
      { fallback: 'layer', fallbackWhen: [{ key: 'convention', is: 'libmtl', value: 'shared' }] },
    ),
    layer: optional(
      string('Block whose last layer gives the norms.', '取其末层梯度范数的模块。', {
        refers: 'block',
        nonEmpty: true,
        found: { en: 'the last shared layer', zh: '最后一个共享层' },
        onlyWhen: { key: 'measured', is: ['layer'] },
      }),
    ),
    initial: optional(
      choice(['first-step', 'epoch-mean'], 'What L(0) is.', 'L(0) 的取法。', {
        fallback: 'first-step',
        onlyWhen: { key: 'convention', is: ['paper'] },
      }),
    ),
    normalize: positiveGradientKeys.normalize,
    scale: positiveGradientKeys.scale,
    heads: positiveGradientKeys.heads,
    observe: positiveGradientKeys.observe,
  },
  {
    title: { en: 'GradNorm', zh: 'GradNorm' },
    text: {
      en: 'Learns weights so that the gradient norms follow the training rates.',
      zh: '学习权重，使梯度范数与训练速率一致。',
    },
    formula: 'min over w of Σ |w_i‖∇L_i‖ − Ḡ r_i^α|, r_i = (L_i / L_i(0)) / mean',
    source: 'Chen et al., ICML 2018',
    libraries: {
      en: 'LibMTL (`convention: "libmtl"`): w = T softmax(v), v stepped by the main optimizer, norms over all shared parameters, L(0) the mean of epoch 0. Paper (default): own Adam step, renormalized to T, norms of the last shared layer, L(0) of the first step.',
      zh: 'LibMTL（`convention: "libmtl"`）：w = T softmax(v)，v 由主优化器更新，范数取全部共享参数，L(0) 为第 0 轮平均。论文（默认）：独立 Adam 步，归一化为和 T，范数取最后共享层，L(0) 取第一步。',
    },
    reads: 'norms',
    weights: 'multiply',
    equalTasks: 'sum',
    nonNegativeLosses: true,
  },
);
