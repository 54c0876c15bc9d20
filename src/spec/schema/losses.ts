/** The tables of losses: one entry a loss; a task type lists the losses it may have, the default first. */
import type { Static, TObject, TProperties } from 'typebox';
import { either, extraOf, list, map, number, choice, optional, tagged, typeEntry, within } from './build.ts';
import type { About, Members } from './build.ts';
import type { LossTraits } from './row-traits.ts';

const loss = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
  traits: LossTraits<Static<TObject<Fields>>> = {},
) => typeEntry(name, fields, { infimum: 0, ...about, loss: traits, feature: `loss/${name}` });

const gamma = number('Focus on hard samples; 0 is cross-entropy.', '对难样本的聚焦程度；0 即交叉熵。', {
  minimum: 0,
  fallback: 2,
});
const classMap = (en: string, zh: string) =>
  map(number('Weight of this class.', '该类别的权重。', { minimum: 0 }), en, zh);

const crossEntropy = loss(
  'cross-entropy',
  {
    labelSmoothing: number('Share of the target that is spread over all classes.', '均摊到所有类别的目标比例。', {
      minimum: 0,
      exclusiveMaximum: 1,
      fallback: 0,
    }),
  },
  {
    title: { en: 'Cross-entropy', zh: '交叉熵' },
    text: { en: 'Negative log-probability of the right class.', zh: '正确类别的负对数概率。' },
    formula: '−Σ_k q_k ln p_k, q = (1 − ε) [k = y] + ε/K, ε = labelSmoothing',
    source: 'torch CrossEntropyLoss; label smoothing: Szegedy et al. 2016',
  },
);
const plainCrossEntropy = loss(
  'cross-entropy',
  {},
  {
    title: { en: 'Cross-entropy', zh: '交叉熵' },
    text: { en: 'Negative log-probability of the right class.', zh: '正确类别的负对数概率。' },
    formula: '−ln p_y',
    source: 'torch CrossEntropyLoss',
  },
);
const weightedCrossEntropy = loss(
  'weighted-cross-entropy',
  {
    classWeights: either(
      [
        choice(['balanced'], 'n / (K · n_c) of the training split.', '训练集的 n / (K · n_c)。'),
        classMap('Class to weight; a class not named has 1.', '类别到权重；未列出的类别为 1。'),
      ],
      '`balanced` (n / (K · n_c); a class without training rows is an error) or weights by class.',
      '`balanced`（n / (K · n_c)；训练集中没有的类别报错），或按类别给出权重。',
      { fallback: 'balanced' },
    ),
    labelSmoothing: number('Share of the target that is spread over all classes.', '均摊到所有类别的目标比例。', {
      minimum: 0,
      exclusiveMaximum: 1,
      fallback: 0,
    }),
  },
  {
    title: { en: 'Weighted cross-entropy', zh: '加权交叉熵' },
    text: {
      en: 'Cross-entropy with a weight for each class, divided by the sum of the weights met.',
      zh: '带类别权重的交叉熵，除以所遇权重之和。',
    },
    formula: 'Σ w_y (−ln p_y) / Σ w_y; balanced: w_c = n / (K n_c)',
    source: 'torch CrossEntropyLoss(weight), sklearn compute_class_weight("balanced")',
  },
);
const focal = loss(
  'focal',
  {
    gamma,
    alpha: optional(
      either(
        [
          number('One factor for all classes.', '所有类别同一系数。', { minimum: 0 }),
          classMap('A factor for each class.', '按类别给出系数。'),
        ],
        'α_y: one number or a number for each class.',
        'α_y：一个数，或按类别。',
        { found: { en: '1', zh: '1' } },
      ),
    ),
  },
  {
    title: { en: 'Focal loss', zh: '焦点损失' },
    text: { en: 'Cross-entropy that forgets the easy samples.', zh: '弱化易分样本的交叉熵。' },
    formula: '−α_y (1 − p_y)^γ ln p_y, p = softmax',
    source: 'Lin et al. 2017',
  },
);
const binaryFocal = loss(
  'focal',
  {
    gamma,
    alpha: number('Share of the positive class; −1: no such factor.', '正类的比重；−1 表示不用。', {
      minimum: -1,
      maximum: 1,
      fallback: 0.25,
    }),
  },
  {
    title: { en: 'Focal loss', zh: '焦点损失' },
    text: {
      en: 'Binary cross-entropy of each label that forgets the easy samples.',
      zh: '弱化易分样本的逐标签二元交叉熵。',
    },
    formula: '−α_t (1 − p_t)^γ ln p_t',
    source: 'torchvision sigmoid_focal_loss',
  },
);
const binaryCrossEntropy = loss(
  'binary-cross-entropy',
  {},
  {
    title: { en: 'Binary cross-entropy', zh: '二元交叉熵' },
    text: { en: 'Each label is a yes or no of its own; mean over labels.', zh: '每个标签独立判断是否；对标签取平均。' },
    formula: '−[y ln p + (1 − y) ln(1 − p)]',
    source: 'torch BCEWithLogitsLoss',
  },
);

