/** What all strategies take, and the entry of a strategy. */
import { Type } from 'typebox';
import type { TProperties } from 'typebox';
import { boolean, choice, list, nameEntry, number, object, optional } from './build.ts';
import type { About } from './build.ts';
import { file } from './shared.ts';
import { factsOf } from './strategies-facts.ts';

const observe = list(
  Type.String({ description: 'Name of a strategy.', mtl: { zh: '策略名称。', nonEmpty: true } }),
  'Strategies whose weights are logged beside, from the same gradients.',
  '用同样的梯度额外记录其权重的其他策略。',
  { single: true, fallback: [] },
);

const normalize = choice(
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
export const signedCommon = { scale, observe };

/** Keys of strategies that read losses. */
export const common = { normalize, ...signedCommon };

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
export const gradientCommon = { scale, over, per, heads: heads('own'), inner, observe };
export const positiveCommon = { normalize, ...gradientCommon };
/** Methods whose authors weigh the heads too. */
export const weightedHeads = { ...positiveCommon, heads: heads('weighted') };

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

/** Every key that more than one strategy takes, once. */
export const allCommon = { ...positiveCommon, prescale, preference };

export const strategy = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
) => nameEntry(name, { ...fields }, { ...about, facts: factsOf(name), feature: `strategy/${name}` });

/** A strategy of the user's own. It has no name, so it is told apart by its key. */
export const moduleStrategy = object(
  {
    name: Type.Literal('module'),
    module: file(
      'A JavaScript module (.mjs) that exports `needs`, `initialState` and `weigh(statistics, state)`. It runs when you train, only in trusted workspaces; `mtl strategy test FILE` checks it.',
      '导出 `needs`、`initialState` 与 `weigh(statistics, state)` 的 JavaScript 模块（.mjs）。训练时运行，仅限受信任的工作区；可用 `mtl strategy test FILE` 检查。',
    ),
    normalize,
    observe,
  },
  'A strategy of your own: the weights that its module returns multiply the losses.',
  '自定义策略：其模块返回的权重与各损失相乘。',
  { title: { en: 'Your own', zh: '自定义' } },
);
