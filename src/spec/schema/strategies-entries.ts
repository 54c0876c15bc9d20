/** Strategies that read gradient entries, several batches, or solve two levels; and the wrapper. */
import { choice, integer, list, number, optional, tagged } from './build.ts';
import type { Members } from './build.ts';
import { gradientCommon as common, prescale, strategy } from './strategies-common.ts';

const beta = (fallback: number) =>
  number('β of the running gradient.', '滑动梯度的 β。', { minimum: 0, maximum: 1, fallback });
const sigma = (fallback: number) => number('β is divided by step^σ.', 'β 除以 step^σ。', { minimum: 0, fallback });
const gamma = (fallback: number) => number('Step of the weights.', '权重的步长 γ。', { exclusiveMinimum: 0, fallback });
const rho = (fallback: number) =>
  number('Regularization of the weights.', '权重的正则系数 ρ。', { minimum: 0, fallback });

export const entryStrategies = {
  graddrop: strategy(
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
      prescale,
      ...common,
    },
    {
      title: { en: 'Gradient sign dropout', zh: '梯度符号丢弃 (GradDrop)' },
      text: { en: 'Where signs conflict, one sign is drawn.', zh: '符号冲突处随机保留一种符号。' },
      source: 'Chen et al. 2020',
    },
  ),
  'trimmed-mean': strategy(
    'trimmed-mean',
    {
      trim: integer('Values left out at each end.', '两端各去掉的个数。', { minimum: 0, fallback: 1 }),
      prescale,
      ...common,
    },
    {
      title: { en: 'Trimmed mean', zh: '截尾平均' },
      text: {
        en: 'The mean without the extremes, entry by entry; drops tasks by design.',
        zh: '逐元素去掉极值后平均;按设计会丢弃任务。',
      },
      source: 'Yin et al. 2018',
    },
  ),
  moco: strategy(
    'moco',
    { beta: beta(0.5), betaSigma: sigma(0.5), gamma: gamma(0.1), gammaSigma: sigma(0.5), rho: rho(0), ...common },
    {
      title: { en: 'MoCo', zh: 'MoCo' },
      text: { en: 'MGDA on running gradients.', zh: '在滑动梯度上的 MGDA。' },
      source: 'Fernando et al. 2023',
    },
  ),
  'db-mtl': strategy(
    'db-mtl',
    { beta: beta(0.9), betaSigma: sigma(0), ...common },
    {
      title: { en: 'Dual balancing (DB-MTL)', zh: '双重平衡 (DB-MTL)' },
      text: { en: 'Log losses and gradients of equal norm.', zh: '对数损失与等范数梯度。' },
      source: 'Lin et al. 2023',
    },
  ),
  'excess-mtl': strategy(
    'excess-mtl',
    {
      stepSize: number('Step of the weights.', '权重的步长。', { exclusiveMinimum: 0, fallback: 0.01 }),
      warmup: integer('Steps that only measure.', '仅测量的步数。', { minimum: 0, fallback: 0 }),
      ...common,
    },
    {
      title: { en: 'Excess risk (ExcessMTL)', zh: '超额风险 (ExcessMTL)' },
      text: { en: 'More weight where more can still be learned.', zh: '仍可学习更多的任务权重更大。' },
      source: 'He et al. 2024',
    },
  ),
  adatask: strategy(
    'adatask',
    { ...common },
    {
      title: { en: 'AdaTask', zh: 'AdaTask' },
      text: { en: 'Adam moments of each task on shared parameters.', zh: '共享参数上每个任务各自的 Adam 矩。' },
      source: 'Yang et al. 2023',
    },
  ),
};

export const sampledStrategies = {
  modo: strategy(
    'modo',
    { gamma: gamma(0.001), rho: rho(0.1), ...common },
    {
      title: { en: 'MoDo', zh: 'MoDo' },
      text: { en: 'MGDA with three independent batches.', zh: '使用三个独立批的 MGDA。' },
      source: 'Chen et al. 2023',
    },
  ),
  sdmgrad: strategy(
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
      ...common,
    },
    {
      title: { en: 'SDMGrad', zh: 'SDMGrad' },
      text: { en: 'A direction near the preferred one, from three batches.', zh: '由三个批得到的、靠近偏好的方向。' },
      source: 'Xiao et al. 2023',
    },
  ),
};

const bilevel = {
  outerLearningRate: number('Learning rate of the task weights.', '任务权重的学习率。', {
    exclusiveMinimum: 0,
    fallback: 0.01,
  }),
};
const innerLearningRate = number('Learning rate of the inner steps.', '内层步的学习率。', {
  exclusiveMinimum: 0,
  fallback: 0.1,
});
const innerSteps = (fallback: number) => integer('Inner steps.', '内层步数。', { minimum: 1, fallback });

export const bilevelStrategies = {
  moml: strategy(
    'moml',
    { ...bilevel, innerLearningRate, innerSteps: innerSteps(1), ...common },
    {
      title: { en: 'MOML', zh: 'MOML' },
      text: {
        en: 'Learns the weights by MGDA on held-out halves of the batches.',
        zh: '用批的另一半以 MGDA 学习权重。',
      },
      source: 'Ye et al. 2021',
    },
  ),
  'auto-lambda': strategy(
    'auto-lambda',
    { ...bilevel, innerSteps: innerSteps(1), ...common },
    {
      title: { en: 'Auto-λ', zh: 'Auto-λ' },
      text: {
        en: 'Learns the weights by finite differences on held-out halves of the batches.',
        zh: '用批的另一半以有限差分学习权重。',
      },
      source: 'Liu et al. 2022',
    },
  ),
  forum: strategy(
    'forum',
    {
      ...bilevel,
      innerLearningRate,
      innerSteps: innerSteps(5),
      phi: number('Weight of the constraint.', '约束权重 φ。', { exclusiveMinimum: 0, fallback: 0.1 }),
      ...common,
    },
    {
      title: { en: 'FORUM', zh: 'FORUM' },
      text: { en: 'First-order bilevel learning of the weights.', zh: '一阶双层权重学习。' },
      source: 'Ye et al. 2024',
    },
  ),
};

/** CR-MOGM smooths the weights of another strategy, so its table is built from that of the others. */
export const wrapperOf = <Table extends Members>(table: Table) =>
  strategy(
    'cr-mogm',
    {
      of: tagged('name', table, 'The strategy whose weights are smoothed.', '其权重被平滑的策略。'),
      alpha: number('Share of the old weights that is kept.', '保留旧权重的比例。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.9,
      }),
      start: choice(['equal', 'weights'], 'Where the running weights begin.', '滑动权重的起点。', {
        fallback: 'equal',
      }),
    },
    {
      title: { en: 'CR-MOGM', zh: 'CR-MOGM' },
      text: { en: 'A running mean of the weights of another strategy.', zh: '对另一策略的权重取滑动平均。' },
      formula: 'λ_t = α λ_{t−1} + (1 − α) λ̂_t',
      source: 'Zhou et al. 2022',
    },
  );
