/** Strategies that read the losses alone. */
import { boolean, choice, integer, list, number, onlyWhere, optional } from './build.ts';
import { common, preference, signedCommon, stateLearningRate, strategy } from './strategies-common.ts';

const reference = optional(
  list(number('A point no loss falls below.', '损失不会低于的点。'), 'One number a task.', '每个任务一个数。', {
    found: { en: 'zeros', zh: '全为 0' },
  }),
);
const inverse = boolean('Turn the order round.', '反转次序。', { fallback: false });

export const lossStrategies = {
  static: strategy('static', common, {
    title: { en: 'Static weights', zh: '固定权重' },
    text: { en: 'The weights of the spec, from first step to last.', zh: '自始至终使用描述文件中的权重。' },
    formula: 'L = Σ w_i L_i',
  }),
  sum: strategy('sum', common, {
    title: { en: 'Sum', zh: '求和' },
    text: { en: 'The sum of the losses.', zh: '损失之和。' },
    formula: 'L = Σ w_i L_i',
  }),
  mean: strategy('mean', common, {
    title: { en: 'Mean', zh: '平均' },
    text: { en: 'The mean of the losses.', zh: '损失的平均。' },
    formula: 'L = Σ w_i L_i / T',
  }),
  unitary: strategy('unitary', common, {
    title: { en: 'Unitary scalarization', zh: '单位标量化' },
    text: { en: 'All weights 1; tune the regularization instead.', zh: '权重全为 1；改为调节正则化。' },
    formula: 'L = Σ w_i L_i',
    source: 'Kurin et al., NeurIPS 2022',
  }),
  uncertainty: strategy(
    'uncertainty',
    { init: number('Where s begins.', 's 的初值。', { fallback: 0 }), stateLearningRate, ...common },
    {
      title: { en: 'Uncertainty weighting', zh: '不确定性加权 (UW)' },
      text: { en: 'A learned log-variance for each task.', zh: '每个任务一个可学习的对数方差。' },
      formula: 'L = Σ L_i / (2 e^{s_i}) + s_i / 2',
      source: 'Kendall, Gal & Cipolla, CVPR 2018',
    },
  ),
  'uncertainty-optimal': strategy('uncertainty-optimal', common, {
    title: { en: 'Optimal uncertainty (UW-O)', zh: '最优不确定性 (UW-O)' },
    text: { en: 'The optimum of uncertainty weighting in closed form.', zh: '不确定性加权的闭式最优。' },
    formula: 'w_i = 1 / sg(L_i)',
    source: 'Kirchdorfer et al., arXiv 2408.07985',
  }),
  'uncertainty-softmax': strategy(
    'uncertainty-softmax',
    { temperature: number('τ.', 'τ。', { exclusiveMinimum: 0, fallback: 1 }), ...common },
    {
      title: { en: 'Soft optimal uncertainty (UW-SO)', zh: '软最优不确定性 (UW-SO)' },
      text: { en: 'A softmax over inverse losses.', zh: '对损失倒数取 softmax。' },
      formula: 'w = softmax(sg(1/L) / τ)',
      source: 'Kirchdorfer et al., arXiv 2408.07985',
    },
  ),
  dwa: strategy(
    'dwa',
    {
      temperature: number('T: large makes the weights equal.', 'T：越大权重越均匀。', {
        exclusiveMinimum: 0,
        fallback: 2,
      }),
      ...common,
    },
    {
      title: { en: 'Dynamic weight average', zh: '动态权重平均 (DWA)' },
      text: { en: 'More weight where the loss falls more slowly.', zh: '损失下降慢的任务权重更大。' },
      formula: 'w_i = K exp(r_i / T) / Σ exp(r_j / T), r = L(t−1) / L(t−2)',
      source: 'Liu, Johns & Davison, CVPR 2019',
    },
  ),
  geometric: strategy(
    'geometric',
    { preference, ...common },
    {
      title: { en: 'Geometric mean (GLS)', zh: '几何平均 (GLS)' },
      text: { en: 'The geometric mean of the losses.', zh: '损失的几何平均。' },
      formula: 'L = ∏ L_i^{r_i}',
      source: 'Chennupati et al., CVPR Workshops 2019',
    },
  ),
  log: strategy('log', common, {
    title: { en: 'Scale-invariant', zh: '尺度不变' },
    text: { en: 'The sum of the log losses.', zh: '对数损失之和。' },
    formula: 'L = Σ w_i ln L_i',
  }),
  random: strategy('random', common, {
    title: { en: 'Random weights (RLW)', zh: '随机权重 (RLW)' },
    text: { en: 'New weights at every step.', zh: '每步随机取权重。' },
    formula: 'w = softmax(z), z ~ N(0, 1)',
    source: 'Lin et al., TMLR 2022',
  }),
  'imtl-l': strategy(
    'imtl-l',
    { init: number('Where s begins.', 's 的初值。', { fallback: 0 }), stateLearningRate, ...common },
    {
      title: { en: 'IMTL-L', zh: 'IMTL-L' },
      text: { en: 'Learned scales that make the losses equal.', zh: '学习使各损失相等的尺度。' },
      formula: 'L = Σ e^{s_i} L_i − s_i',
      source: 'Liu et al., ICLR 2021',
    },
  ),
  stch: strategy(
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
      ...common,
    },
    {
      title: { en: 'Smooth Tchebycheff', zh: '平滑切比雪夫 (STCH)' },
      text: { en: 'A smooth maximum of the weighted losses.', zh: '加权损失的平滑最大值。' },
      formula: 'L = μ ln Σ exp(r_i (L_i − z_i) / μ)',
      source: 'Lin et al., ICML 2024',
    },
  ),
  famo: strategy(
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
      ...common,
    },
    {
      title: { en: 'Fast adaptive optimization (FAMO)', zh: 'FAMO' },
      text: {
        en: 'Keeps the relative fall of all losses equal; a second forward pass on the same batch.',
        zh: '使各损失相对下降速度相等；同一批再做一次前向。',
      },
      formula: 'L = Σ z_i / c · ln(L_i − m_i), z = softmax(ξ), c = Σ z_i / (L_i − m_i)',
      source: 'Liu et al., NeurIPS 2023',
    },
  ),
  cosmos: strategy(
    'cosmos',
    {
      lambda: number('Factor of the cosine.', '余弦项系数 λ。', { minimum: 0, fallback: 1 }),
      preference,
      ...signedCommon,
    },
    {
      title: { en: 'COSMOS', zh: 'COSMOS' },
      text: { en: 'Weighted sum and the angle to the preference.', zh: '加权和与偏好方向的夹角。' },
      formula: 'L = Σ r L − λ cos(r, L)',
      source: 'Ruchte & Grabocka, ICDM 2021',
    },
  ),
  pbi: strategy(
    'pbi',
    {
      theta: number('Factor of the distance.', '距离项系数 θ。', { minimum: 0, fallback: 5 }),
      reference,
      preference,
      ...signedCommon,
    },
    {
      title: { en: 'Boundary intersection (PBI)', zh: '边界交叉 (PBI)' },
      text: { en: 'Along the preference and the distance from it.', zh: '沿偏好方向与偏离距离。' },
      formula: 'L = d₁ + θ d₂',
      source: 'Zhang & Li, IEEE TEC 2007',
    },
  ),
  complexity: strategy(
    'complexity',
    { inverse, ...common },
    {
      title: { en: 'By complexity', zh: '按任务复杂度' },
      text: { en: 'Heavier for the more complex task.', zh: '越复杂的任务权重越大。' },
      formula: 'w ∝ clip(L^lin / L⁰, .05, 1) / L⁰',
      source: 'Ho & Basu 2002; Lorena 2018',
    },
  ),
  'data-size': strategy(
    'data-size',
    { power: number('p; below 1 softens.', 'p；小于 1 更平缓。', { minimum: 0, fallback: 1 }), inverse, ...common },
    {
      title: { en: 'By amount of data', zh: '按数据量' },
      text: { en: 'Heavier for the better supplied task.', zh: '数据越多的任务权重越大。' },
      formula: 'w ∝ n^p',
      source: 'Arivazhagan et al. 2019',
    },
  ),
  performance: strategy(
    'performance',
    {
      alpha: number('Speed of the running metric.', '滑动指标的速度。', {
        exclusiveMinimum: 0,
        maximum: 1,
        fallback: 0.1,
      }),
      gamma: number('Focus on the worse performing.', '对表现差者的聚焦。', { minimum: 0, fallback: 1 }),
      inverse,
      ...common,
    },
    {
      title: { en: 'By performance (DTP)', zh: '按任务表现 (DTP)' },
      text: { en: 'Heavier for the worse performing task.', zh: '表现越差的任务权重越大。' },
      formula: 'w = −(1 − κ̄)^γ ln κ̄',
      source: 'Guo et al., ECCV 2018',
    },
  ),
  'initial-loss': strategy(
    'initial-loss',
    {
      batches: optional(
        integer('Mean over the first batches instead of the best constant.', '改用最初若干批的平均，而非最佳常数。', {
          minimum: 1,
        }),
      ),
      inverse,
      ...common,
    },
    {
      title: { en: 'By initial loss', zh: '按初始损失' },
      text: { en: 'Brings the losses to one size.', zh: '使各损失大小相当。' },
      formula: 'w ∝ 1 / L⁰',
    },
  ),
};
