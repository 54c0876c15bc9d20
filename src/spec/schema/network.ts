/** The section `network`: blocks and what several tasks share in them. */
import type { TProperties } from 'typebox';
import { boolean, described, integer, list, map, number, object, optional, tagged, typeEntry } from './build.ts';
import type { About } from './build.ts';
import { maxBlocks, maxExperts, maxStages } from '../reading/limits.ts';
import { layerList } from './layers.ts';
import { file } from './fields.ts';
import * as Type from './typebox.ts';

const entry = <const Name extends string, Fields extends TProperties>(name: Name, fields: Fields, about: About) =>
  typeEntry(name, fields, { ...about, feature: `sharing/${name}` });

const experts = (fallback: number) =>
  integer('Number of experts, each with the layers of the block.', '专家数，每个专家都含本模块的各层。', {
    minimum: 1,
    maximum: maxExperts,
    fallback,
  });
const few = { minimum: 1, maximum: maxExperts, fallback: 1 };
const sharedExperts = integer('Experts that all tasks use.', '所有任务共用的专家数。', few);
const taskExperts = integer('Experts of each task alone.', '每个任务独有的专家数。', few);

export const sharings = {
  hard: entry(
    'hard',
    {},
    {
      title: { en: 'Hard sharing', zh: '硬共享' },
      text: { en: 'All consumers use the same layers.', zh: '所有下游使用同一组层。' },
      source: 'Caruana 1997',
    },
  ),
  soft: entry(
    'soft',
    {
      strength: number('λ of the squared distance between the copies.', '各副本间距离平方的系数 λ。', {
        minimum: 0,
        fallback: 0.01,
      }),
    },
    {
      title: { en: 'Soft sharing', zh: '软共享' },
      text: {
        en: 'A copy of the layers for each consumer, drawn together by a penalty.',
        zh: '每个下游一份副本，用惩罚项拉近。',
      },
      formula: 'λ Σ_{i<j} ‖θ_i − θ_j‖²',
      source: 'Duong et al. 2015',
    },
  ),
  'cross-stitch': entry(
    'cross-stitch',
    {
      init: number('Where the own column starts; the others share 1 − init.', '本列的初始系数；其余列均分 1 − init。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.9,
      }),
    },
    {
      title: { en: 'Cross-stitch units', zh: '十字绣单元' },
      text: {
        en: 'A column for each consumer; after every stage the columns are mixed by learned factors.',
        zh: '每个下游一列；每阶段后按可学习系数混合各列。',
      },
      formula: 'x̃_i = Σ_j α_ij x_j',
      source: 'Misra et al. 2016',
    },
  ),
  sluice: entry(
    'sluice',
    {},
    {
      title: { en: 'Sluice network', zh: '水闸网络 (sluice)' },
      text: {
        en: 'Columns split in subspaces that are mixed by learned factors.',
        zh: '各列分为子空间，按可学习系数混合。',
      },
      source: 'Ruder et al. 2019',
    },
  ),
  mmoe: entry(
    'mmoe',
    { experts: experts(8) },
    {
      title: { en: 'Multi-gate mixture of experts', zh: '多门控混合专家 (MMoE)' },
      text: { en: 'Experts shared by all, a gate for each consumer.', zh: '专家共用，每个下游一个门控。' },
      formula: 'f_k(x) = Σ_e softmax(W_k x)_e · E_e(x)',
      source: 'Ma et al. 2018',
    },
  ),
  cgc: entry(
    'cgc',
    { sharedExperts, taskExperts },
    {
      title: { en: 'Customized gate control', zh: '定制门控 (CGC)' },
      text: {
        en: 'Shared experts and experts of each task, a gate for each consumer.',
        zh: '共享专家与任务专属专家，每个下游一个门控。',
      },
      source: 'Tang et al. 2020',
    },
  ),
  ple: entry(
    'ple',
    {
      sharedExperts,
      taskExperts,
      sharedGate: boolean(
        'The shared experts have a stream and gates of their own, as in the paper; `false`: they are evaluated on the stream of each task, as in LibMTL.',
        '共享专家有自己的数据流和门控（论文的做法）；`false`：在每个任务自己的数据流上计算（LibMTL 的做法）。',
        { fallback: true },
      ),
    },
    {
      title: { en: 'Progressive layered extraction', zh: '渐进式分层提取 (PLE)' },
      text: { en: 'CGC on several levels, one a stage.', zh: '多层 CGC，每阶段一层。' },
      source: 'Tang et al. 2020',
    },
  ),
  mtan: entry(
    'mtan',
    {},
    {
      title: { en: 'Task attention', zh: '任务注意力 (MTAN)' },
      text: {
        en: 'A shared trunk and attention masks of each task at every stage.',
        zh: '共享主干，每阶段每任务一个注意力掩码。',
      },
      source: 'Liu et al. 2019',
    },
  ),
  'dselect-k': entry(
    'dselect-k',
    {
      experts: experts(8),
      selected: integer('Experts each gate selects.', '每个门控选择的专家数。', {
        minimum: 1,
        maximum: maxExperts,
        fallback: 2,
      }),
      gamma: number('Width of the smooth step.', '平滑阶跃的宽度。', { exclusiveMinimum: 0, fallback: 1 }),
      entropy: number('Factor of the entropy term that makes the selection sharp.', '使选择变尖锐的熵项系数。', {
        minimum: 0,
        fallback: 0,
      }),
    },
    {
      title: { en: 'DSelect-k', zh: 'DSelect-k 稀疏门控' },
      text: { en: 'Gates that select k experts, differentiable.', zh: '可微地选择 k 个专家的门控。' },
      source: 'Hazimeh et al. 2021',
    },
  ),
  branch: entry(
    'branch',
    {},
    {
      title: { en: 'Learned branching', zh: '学习分支 (LTB)' },
      text: { en: 'At every stage each column chooses its parent.', zh: '每阶段每列选择其父列。' },
      source: 'Guo et al. 2020',
    },
  ),
};

