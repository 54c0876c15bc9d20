/** Strategies that read gradient entries, several batches, or solve two levels; and the wrapper. */
import { choice, integer, list, number, optional, tagged } from './build.ts';
import type { Members } from './build.ts';
import {
  common as lossCommon,
  gradientCommon as signed,
  positiveCommon as common,
  preference,
  prescale,
  strategy,
  weightedHeads,
} from './strategies-common.ts';

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
      keep: choice(
        ['identity', 'smoothstep'],
        'f of the chance to keep a sign: p, or p²(3 − 2p).',
        '保留符号的概率函数 f:p 或 p²(3 − 2p)。',
        { fallback: 'identity' },
      ),
      prescale,
      ...signed,
    },
    {
      title: { en: 'Gradient sign dropout', zh: '梯度符号丢弃 (GradDrop)' },
      text: { en: 'Where signs conflict, one sign is drawn.', zh: '符号冲突处随机保留一种符号。' },
      formula: 'P = ½ (1 + Σ g / Σ |g|); positive entries stay where P > U, negative ones where P < U',
      source: 'Chen et al., NeurIPS 2020',
    },
  ),
  'trimmed-mean': strategy(
    'trimmed-mean',
    {
      trim: integer('Values left out at each end.', '两端各去掉的个数。', { minimum: 0, fallback: 1 }),
      prescale,
      ...signed,
    },
    {
      title: { en: 'Trimmed mean', zh: '截尾平均' },
      text: {
        en: 'The mean without the extremes, entry by entry; drops tasks by design.',
        zh: '逐元素去掉极值后平均；按设计会丢弃任务。',
      },
      source: 'Yin et al., ICML 2018',
    },
  ),
  moco: strategy(
    'moco',
    {
      beta: beta(0.5),
      betaSigma: sigma(0.5),
      gamma: gamma(0.1),
      gammaSigma: sigma(0.5),
      rho: rho(0),
      convention: choice(
        ['paper', 'libmtl'],
        'Projection on the simplex of the tracked gradients, or a softmax on rows of the length of their losses.',
        '跟踪梯度上的单纯形投影，或按损失缩放后取 softmax。',
        { fallback: 'paper' },
      ),
      ...signed,
    },
    {
      title: { en: 'MoCo', zh: 'MoCo' },
      text: { en: 'MGDA on running gradients.', zh: '在滑动梯度上的 MGDA。' },
      formula: 'y ← y − β_k (y − g), λ ← Π(λ − γ_k (Y Yᵀ + ρ I) λ), d = Yᵀ λ',
      source: 'Fernando et al., ICLR 2023',
    },
  ),
  'db-mtl': strategy(
    'db-mtl',
    { beta: beta(0.9), betaSigma: sigma(0), ...signed },
    {
      title: { en: 'Dual balancing (DB-MTL)', zh: '双重平衡 (DB-MTL)' },
      text: { en: 'Log losses and gradients of equal norm.', zh: '对数损失与等范数梯度。' },
      formula: 'b ← β b + (1 − β) ∇ln L, d = Σ (max ‖b‖ / ‖b_i‖) b_i',
      source: 'Lin et al., arXiv 2308.12029',
    },
  ),
  'excess-mtl': strategy(
    'excess-mtl',
    {
      stepSize: number('Step of the weights.', '权重的步长。', { exclusiveMinimum: 0, fallback: 0.01 }),
      warmup: integer('Steps that only measure.', '仅测量的步数。', { minimum: 0, fallback: 0 }),
      convention: choice(
        ['paper', 'torchjd'],
        'The first step sets the baseline and weights sum to T, or it also updates and they sum to 1.',
        '首步只设基线且权重和为 T，或首步也更新且权重和为 1。',
        { fallback: 'paper' },
      ),
      ...weightedHeads,
    },
    {
      title: { en: 'Excess risk (ExcessMTL)', zh: '超额风险 (ExcessMTL)' },
      text: { en: 'More weight where more can still be learned.', zh: '仍可学习更多的任务权重更大。' },
      formula: 'ln w ← ln w + η e / e(0), e = Σ g² / √(Σ_t g_t²)',
      source: 'He et al., ICML 2024',
    },
  ),
  adatask: strategy(
    'adatask',
    {
      beta1: number('Of the running gradient.', '滑动梯度的 β₁。', { minimum: 0, exclusiveMaximum: 1, fallback: 0.9 }),
      beta2: number('Of the running square.', '滑动平方的 β₂。', { minimum: 0, exclusiveMaximum: 1, fallback: 0.999 }),
      epsilon: number('Against division by 0.', '防止除以 0。', { exclusiveMinimum: 0, fallback: 1e-8 }),
      scale: signed.scale,
      heads: signed.heads,
      observe: signed.observe,
    },
    {
      title: { en: 'AdaTask', zh: 'AdaTask' },
      text: { en: 'Adam moments of each task on shared parameters.', zh: '共享参数上每个任务各自的 Adam 矩。' },
      formula: 'Δθ = −η Σ w_i m̂_i / (√v̂_i + ε) with the moments m_i, v_i of task i',
      source: 'Yang et al., AAAI 2023',
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
      formula: 'λ ← Π(λ − γ (J₁ J₂ᵀ λ + ρ λ)), d = J₃ᵀ λ',
      source: 'Chen et al., NeurIPS 2023',
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
      preference,
      ...common,
    },
    {
      title: { en: 'SDMGrad', zh: 'SDMGrad' },
      text: { en: 'A direction near the preferred one, from three batches.', zh: '由三个批得到的、靠近偏好的方向。' },
      formula: 'min over w of ½ wᵀ J₁ J₂ᵀ w + λ w̃ᵀ J₁ J₂ᵀ w, d = J₃ᵀ (w + λ w̃) / (1 + λ)',
      source: 'Xiao, Ban & Ji, NeurIPS 2023',
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

export const bilevelStrategies = {
  moml: strategy(
    'moml',
    { ...bilevel, innerLearningRate, ...lossCommon },
    {
      title: { en: 'MOML', zh: 'MOML' },
      text: {
        en: 'Learns the weights by MGDA on held-out halves of the batches.',
        zh: '用批的另一半以 MGDA 学习权重。',
      },
      formula: 'ξ by the shortest combination of ∂F_t(θ − η Σ softmax(ξ)_i ∇f_i) / ∂ξ',
      source: 'Ye et al., NeurIPS 2021',
    },
  ),
  'auto-lambda': strategy(
    'auto-lambda',
    {
      ...bilevel,
      innerLearningRate: optional(
        number('Learning rate of the inner step.', '内层步的学习率。', {
          exclusiveMinimum: 0,
          found: { en: 'that of the main optimizer', zh: '主优化器的学习率' },
        }),
      ),
      slopes: choice(
        ['finite-differences', 'exact'],
        'Inner products by two further forward passes (the authors), or by the gradients of every task.',
        '内积由两次额外前向得到（作者），或由每个任务的梯度得到。',
        { fallback: 'finite-differences' },
      ),
      ...lossCommon,
    },
    {
      title: { en: 'Auto-λ', zh: 'Auto-λ' },
      text: {
        en: 'Learns the weights by finite differences on held-out halves of the batches.',
        zh: '用批的另一半以有限差分学习权重。',
      },
      formula: 'ξ by ∂ Σ F_t(θ − η Σ softmax(ξ)_i ∇f_i) / ∂ξ',
      source: 'Liu et al., TMLR 2022',
    },
  ),
  forum: strategy(
    'forum',
    {
      ...bilevel,
      innerLearningRate,
      innerSteps: integer('Inner steps.', '内层步数。', { minimum: 1, fallback: 5 }),
      phi: number('Weight of the constraint.', '约束权重 φ。', { exclusiveMinimum: 0, fallback: 0.1 }),
      ...lossCommon,
    },
    {
      title: { en: 'FORUM', zh: 'FORUM' },
      text: { en: 'First-order bilevel learning of the weights.', zh: '一阶双层权重学习。' },
      formula: 'min ‖Σ λ_t ∇F_t / ‖∇F_t‖ + ν ∇q‖² − ν φ ‖∇q‖², q(ξ, θ) = f(ξ, θ) − f(ξ, θ*(ξ))',
      source: 'Ye et al., ECAI 2024',
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
    },
  );