const mse = loss(
  'mse',
  {},
  {
    title: { en: 'Mean squared error', zh: '均方误差' },
    text: {
      en: 'Aims at the mean. In normalized target units; mean over columns.',
      zh: '以均值为目标。以归一化目标为单位；对列取平均。',
    },
    formula: '(ŷ − y)²',
    source: 'torch MSELoss',
  },
);
const mae = loss(
  'mae',
  {},
  {
    title: { en: 'Mean absolute error', zh: '平均绝对误差' },
    text: {
      en: 'Aims at the median, calm about outliers. In normalized target units; mean over columns.',
      zh: '以中位数为目标，对离群值不敏感。以归一化目标为单位；对列取平均。',
    },
    formula: '|ŷ − y|',
    source: 'torch L1Loss',
  },
);
const huber = loss(
  'huber',
  {
    delta: number(
      'Where the square becomes a line, in standard deviations of the target.',
      '由平方转为直线处，以目标标准差为单位。',
      { exclusiveMinimum: 0, fallback: 1 },
    ),
  },
  {
    title: { en: 'Huber loss', zh: 'Huber 损失' },
    text: { en: 'A square near 0, a line far away.', zh: '近处平方，远处线性。' },
    formula: '½e² for |e| ≤ δ, else δ(|e| − ½δ)',
    source: 'torch HuberLoss',
  },
);
const logCosh = loss(
  'log-cosh',
  {},
  {
    title: { en: 'Log-cosh', zh: '对数双曲余弦' },
    text: { en: 'A smooth absolute error.', zh: '平滑的绝对误差。' },
    formula: 'ln cosh e = |e| + softplus(−2|e|) − ln 2',
    source: 'tf.keras LogCosh',
  },
);
const quantile = loss(
  'quantile',
  {
    quantiles: list(
      number('A quantile.', '分位数。', { exclusiveMinimum: 0, exclusiveMaximum: 1 }),
      'One output each; crossings are counted.',
      '每个分位数一个输出；统计交叉次数。',
      { minItems: 1, single: true, distinct: true, fallback: [0.1, 0.5, 0.9] },
    ),
  },
  {
    title: { en: 'Quantile (pinball) loss', zh: '分位数损失' },
    text: { en: 'Predicts quantiles of the target.', zh: '预测目标的分位数。' },
    formula: 'max(q e, (q − 1) e), e = y − ŷ',
    source: 'sklearn mean_pinball_loss; Koenker & Bassett 1978',
  },
  { outputs: ({ quantiles }, columns) => columns * quantiles.length },
);
const poisson = loss(
  'poisson',
  {},
  {
    title: { en: 'Poisson deviance', zh: '泊松偏差' },
    text: { en: 'For counts; forces `normalize: "none"`.', zh: '用于计数；强制 `normalize: "none"`。' },
    formula: 'μ − y + y ln(y/μ), μ = e^η',
    source: 'sklearn mean_poisson_deviance / 2',
    domain: 'non-negative',
  },
  { unscaled: true },
);

const coral = loss(
  'coral',
  {},
  {
    title: { en: 'CORAL', zh: 'CORAL 有序损失' },
    text: {
      en: 'Is the class above k? for every k, with one weight vector and K − 1 biases.',
      zh: '对每个 k 判断是否高于 k；共用权重向量，K − 1 个偏置。',
    },
    formula: '−Σ_k [1(y>k) ln p_k + 1(y≤k) ln(1 − p_k)]',
    source: 'Cao et al. 2020',
  },
  { outputs: (_parameters, classes) => classes - 1 },
);

const boxLoss = <const Name extends string>(name: Name, en: string, zh: string, formula: string, source: string) =>
  loss(
    name,
    {},
    {
      title: { en: name.replace('iou', 'IoU') + ' loss', zh: `${name.toUpperCase()} 损失` },
      text: { en, zh },
      formula,
      source,
    },
  );
const iou = boxLoss(
  'iou',
  'One minus the overlap. Its gradient is 0 where the boxes do not touch.',
  '1 减交并比。两框不相交时梯度为 0。',
  '1 − |A ∩ B| / |A ∪ B|',
  'Yu et al. 2016',
);
const giou = boxLoss(
  'giou',
  'Has a gradient also where the boxes do not touch.',
  '两框不相交时也有梯度。',
  '1 − IoU + |C ∖ (A ∪ B)| / |C|, C the smallest box around both',
  'torchvision generalized_box_iou_loss; Rezatofighi et al. 2019',
);
const diou = boxLoss(
  'diou',
  'IoU and the distance of the centers.',
  '交并比与中心距离。',
  '1 − IoU + ρ² / c²',
  'torchvision distance_box_iou_loss; Zheng et al. 2020',
);
const ciou = boxLoss(
  'ciou',
  'DIoU and the difference of the shapes.',
  'DIoU 与形状差异。',
  '1 − IoU + ρ² / c² + αv, v = 4/π² (atan w/h − atan ŵ/ĥ)²',
  'torchvision complete_box_iou_loss; Zheng et al. 2020',
);
const smoothL1 = loss(
  'smooth-l1',
  { beta: number('Where the square becomes a line.', '由平方转为直线处。', { exclusiveMinimum: 0, fallback: 1 }) },
  {
    title: { en: 'Smooth L1', zh: '平滑 L1' },
    text: { en: 'Of the four numbers of the box, in image fractions.', zh: '对框的四个数（图像比例）。' },
    formula: '½e²/β for |e| < β, else |e| − ½β',
    source: 'torch SmoothL1Loss; Girshick 2015',
  },
);

