/** The table of task types: target, losses, metrics and what is their own. */
import { maxTasks } from '../reading/limits.ts';
import * as Type from './typebox.ts';
import type { TProperties } from 'typebox';
import {
  boolean,
  byKey,
  choice,
  either,
  integer,
  list,
  map,
  number,
  object,
  optional,
  tagged,
  typeEntry,
} from './build.ts';
import type { About } from './build.ts';
import { layerList } from './layers.ts';
import { losses, lossOf, unscaled } from './losses.ts';
import { metrics, metricsOf } from './metrics.ts';
import { cell, column, columns } from './fields.ts';
import { maxClasses } from '../reading/limits.ts';

const survivalTarget = object(
  {
    time: Type.String({ description: 'Column of times.', mtl: { zh: '时间列。', refers: 'column', nonEmpty: true } }),
    event: Type.String({
      description: 'Column that says what happened.',
      mtl: { zh: '事件列。', refers: 'column', nonEmpty: true },
    }),
    observed: list(
      either([Type.Number(), Type.Boolean(), Type.String()], 'A value of `event`.', '`event` 的一个取值。'),
      'Values of `event` that mean that it happened.',
      '表示事件已发生的 `event` 取值。',
      { single: true, fallback: [1, true] },
    ),
  },
  'Two columns: when, and whether it happened.',
  '两列：时间，以及是否发生。',
);

const when = optional(
  byKey(
    {
      in: object(
        {
          column: column('Column that decides.', '判断所用的列。'),
          in: list(cell, 'Values for which the task applies.', '任务适用的取值。', { minItems: 1, single: true }),
        },
        'Rows whose value is in the list.',
        '取值在列表中的行。',
        { title: { en: 'One of', zh: '取值之一' } },
      ),
      '': object(
        { column: column('Column that decides.', '判断所用的列。'), equals: cell },
        'Rows with this value.',
        '取该值的行。',
        { title: { en: 'Equals', zh: '等于' } },
      ),
    },
    'Rows where the task applies; elsewhere its label counts as missing.',
    '任务适用的行；其余行视为无标签。',
  ),
);

const common = {
  input: list(
    Type.String({
      description: 'A block, an input, or `task:` and a task whose prediction is read.',
      mtl: { zh: '模块、输入，或 `task:` 加任务名（读取其预测）。', refers: 'node', nonEmpty: true },
    }),
    'What the head reads: a block or a list (concatenated). `"task:species"` is the prediction of a task.',
    '任务头所读取的：模块或列表（拼接）。`"task:species"` 为另一任务的预测。',
    { single: true, minItems: 1 },
  ),
  layers: layerList,
  stopGradient: boolean('Cuts the gradient through `task:` inputs.', '切断经由 `task:` 输入的梯度。', {
    fallback: false,
    feature: 'key/stopGradient',
  }),
  sampleWeight: optional(
    column(
      'Column with a non-negative weight for each row. It weighs losses; metrics count every label once, also one of weight 0.',
      '每行非负权重所在的列。它只对损失加权；指标对每个标签计一次，权重为 0 的也计。',
    ),
  ),
  when,
  source: optional(
    Type.String({
      description: 'The table (`data.sources`) that the rows of this task come from.',
      mtl: { zh: '该任务的行所在的表 (`data.sources`)。', refers: 'source', nonEmpty: true, feature: 'key/sources' },
    }),
  ),
};

const entry = <const Name extends string, Fields extends TProperties>(name: Name, fields: Fields, about: About) =>
  typeEntry(name, { ...fields, ...common }, { ...about, feature: `task/${name}`, rule: 'task' });

const target = (en: string, zh: string) => columns(en, zh);

const classes = optional(
  either(
    [
      integer('Number of classes: labels are 0 … n − 1.', '类别数：标签为 0 … n − 1。', {
        minimum: 2,
        maximum: maxClasses,
      }),
      list(
        either([Type.String(), Type.Number(), Type.Boolean()], 'A class.', '一个类别。'),
        'The classes in order.',
        '按顺序列出的类别。',
        { minItems: 2, maxItems: maxClasses, distinct: true },
      ),
    ],
    'Number of classes, or the list of them.',
    '类别数，或类别列表。',
    { found: { en: 'the values in the training split, sorted', zh: '训练集中的取值，排序后' } },
  ),
);