const sharing = tagged('type', sharings, 'How the consumers of this block share it.', '本模块的下游如何共享它。', {
  fallback: 'hard',
});

export const block = object(
  {
    input: list(
      Type.String({
        description: 'An input or a block.',
        mtl: { zh: '输入或模块的名称。', refers: 'node', nonEmpty: true },
      }),
      'An input, another block, or a list (concatenated).',
      '一个输入、另一个模块，或列表（拼接）。',
      { single: true, minItems: 1 },
    ),
    layers: layerList,
    stages: optional(
      list(
        layerList,
        'A list of layer lists; `cross-stitch`, `ple`, `mtan` and `branch` act after each.',
        '各阶段的层列表；`cross-stitch`、`ple`、`mtan`、`branch` 在每阶段后作用。',
        { minItems: 1, maxItems: maxStages, feature: 'key/stages' },
      ),
    ),
    sharing,
    learningRate: optional(
      number('Learning rate of this block alone.', '仅用于本模块的学习率。', {
        exclusiveMinimum: 0,
        found: { en: 'training.learningRate', zh: '同 training.learningRate' },
        feature: 'key/block.learningRate',
      }),
    ),
    trainable: boolean(
      '`false` freezes the block (with `weightsFrom`; otherwise it freezes noise).',
      '`false` 冻结本模块（配合 `weightsFrom`，否则冻结的是随机权重）。',
      { fallback: true },
    ),
    weightsFrom: optional(
      described(
        file('', ''),
        'A finished run whose block of the same name gives the weights.',
        '已完成的运行，取其中同名模块的权重。',
        { feature: 'key/weightsFrom' },
      ),
    ),
  },
  'A block: layers between its input and its consumers.',
  '一个模块：位于输入与下游之间的各层。',
  { rule: 'block' },
);

export const network = map(
  block,
  'Blocks by name. A block with two or more consumers *is* the sharing; blocks of blocks give trees.',
  '按名称列出的模块。有两个以上下游的模块*就是*共享；模块套模块成为树。',
  { keys: 'names', most: maxBlocks },
);
