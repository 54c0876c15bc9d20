/** Layers of every network: dense, shapes, regularizers, normalization, embedding. */
import { boolean, integer, list, number, optional, string, typeEntry } from './build.ts';
import type { About } from './build.ts';
import { activation, activations, biasInitializer, initializers, kernelInitializer, regularization } from './fields.ts';
import { choice } from './build.ts';
import type { TProperties } from 'typebox';

export const layerCommon = {
  name: optional(string('A name of your own, shown in the diagram.', '自定义名称，显示在图中。', { nonEmpty: true })),
  regularization,
};

export const layerEntry = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: Omit<About, 'feature'>,
) => typeEntry(name, { ...fields, ...layerCommon }, { ...about, feature: `layer/${name}` });

export const units = integer('Number of outputs.', '输出单元数。', { minimum: 1, start: 32 });
export const useBias = boolean('Add a bias.', '是否加偏置。', { fallback: true });
const rate = number(
  'Share of values set to 0 in training; the others are divided by 1 − rate.',
  '训练时置 0 的比例；其余值除以 1 − rate。',
  {
    minimum: 0,
    exclusiveMaximum: 1,
    start: 0.2,
  },
);
const center = boolean('Learn an offset β.', '学习偏移 β。', { fallback: true });
const scale = boolean('Learn a factor γ.', '学习缩放 γ。', { fallback: true });

export const coreLayers = {
  dense: layerEntry(
    'dense',
    {
      units,
      activation: activation(),
      useBias,
      kernelInitializer: kernelInitializer(),
      biasInitializer: biasInitializer(),
    },
    {
      title: { en: 'Fully connected layer', zh: '全连接层' },
      text: { en: 'Every output sees every input of the last axis.', zh: '每个输出与最后一轴的所有输入相连。' },
      formula: 'y = activation(x W + b)',
      source: 'tf.layers.dense',
    },
  ),
  flatten: layerEntry(
    'flatten',
    {},
    {
      title: { en: 'Flatten', zh: '展平' },
      text: { en: 'Any shape becomes one row of numbers.', zh: '把任意形状展平成一行数。' },
      source: 'tf.layers.flatten',
    },
  ),
  reshape: layerEntry(
    'reshape',
    {
      targetShape: list(
        integer('Size of one axis; −1 once: what is left.', '一个轴的大小；可有一个 −1 表示自动推算。', {
          minimum: -1,
        }),
        'New shape without the batch axis.',
        '新的形状（不含批轴）。',
        {
          minItems: 1,
        },
      ),
    },
    {
      title: { en: 'Reshape', zh: '改变形状' },
      text: { en: 'The same numbers in another shape.', zh: '数值不变，形状改变。' },
      source: 'tf.layers.reshape',
    },
  ),
  dropout: layerEntry(
    'dropout',
    { rate },
    {
      title: { en: 'Dropout', zh: '随机失活 (dropout)' },
      text: {
        en: 'Sets random values to 0 in training; the mask is keyed by seed, layer and step.',
        zh: '训练时随机置 0；掩码由种子、层与步决定。',
      },
      formula: 'y = x · m / (1 − rate), m ~ Bernoulli(1 − rate)',
      source: 'Srivastava et al. 2014; tf.layers.dropout',
    },
  ),
  spatialDropout1d: layerEntry(
    'spatialDropout1d',
    { rate },
    {
      title: { en: 'Spatial dropout of a sequence', zh: '序列的空间随机失活' },
      text: { en: 'Sets whole features of a sequence to 0 in training.', zh: '训练时把序列的整个特征通道置 0。' },
      source: 'tf.layers.spatialDropout1d',
    },
  ),
  batchNormalization: layerEntry(
    'batchNormalization',
    {
      momentum: number(
        'Share of the old moving mean and variance that is kept at each step (tf.layers; PyTorch counts 1 − this).',
        '每步保留的旧滑动均值/方差比例（tf.layers 定义；PyTorch 为 1 − 此值）。',
        {
          minimum: 0,
          exclusiveMaximum: 1,
          byConventions: { tf: 0.99, pytorch: 0.9 },
        },
      ),
      epsilon: number('Added to the variance.', '加到方差上的小数。', {
        exclusiveMinimum: 0,
        byConventions: { tf: 1e-3, pytorch: 1e-5 },
      }),
      debias: boolean(
        'Moving averages over the batches alone: divided by 1 − momentumᵗ after t updates, so that nothing is left of the 0 and 1 they begin with (as Adam corrects its moments).',
        '滑动平均只由各批得出：经 t 次更新后除以 1 − momentumᵗ，不再含有初始的 0 与 1（与 Adam 修正其矩的方式相同）。',
        { byConventions: { tf: true, pytorch: false } },
      ),
      center,
      scale,
    },
    {
      title: { en: 'Batch normalization', zh: '批量归一化' },
      text: {
        en: 'Normalizes each channel by the batch in training, by moving statistics afterwards.',
        zh: '训练时按批归一化各通道，之后用滑动统计量。',
      },
      formula: 'y = γ (x − μ) / √(σ² + ε) + β',
      source: 'Ioffe & Szegedy 2015; tf.layers.batchNormalization',
    },
  ),
  layerNormalization: layerEntry(
    'layerNormalization',
    {
      epsilon: number('Added to the variance.', '加到方差上的小数。', {
        exclusiveMinimum: 0,
        byConventions: { tf: 1e-3, pytorch: 1e-5 },
      }),
      center,
      scale,
    },
    {
      title: { en: 'Layer normalization', zh: '层归一化' },
      text: { en: 'Normalizes each sample over its last axis.', zh: '对每个样本沿最后一轴归一化。' },
      formula: 'y = γ (x − μ) / √(σ² + ε) + β',
      source: 'Ba et al. 2016; tf.layers.layerNormalization',
    },
  ),
  activation: layerEntry(
    'activation',
    { activation: choice(activations, 'The function.', '激活函数。', { start: 'relu' }) },
    {
      title: { en: 'Activation', zh: '激活层' },
      text: {
        en: 'Applies a function to every value (softmax: over the last axis).',
        zh: '对每个值作用激活函数（softmax 沿最后一轴）。',
      },
      source: 'tf.layers.activation',
    },
  ),
  embedding: layerEntry(
    'embedding',
    {
      outputDim: integer('Length of each vector.', '向量长度。', { minimum: 1, start: 16 }),
      inputDim: optional(
        integer('Number of different values.', '不同取值的个数。', {
          minimum: 1,
          found: {
            en: 'from the input: its categories or vocabulary and one bucket for the unseen',
            zh: '由输入推断：类别数或词表大小，另加一个未见值桶',
          },
        }),
      ),
      embeddingsInitializer: choice(initializers, 'How the vectors begin.', '向量的初始化方式。', {
        byConventions: { tf: 'randomUniform', pytorch: 'randomNormal' },
      }),
    },
    {
      title: { en: 'Embedding', zh: '嵌入层' },
      text: {
        en: 'Turns each index into a learned vector: for `category` inputs with `encoding: "index"` and for tokens.',
        zh: '把每个索引变为可学习的向量：用于 `encoding: "index"` 的类别输入与词元。',
      },
      source: 'tf.layers.embedding',
    },
  ),
};