const sizes = { units: integer('Width of the decoder.', '解码器宽度。', { minimum: 1, fallback: 128 }) };
const decoderCommon = {
  tokenizer: choice(['char', 'word'], 'What a token of the output is.', '输出词元的单位。', { fallback: 'char' }),
  vocabulary: integer('Tokens that are kept.', '保留的词元数。', { minimum: 1, fallback: 8000 }),
  maxLength: integer('Longest output.', '最长输出。', { minimum: 1, fallback: 64 }),
  beam: integer('Width of the beam search; 1 is greedy.', '束搜索宽度；1 为贪心。', { minimum: 1, fallback: 1 }),
};
const decoder = tagged(
  'type',
  {
    gru: typeEntry(
      'gru',
      {
        ...sizes,
        attention: boolean('Look back at the input.', '是否回看输入。', { fallback: true }),
        ...decoderCommon,
      },
      {
        title: { en: 'GRU decoder', zh: 'GRU 解码器' },
        text: { en: 'Recurrent, with attention.', zh: '循环解码，带注意力。' },
        source: 'Bahdanau et al. 2015',
      },
    ),
    transformer: typeEntry(
      'transformer',
      { ...sizes, heads: integer('Attention heads.', '注意力头数。', { minimum: 1, fallback: 4 }), ...decoderCommon },
      {
        title: { en: 'Transformer decoder', zh: 'Transformer 解码器' },
        text: { en: 'Self-attention and attention on the input.', zh: '自注意力与对输入的注意力。' },
        source: 'Vaswani et al. 2017',
      },
    ),
  },
  'What writes the output.',
  '生成输出的解码器。',
  { fallback: 'gru' },
);

