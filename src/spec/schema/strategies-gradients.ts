/** Strategies that read gradient norms or the Gram matrix of the task gradients. */
import { boolean, choice, integer, number, onlyWhere, optional, string } from './build.ts';
import {
  gradientCommon as signed,
  positiveCommon as common,
  preference,
  prescale,
  stateLearningRate,
  strategy,
  weightedHeads,
} from './strategies-common.ts';

const alignedScale = choice(['min', 'median', 'rmse'], 'Which singular value sets the size.', '以哪个奇异值定尺度。', {
  fallback: 'min',
});
const normEps = number('Below this trace the gradients count as zero.', '迹小于此值视为零。', {
  minimum: 0,
  fallback: 1e-4,
});
const regEps = number('Added to the normalized Gram matrix.', '加到归一化 Gram 矩阵上的值。', {
  minimum: 0,
  fallback: 1e-4,
});

export const gradientStrategies = {
  gradnorm: strategy(
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
      normalize: common.normalize,
      scale: common.scale,
      heads: common.heads,
      observe: common.observe,
    },
    {
      title: { en: 'GradNorm', zh: 'GradNorm' },
      text: {
        en: 'Learns weights so that the gradient norms follow the training rates.',
        zh: '学习权重，使梯度范数与训练速率一致。',
      },
      formula: 'min over w of Σ |w_i‖∇L_i‖ − Ḡ r_i^α|, r_i = (L_i / L_i(0)) / mean',
      source: 'Chen et al., ICML 2018',
    },
  ),
  mgda: strategy(
    'mgda',
    {
      gradientNormalization: choice(
        ['none', 'l2', 'loss', 'loss+'],
        'What the gradients are divided by.',
        '梯度的归一化方式。',
        { fallback: 'none' },
      ),
      apply: optional(
        choice(
          ['normalized', 'raw'],
          'The weights multiply the normalized gradients, or the gradients as they are.',
          '权重作用于归一化后的梯度，或作用于原始梯度。',
          { fallback: 'normalized', onlyWhen: { key: 'gradientNormalization', is: ['l2', 'loss', 'loss+'] } },
        ),
      ),
      solver: choice(
        ['exact', 'frank-wolfe'],
        'The exact solution (Wolfe), or the iteration of the libraries.',
        '精确解（Wolfe），或参考实现的迭代法。',
        { fallback: 'exact' },
      ),
      epsilon: optional(
        number('Stops when steps are smaller.', '步长更小时停止。', {
          minimum: 0,
          fallback: 1e-3,
          onlyWhen: { key: 'solver', is: ['frank-wolfe'] },
        }),
      ),
      maxIterations: optional(
        integer('Most iterations.', '最大迭代数。', {
          minimum: 1,
          fallback: 100,
          onlyWhen: { key: 'solver', is: ['frank-wolfe'] },
        }),
      ),
      prescale,
      ...common,
    },
    {
      title: { en: 'Multiple gradient descent (MGDA)', zh: '多梯度下降 (MGDA)' },
      text: { en: 'The shortest vector between the gradients.', zh: '梯度凸包中最短的向量。' },
      formula: 'min ‖Σ w_i g_i‖², w ≥ 0, Σw = 1',
      source: 'Désidéri 2012; Sener & Koltun, NeurIPS 2018',
    },
  ),
  'imtl-g': strategy(
    'imtl-g',
    { prescale, ...signed },
    {
      title: { en: 'IMTL-G', zh: 'IMTL-G' },
      text: { en: 'Equal projections on all gradients.', zh: '在各梯度上的投影相等。' },
      formula: 'd = Σ w_i g_i, d·g_i / ‖g_i‖ equal for all i, Σ w_i = 1',
      source: 'Liu et al., ICLR 2021',
    },
  ),
  imtl: strategy(
    'imtl',
    {
      init: number('Where s of IMTL-L begins.', 'IMTL-L 的 s 初值。', { fallback: 0 }),
      stateLearningRate,
      prescale,
      ...signed,
    },
    {
      title: { en: 'IMTL', zh: 'IMTL' },
      text: { en: 'IMTL-L on losses, IMTL-G on gradients.', zh: '损失上用 IMTL-L，梯度上用 IMTL-G。' },
      formula: 'e^{s_i} L_i − s_i on losses, IMTL-G on the gradients e^{s_i} g_i',
      source: 'Liu et al., ICLR 2021',
    },
  ),
  pcgrad: strategy(
    'pcgrad',
    {
      convention: choice(
        ['paper', 'libmtl'],
        'Whether the own gradient is skipped, or visited too.',
        '是否跳过自身梯度。',
        { fallback: 'paper' },
      ),
      prescale,
      ...common,
    },
    {
      title: { en: 'Projected conflicts (PCGrad)', zh: '投影冲突梯度 (PCGrad)' },
      text: {
        en: 'Takes from each gradient what conflicts with another.',
        zh: '从每个梯度中去掉与其他梯度冲突的部分。',
      },
      formula: 'g_i ← g_i − (g_i·g_j / ‖g_j‖²) g_j where g_i·g_j < 0',
      source: 'Yu et al., NeurIPS 2020',
    },
  ),
  gradvac: strategy(
    'gradvac',
    {
      beta: number('Speed of the running cosine.', '滑动余弦的速度。', { minimum: 0, maximum: 1, fallback: 0.5 }),
      epsilon: number('Against division by 0.', '防止除以 0。', { minimum: 0, fallback: 1e-8 }),
      prescale,
      ...common,
    },
    {
      title: { en: 'Gradient vaccine', zh: '梯度疫苗 (GradVac)' },
      text: { en: 'Pulls the cosines up to their running mean.', zh: '把余弦提升到其滑动平均。' },
      formula: 'g_i ← g_i + ‖g_i‖(φ̂√(1−φ²) − φ√(1−φ̂²)) / (‖g_j‖√(1−φ̂²)) g_j where φ < φ̂',
      source: 'Wang et al., ICLR 2021',
    },
  ),
  cagrad: strategy(
    'cagrad',
    {
      c: number('Size of the ball around the mean gradient.', '平均梯度周围的半径系数 c。', {
        minimum: 0,
        fallback: 0.4,
      }),
      rescale: integer('0: none; 1: ÷ (1 + c²); 2: ÷ (1 + c).', '0：不缩放；1：÷ (1 + c²)；2：÷ (1 + c)。', {
        minimum: 0,
        maximum: 2,
        fallback: 1,
      }),
      normEps: number(
        'Below this share of √trace(G) the shortest combination counts as zero: a Pareto stationary point.',
        '最短组合小于 √tr(G) 的此比例时视为零：帕累托驻点。',
        { minimum: 0, fallback: 1e-7 },
      ),
      traceEps: number('Below this trace of G the gradients count as zero.', 'G 的迹小于此值时梯度视为零。', {
        minimum: 0,
        fallback: 0,
      }),
      ...common,
    },
    {
      title: { en: 'Conflict-averse (CAGrad)', zh: '冲突规避 (CAGrad)' },
      text: { en: 'The best worst improvement near the mean gradient.', zh: '在平均梯度附近使最差任务的改进最大。' },
      formula: 'max min_i g_i·d, ‖d − g₀‖ ≤ c‖g₀‖, g₀ = Σ r_i g_i',
      source: 'Liu et al., NeurIPS 2021',
    },
  ),
  'nash-mtl': strategy(
    'nash-mtl',
    {
      updateEvery: integer('Steps between two solutions.', '两次求解之间的步数。', { minimum: 1, fallback: 1 }),
      maxNorm: number('Largest norm; 0: none.', '最大范数；0 为不限。', { minimum: 0, fallback: 1 }),
      ...weightedHeads,
    },
    {
      title: { en: 'Nash bargaining (Nash-MTL)', zh: '纳什谈判 (Nash-MTL)' },
      text: { en: 'The bargaining solution of the tasks.', zh: '各任务的谈判解。' },
      formula: 'G a = r ⊘ a',
      source: 'Navon et al., ICML 2022',
    },
  ),
  'aligned-mtl': strategy(
    'aligned-mtl',
    {
      scaleMode: alignedScale,
      convention: choice(
        ['mean', 'sum'],
        'Equal preferences give a mean (TorchJD) or a sum (the authors).',
        '偏好相等时取平均（TorchJD）或取和（作者）。',
        { fallback: 'mean' },
      ),
      preference,
      ...signed,
    },
    {
      title: { en: 'Aligned-MTL', zh: 'Aligned-MTL' },
      text: { en: 'Makes the singular values of the gradients equal.', zh: '使梯度矩阵的奇异值相等。' },
      formula: 'w = √σ² V Λ^{−½} Vᵀ r, G = V Λ Vᵀ',
      source: 'Senushkin et al., CVPR 2023',
    },
  ),
  fairgrad: strategy(
    'fairgrad',
    {
      alpha: number('0 sum, 1 proportional, large max-min.', '0 求和，1 比例公平，大则最大最小。', {
        minimum: 0,
        fallback: 1,
      }),
      ...weightedHeads,
    },
    {
      title: { en: 'FairGrad', zh: 'FairGrad' },
      text: { en: 'α-fair improvements.', zh: 'α 公平的改进。' },
      formula: '(G a)_i = (r_i / a_i)^{1/α}',
      source: 'Ban & Ji, ICML 2024',
    },
  ),
  upgrad: strategy(
    'upgrad',
    { normEps, regEps, preference, ...common },
    {
      title: { en: 'UPGrad', zh: 'UPGrad' },
      text: { en: 'Projects each gradient on the cone that harms none.', zh: '把每个梯度投影到不损害任何任务的锥上。' },
      formula: 'd = Σ proj(r_i g_i) on {d : g_j·d ≥ 0 for all j}',
      source: 'Quinton & Rey, arXiv 2406.16232',
    },
  ),
  dualproj: strategy(
    'dualproj',
    { normEps, regEps, preference, ...common },
    {
      title: { en: 'DualProj', zh: 'DualProj' },
      text: {
        en: 'Projects the mean gradient on the cone that harms none.',
        zh: '把平均梯度投影到不损害任何任务的锥上。',
      },
      formula: 'd = proj(Σ r_i g_i) on {d : g_j·d ≥ 0 for all j}',
      source: 'Lopez-Paz & Ranzato, NeurIPS 2017',
    },
  ),
  config: strategy(
    'config',
    {
      momentum: boolean(
        'M-ConFIG: running gradients, of which one task a step is renewed.',
        'M-ConFIG：使用滑动梯度，每步只更新一个任务。',
        { fallback: false },
      ),
      beta1: optional(
        number('Of the running gradient.', '滑动梯度的 β₁。', {
          minimum: 0,
          exclusiveMaximum: 1,
          fallback: 0.9,
          onlyWhen: { key: 'momentum', is: [true] },
        }),
      ),
      beta2: optional(
        number('Of the running square.', '滑动平方的 β₂。', {
          minimum: 0,
          exclusiveMaximum: 1,
          fallback: 0.999,
          onlyWhen: { key: 'momentum', is: [true] },
        }),
      ),
      ...signed,
    },
    {
      title: { en: 'ConFIG', zh: 'ConFIG' },
      text: { en: 'A direction with the same cosine to all gradients.', zh: '与所有梯度夹角相同的方向。' },
      formula: 'd ∝ U⁺ r with the unit gradients U, ‖d‖ = Σ g_i·d̂',
      source: 'Liu, Chu & Thuerey, ICLR 2025',
    },
  ),
  krum: strategy(
    'krum',
    {
      byzantine: integer('Tasks that may be off.', '可能异常的任务数。', { minimum: 0, fallback: 0 }),
      selected: integer('Tasks that are kept.', '保留的任务数。', { minimum: 1, fallback: 1 }),
      prescale,
      ...common,
    },
    {
      title: { en: 'Krum', zh: 'Krum' },
      text: {
        en: 'Keeps the gradients nearest to the others; drops tasks by design.',
        zh: '保留与其他梯度最近者；按设计会丢弃任务。',
      },
      formula: 's_i = Σ ‖g_i − g_j‖ over its T − byzantine − 2 nearest j; the mean of the `selected` lowest',
      source: 'Blanchard et al., NeurIPS 2017',
    },
  ),
  pcd: strategy(
    'pcd',
    {
      primary: string('The primary task.', '主任务。', { refers: 'task', nonEmpty: true }),
      tau: number('Margin.', '界值 τ。', { minimum: 0, fallback: 0.02 }),
      beta: number('Speed of the running mean.', '滑动平均的系数。', {
        minimum: 0,
        exclusiveMaximum: 1,
        fallback: 0.999,
      }),
      epsilon: number('Against division by 0.', '防止除以 0。', { minimum: 0, fallback: 1e-8 }),
      ...common,
    },
    {
      title: { en: 'Primary task first (PCD)', zh: '主任务优先 (PCD)' },
      text: {
        en: 'The direction nearest to the primary gradient that makes every other task fall.',
        zh: '在使其他任务均下降的方向中最接近主任务梯度者。',
      },
      formula: 'min ½ ‖d − g₀‖², g_i·d ≥ τ ‖g_i‖²; ‖d‖ brought to ‖g₀‖',
      source: 'Priority-constrained descent, arXiv 2606.29521',
    },
  ),
};
