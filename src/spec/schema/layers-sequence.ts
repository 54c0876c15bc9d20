/** Layers over time, and the block that adds its input to its output. */
import type { TSchema } from 'typebox';
import { boolean, choice, integer, later, number, optional, tagged, typeEntry } from './build.ts';
import { layerCommon, layerEntry, units, useBias } from './layers-core.ts';
import { activation, activations, biasInitializer, initializers, kernelInitializer } from './fields.ts';

const dropped = (en: string, zh: string) => number(en, zh, { minimum: 0, exclusiveMaximum: 1, fallback: 0 });

const recurrent = () => ({
  units,
  activation: activation('tanh'),
  useBias,
  returnSequences: boolean(
    'The output at every step of time instead of the last.',
    '输出每个时刻，而不只是最后一个。',
    {
      fallback: false,
    },
  ),
  goBackwards: boolean('Read from the end.', '从末尾开始读。', { fallback: false }),
  dropout: dropped('Dropout on the inputs.', '输入的随机失活率。'),
  recurrentDropout: dropped('Dropout on the state.', '状态的随机失活率。'),
  kernelInitializer: kernelInitializer(),
  recurrentInitializer: choice(initializers, 'How the weights of the state begin.', '状态权重的初始化方式。', {
    byConventions: { tf: 'orthogonal', pytorch: 'torchUniform' },
  }),
  biasInitializer: biasInitializer(),
});

const recurrentActivation = choice(activations, 'Function of the gates.', '门的激活函数。', {
  byConventions: { tf: 'hardSigmoid', pytorch: 'sigmoid' },
});

const plainRecurrent = {
  lstm: layerEntry(
    'lstm',
    {
      ...recurrent(),
      recurrentActivation,
      unitForgetBias: boolean('The bias of the forget gate begins at 1.', '遗忘门偏置初始为 1。', {
        byConventions: { tf: true, pytorch: false },
      }),
    },
    {
      title: { en: 'Long short-term memory', zh: '长短期记忆 (LSTM)' },
      text: { en: 'Recurrent layer with input, forget and output gates.', zh: '带输入门、遗忘门和输出门的循环层。' },
      source: 'Hochreiter & Schmidhuber 1997; tf.layers.lstm',
    },
  ),
  gru: layerEntry(
    'gru',
    { ...recurrent(), recurrentActivation },
    {
      title: { en: 'Gated recurrent unit', zh: '门控循环单元 (GRU)' },
      text: { en: 'Recurrent layer with update and reset gates.', zh: '带更新门和重置门的循环层。' },
      source: 'Cho et al. 2014; tf.layers.gru',
    },
  ),
  simpleRNN: layerEntry('simpleRNN', recurrent(), {
    title: { en: 'Simple recurrent layer', zh: '简单循环层' },
    text: { en: 'The state is a dense layer of input and old state.', zh: '状态由输入与旧状态经全连接得到。' },
    formula: 'h_t = activation(x_t W + h_{t−1} U + b)',
    source: 'Elman 1990; tf.layers.simpleRNN',
  }),
};

export const recurrentLayers = {
  ...plainRecurrent,
  bidirectional: layerEntry(
    'bidirectional',
    {
      layer: tagged('type', plainRecurrent, 'The recurrent layer that is run both ways.', '双向运行的循环层。'),
      mergeMode: choice(['concat', 'sum', 'ave', 'mul'], 'How the two directions are joined.', '两个方向的合并方式。', {
        fallback: 'concat',
      }),
    },
    {
      title: { en: 'Bidirectional', zh: '双向循环层' },
      text: { en: 'A recurrent layer forwards and its twin backwards.', zh: '同一循环层正向与反向各运行一次。' },
      source: 'tf.layers.bidirectional',
    },
  ),
};

export const attentionLayers = {
  multiHeadAttention: layerEntry(
    'multiHeadAttention',
    {
      heads: integer('Number of heads.', '注意力头数。', { minimum: 1, start: 4 }),
      keyDim: optional(
        integer('Length of the keys of one head.', '每个头的键长度。', {
          minimum: 1,
          found: { en: 'width of the input ÷ heads', zh: '输入宽度 ÷ 头数' },
        }),
      ),
      dropout: dropped('Dropout on the attention weights.', '注意力权重的随机失活率。'),
    },
    {
      title: { en: 'Multi-head self-attention', zh: '多头自注意力' },
      text: {
        en: 'Every position looks at all others; padding is masked. Ours, not of tf.layers.',
        zh: '每个位置关注所有位置；填充被屏蔽。本项目自有层。',
      },
      formula: 'softmax(Q Kᵀ / √d) V, heads concatenated, then a dense layer',
      source: 'Vaswani et al. 2017',
    },
  ),
  positionalEncoding: layerEntry(
    'positionalEncoding',
    {
      kind: choice(['sinusoidal', 'learned'], 'Fixed sines or learned vectors.', '固定正弦或可学习向量。', {
        fallback: 'sinusoidal',
      }),
    },
    {
      title: { en: 'Positional encoding', zh: '位置编码' },
      text: {
        en: 'Adds the position in the sequence to every vector. Ours, not of tf.layers.',
        zh: '把序列中的位置加到每个向量上。本项目自有层。',
      },
      formula: 'PE(p, 2i) = sin(p / 10000^{2i/d}), PE(p, 2i+1) = cos(p / 10000^{2i/d})',
      source: 'Vaswani et al. 2017',
    },
  ),
};

/** `residual` holds layers itself, so its list is known only when the table is complete. */
export const residualLayer = <Layer>(layerList: () => TSchema) =>
  typeEntry(
    'residual',
    {
      layers: later<readonly Layer[]>(
        layerList,
        'Layers whose output is added to their input.',
        '其输出与输入相加的各层。',
      ),
      name: layerCommon.name,
    },
    {
      title: { en: 'Residual block', zh: '残差块' },
      text: {
        en: 'Adds the input to the output of `layers`; where the widths differ, the input passes through a linear map (1×1 convolution). Ours, not of tf.layers.',
        zh: '把输入加到 `layers` 的输出上；宽度不同时输入先经线性映射（1×1 卷积）。本项目自有层。',
      },
      formula: 'y = x + f(x)',
      source: 'He et al. 2016',
      feature: 'layer/residual',
    },
  );