export const tasks = {
  classification: entry(
    'classification',
    {
      target: target('Column of the class.', '类别所在的列。'),
      classes,
      loss: lossOf(losses.classification),
      metrics: metricsOf(metrics.classification, ['accuracy', 'macroF1', 'microF1', 'rocAuc', 'logLoss']),
    },
    {
      title: { en: 'Classification', zh: '分类' },
      text: { en: 'One class out of several; the head ends in a softmax.', zh: '多类取一；任务头以 softmax 结束。' },
    },
  ),
  multilabel: entry(
    'multilabel',
    {
      target: target('Columns of 0 and 1, or one list column.', '若干 0/1 列，或一个列表列。'),
      classes,
      loss: lossOf(losses.multilabel),
      metrics: metricsOf(metrics.multilabel, ['f1', 'meanAveragePrecision', 'hamming']),
    },
    {
      title: { en: 'Several labels', zh: '多标签' },
      text: { en: 'Any number of labels at once.', zh: '可同时具有任意多个标签。' },
    },
  ),
  regression: entry(
    'regression',
    {
      target: target(
        'Column or columns of numbers. A gap in one column takes nothing from the others.',
        '一列或多列数值。某一列缺失不影响其他列。',
      ),
      normalize: choice(
        ['standard', 'none', 'minmax', 'robust', 'log'],
        'Unit in which the loss acts: statistics of labeled training rows; metrics are in original units.',
        '损失所用的单位：取自有标签的训练行；指标以原单位计。',
        {
          fallback: 'standard',
          fallbackWhen: unscaled(losses.regression).map((is) => ({ key: 'loss', is, value: 'none' })),
        },
      ),
      loss: lossOf(losses.regression),
      metrics: metricsOf(metrics.regression, ['mae', 'rmse', 'r2', 'mse']),
    },
    { title: { en: 'Regression', zh: '回归' }, text: { en: 'One or several numbers.', zh: '一个或多个数值。' } },
  ),
  ordinal: entry(
    'ordinal',
    {
      target: target('Column of the class.', '类别所在的列。'),
      classes,
      loss: lossOf(losses.ordinal),
      metrics: metricsOf(metrics.ordinal, ['mae', 'quadraticKappa', 'accuracy']),
    },
    {
      title: { en: 'Ordered classes', zh: '有序分类' },
      text: { en: 'Classes with an order, such as stages or ratings.', zh: '有顺序的类别，如分期、评分。' },
    },
  ),
  box: entry(
    'box',
    {
      target: target('Four columns, or one array of four numbers.', '四列，或一个含四个数的数组。'),
      format: choice(
        ['xyxy', 'cxcywh', 'xywh'],
        'Corners; center and size; upper left corner and size.',
        '两角；中心与大小；左上角与大小。',
        { fallback: 'xyxy' },
      ),
      scale: choice(['unit', 'pixels'], 'Fractions of the image, or pixels.', '图像比例，或像素。', {
        fallback: 'unit',
      }),
      loss: lossOf(losses.box),
      metrics: metricsOf(metrics.box, ['meanIoU', 'iou50', 'mse']),
    },
    {
      title: { en: 'One box', zh: '单目标框' },
      text: {
        en: 'Where the object of the image is; the head gives center and size through a sigmoid.',
        zh: '图像中目标的位置；任务头经 sigmoid 给出中心与大小。',
      },
      formula: '(cx, cy, w, h) = σ(·) in image fractions',
    },
  ),
  detection: entry(
    'detection',
    {
      target: target('Column with a JSON list of boxes and classes.', '含框与类别 JSON 列表的列。'),
      classes,
      stride: integer('Pixels for each cell of the map.', '特征图每格对应的像素数。', { minimum: 1, fallback: 4 }),
      loss: lossOf(losses.detection),
      metrics: metricsOf(metrics.detection, ['ap', 'ap50']),
    },
    {
      title: { en: 'Object detection', zh: '目标检测' },
      text: { en: 'Any number of boxes with classes.', zh: '任意多个带类别的框。' },
    },
  ),
  segmentation: entry(
    'segmentation',
    {
      target: target('Mask array, or column of mask files.', '掩码数组，或掩码文件列。'),
      classes,
      loss: lossOf(losses.segmentation),
      metrics: metricsOf(metrics.segmentation, ['mIoU', 'pixelAccuracy', 'dice']),
    },
    { title: { en: 'Segmentation', zh: '分割' }, text: { en: 'A class for each pixel.', zh: '每个像素一个类别。' } },
  ),
  translation: entry(
    'translation',
    {
      target: target('Column of text.', '文本列。'),
      decoder,
      shared: boolean('Share the vocabulary with the input.', '与输入共用词表。', { fallback: false }),
      loss: lossOf(losses.translation),
      metrics: metricsOf(metrics.translation, ['chrF', 'exactMatch', 'tokenAccuracy', 'bleu']),
    },
    { title: { en: 'Translation', zh: '翻译' }, text: { en: 'A text out of a text.', zh: '由文本生成文本。' } },
  ),
  tagging: entry(
    'tagging',
    {
      target: target('Column with a label for each token.', '每个词元一个标签的列。'),
      classes,
      loss: lossOf(losses.tagging),
      metrics: metricsOf(metrics.tagging, ['tokenAccuracy', 'spanF1']),
    },
    { title: { en: 'Tagging', zh: '序列标注' }, text: { en: 'A label for each token.', zh: '每个词元一个标签。' } },
  ),
  survival: entry(
    'survival',
    {
      target: survivalTarget,
      bins: optional(
        integer('Intervals of time, for `discrete-time`.', '时间区间数，用于 `discrete-time`。', {
          minimum: 2,
          found: { en: '10 with `discrete-time`', zh: '`discrete-time` 时为 10' },
        }),
      ),
      loss: lossOf(losses.survival),
      metrics: metricsOf(metrics.survival, ['cIndex', 'brier']),
    },
    {
      title: { en: 'Survival', zh: '生存分析' },
      text: { en: 'Time to an event that some rows have not seen.', zh: '到事件发生的时间，部分样本删失。' },
    },
  ),
  similarity: entry(
    'similarity',
    {
      target: target('Column of the class, or of the pair.', '类别列或配对列。'),
      units: integer('Length of the vector.', '向量长度。', { minimum: 1, fallback: 32 }),
      loss: lossOf(losses.similarity),
      metrics: metricsOf(metrics.similarity, ['recallAtK']),
    },
    {
      title: { en: 'Similarity', zh: '相似度' },
      text: { en: 'Vectors in which alike is near.', zh: '相似者相近的向量表示。' },
    },
  ),
};

const task = tagged('type', tasks, 'One task.', '一个任务。', { short: '' });

export const taskMap = map(
  task,
  'The tasks, by name. The last layer is implied by the type.',
  '任务，按名称。最后一层由类型决定。',
  { keys: 'names', nonEmpty: true, most: maxTasks },
);

export const weights = map(
  number('Factor of the loss of this task.', '该任务损失的系数。', { minimum: 0 }),
  'Task to non-negative number, used as given; a task not named gets 1. With adam-like optimizers a common factor changes nothing but ε, clipping and the ratio to l2; a head ignores its own weight: weights act through the shared part.',
  '任务到非负数，按原值使用；未列出的任务为 1。使用 adam 类优化器时，共同倍数只影响 ε、裁剪与 l2 的相对大小；任务头不受自身权重影响：权重通过共享部分起作用。',
  { keys: 'task', fallback: {} },
);