const dice = loss(
  'dice',
  {},
  {
    title: { en: 'Dice loss', zh: 'Dice 损失' },
    text: {
      en: 'One minus the overlap of the masks, over the batch, background included.',
      zh: '1 减掩码重叠度，按批计算，含背景。',
    },
    formula: '1 − (2 Σpy + ε) / (Σp + Σy + ε), ε = 1e−5',
    source: 'MONAI DiceLoss(softmax, batch)',
  },
);
const maskIou = loss(
  'iou',
  {},
  {
    title: { en: 'IoU loss', zh: 'IoU 损失' },
    text: { en: 'One minus the soft overlap of the masks.', zh: '1 减掩码的软交并比。' },
    formula: '1 − Σpy / Σ(p + y − py)',
  },
);
const centernet = loss(
  'centernet',
  {},
  {
    title: { en: 'CenterNet loss', zh: 'CenterNet 损失' },
    text: { en: 'Heat map of centers, offset and size.', zh: '中心热图、偏移与大小。' },
    formula: 'focal + 0.1 L1(size) + L1(offset)',
    source: 'Zhou et al. 2019',
  },
);
const cox = loss(
  'cox',
  { ties: choice(['efron', 'breslow'], 'How equal times are handled.', '相同时间的处理方式。', { fallback: 'efron' }) },
  {
    title: { en: 'Cox partial likelihood', zh: 'Cox 部分似然' },
    text: { en: 'Over the events of the batch; the risk set is the batch.', zh: '对批内事件；风险集为该批。' },
    formula: '−Σ_{events} (η_i − ln Σ_{j at risk} e^{η_j}) / events',
    source: 'Cox 1972; Katzman et al. 2018',
  },
  { outputs: () => 1, continuous: true },
);
const discreteTime = loss(
  'discrete-time',
  {},
  {
    title: { en: 'Discrete-time hazard', zh: '离散时间风险' },
    text: { en: 'A hazard for each interval of time (`bins`).', zh: '每个时间区间 (`bins`) 一个风险。' },
    formula: 'nll of the hazards',
    source: 'pycox nll_logistic_hazard',
  },
);
const margin = (fallback: number) =>
  number('Distance that is enough.', '足够的间隔。', { exclusiveMinimum: 0, fallback });
const triplet = loss(
  'triplet',
  {
    margin: margin(1),
    mining: choice(['semi-hard', 'hard', 'all'], 'Which triplets of the batch count.', '选用批内哪些三元组。', {
      fallback: 'semi-hard',
    }),
  },
  {
    title: { en: 'Triplet loss', zh: '三元组损失' },
    text: { en: 'The same class nearer than another.', zh: '同类更近，异类更远。' },
    formula: 'max(0, d(a,p) − d(a,n) + m)',
    source: 'torch TripletMarginLoss',
  },
);
const contrastive = loss(
  'contrastive',
  { margin: margin(1) },
  {
    title: { en: 'Contrastive loss', zh: '对比损失' },
    text: { en: 'Same pairs near, other pairs at least a margin apart.', zh: '同类对靠近，异类对至少相距间隔。' },
    formula: 'y d² + (1 − y) max(0, m − d)²',
    source: 'Hadsell et al. 2006',
  },
);

/** Task type → its losses; the first is the default. */
export const losses = {
  classification: within('class', {
    'cross-entropy': crossEntropy,
    'weighted-cross-entropy': weightedCrossEntropy,
    focal,
  }),
  multilabel: { 'binary-cross-entropy': binaryCrossEntropy, focal: binaryFocal },
  regression: within('real', { mse, mae, huber, 'log-cosh': logCosh, quantile, poisson }),
  ordinal: { coral, 'cross-entropy': plainCrossEntropy },
  box: within('box', { iou, giou, diou, ciou, 'smooth-l1': smoothL1 }),
  detection: { centernet },
  segmentation: {
    'cross-entropy': plainCrossEntropy,
    'weighted-cross-entropy': weightedCrossEntropy,
    dice,
    iou: maskIou,
  },
  translation: { 'cross-entropy': crossEntropy },
  tagging: { 'cross-entropy': crossEntropy },
  survival: { cox, 'discrete-time': discreteTime },
  similarity: { triplet, contrastive },
};

/** Losses of a table that take labels as they are. */
export const unscaled = (table: Members): readonly string[] =>
  Object.keys(table).filter((name) => extraOf(table[name] ?? {}).loss?.unscaled === true);

export const lossOf = <Table extends Members>(table: Table) =>
  tagged(
    'type',
    table,
    'What training makes small: a name or `{type, …}`. In normalized target units.',
    '训练所减小的量：名称或 `{type, …}`。以归一化目标为单位。',
    {
      fallback: Object.keys(table)[0] ?? '',
    },
  );
