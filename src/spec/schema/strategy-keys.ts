/** Keys that more than one strategy takes, each described once. */
import * as Type from './typebox.ts';
import { boolean, choice, list, number, optional } from './build.ts';

export const observe = list(
  Type.String({ description: 'Name of a strategy.', mtl: { zh: '策略名称。', nonEmpty: true, refers: 'strategy' } }),
  'Strategies whose weights are logged beside, from the same gradients.',
  '用同样的梯度额外记录其权重的其他策略。',
  { single: true, fallback: [] },
);

export const normalize = choice(
  ['none', 'sum-to-one', 'sum-to-tasks'],
  'Rescale the returned weights (only for weights ≥ 0).',
  '对返回的权重重新缩放（仅限权重 ≥ 0）。',
  { fallback: 'none' },
);

const scale = choice(
  ['paper', 'sum', 'mean'],
  'Scale of the combined gradient: as in the paper, or so that equal tasks give their sum or mean.',
  '合成梯度的尺度：按论文，或使相同任务得到其和或平均。',
  { fallback: 'paper' },
);

/** Keys of strategies that read losses, and may give negative weights. */
export const signedLossKeys = { scale, observe };

/** Keys of strategies that read losses. */
export const lossKeys = { normalize, ...signedLossKeys };

const over = choice(
  ['shared', 'representation'],
  'Gradients of the shared parameters, or of the one node that feeds all tasks.',
  '取共享参数的梯度，或取供给所有任务的节点的梯度。',
  { fallback: 'shared', feature: 'key/over' },
);
const per = choice(
  ['all', 'block'],
  'One problem over all shared parameters, or one a block.',
  '对所有共享参数求解一次，或每个模块一次。',
  { fallback: 'all' },
);
const inner = optional(
  choice(['per-sample', 'batch-sum'], 'How samples are joined.', '样本的合并方式。', {
    fallback: 'per-sample',
    onlyWhen: { key: 'over', is: ['representation'] },
  }),
);
const heads = (fallback: 'own' | 'weighted') =>
  choice(['own', 'weighted'], 'Heads take their own gradient or the weighted one.', '任务头使用自身梯度或加权梯度。', {
    fallback,
  });

/** Keys of strategies that read gradients; weights that may be negative are not normalized. */
export const gradientKeys = { scale, over, per, heads: heads('own'), inner, observe };
export const positiveGradientKeys = { normalize, ...gradientKeys };
/** Methods whose authors weigh the heads too. */
export const weightedGradientKeys = { ...positiveGradientKeys, heads: heads('weighted') };

/** `given` takes the task weights as they are, which is what the reference libraries do with their preference vectors. */
export const preference = choice(
  ['normalized', 'given'],
  'The preference r: the task weights divided by their sum, or as they are.',
  '偏好 r：任务权重除以其和，或原样使用。',
  { fallback: 'normalized' },
);

export const prescale = boolean(
  'Multiply the losses by the task weights before the method sees them.',
  '在方法读取之前把损失乘以任务权重。',
  { fallback: false },
);
export const stateLearningRate = optional(
  number('Learning rate of the state of the strategy.', '策略状态的学习率。', {
    exclusiveMinimum: 0,
    found: { en: 'that of the main optimizer', zh: '主优化器的学习率' },
  }),
);

/** Every key that most strategies take, once. */
export const allCommon = { ...positiveGradientKeys, prescale, preference };

export const reference = optional(
  list(number('A point no loss falls below.', '损失不会低于的点。'), 'One number a task.', '每个任务一个数。', {
    found: { en: 'zeros', zh: '全为 0' },
  }),
);
export const inverse = boolean('Turn the order round.', '反转次序。', { fallback: false });

export const normEps = number('Below this trace the gradients count as zero.', '迹小于此值视为零。', {
  minimum: 0,
  fallback: 1e-4,
});
export const regEps = number('Added to the normalized Gram matrix.', '加到归一化 Gram 矩阵上的值。', {
  minimum: 0,
  fallback: 1e-4,
});

export const beta = (fallback: number) =>
  number('β of the running gradient.', '滑动梯度的 β。', { minimum: 0, maximum: 1, fallback });
/** The exponent with which a rate falls from step to step. */
export const sigma = (fallback: number) =>
  number('β is divided by step^σ.', 'β 除以 step^σ。', { minimum: 0, fallback });
export const gamma = (fallback: number) =>
  number('Step of the weights.', '权重的步长 γ。', { exclusiveMinimum: 0, fallback });
export const rho = (fallback: number) =>
  number('Regularization of the weights.', '权重的正则系数 ρ。', { minimum: 0, fallback });

export const outerLearningRate = number('Learning rate of the task weights.', '任务权重的学习率。', {
  exclusiveMinimum: 0,
  fallback: 0.01,
});
export const innerLearningRate = number('Learning rate of the inner steps.', '内层步的学习率。', {
  exclusiveMinimum: 0,
  fallback: 0.1,
});
