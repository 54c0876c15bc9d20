/** Convolutions and pooling. */
import { choice, integer, optional, pair } from './build.ts';
import { layerEntry, useBias } from './layers-core.ts';
import { activation, biasInitializer, kernelInitializer, padding, strides2d } from './fields.ts';
import type { Text } from '../../common/text.ts';

const filters = integer('Number of output channels.', '输出通道数。', { minimum: 1, start: 32 });
const kernel2d = pair('Size of the window, `[height, width]` or one number.', '窗口大小 `[高, 宽]`，或一个数。', {
  minimum: 1,
  start: 3,
});
const kernel1d = integer('Length of the window.', '窗口长度。', { minimum: 1, start: 3 });
const strides1d = integer('Step of the window.', '窗口步幅。', { minimum: 1, fallback: 1 });
const depthMultiplier = integer('Output channels for each input channel.', '每个输入通道对应的输出通道数。', {
  minimum: 1,
  fallback: 1,
});
const dilation2d = pair('Distance between the points of the window.', '窗口内各点的间距（空洞）。', {
  minimum: 1,
  fallback: [1, 1],
});

const end = () => ({ activation: activation(), useBias, biasInitializer: biasInitializer() });

const pool = (source: string, title: Text, text: Text) => ({ title, text, source });

const pooling2d = () => ({
  poolSize: pair('Size of the window, `[height, width]` or one number.', '窗口大小 `[高, 宽]`，或一个数。', {
    minimum: 1,
    fallback: [2, 2],
  }),
  strides: optional(
    pair('Step of the window.', '窗口步幅。', { minimum: 1, found: { en: 'as `poolSize`', zh: '同 `poolSize`' } }),
  ),
  padding: padding(),
});

const pooling1d = () => ({
  poolSize: integer('Length of the window.', '窗口长度。', { minimum: 1, fallback: 2 }),
  strides: optional(
    integer('Step of the window.', '窗口步幅。', { minimum: 1, found: { en: 'as `poolSize`', zh: '同 `poolSize`' } }),
  ),
  padding: padding(),
});

export const convolutionLayers = {
  conv1d: layerEntry(
    'conv1d',
    {
      filters,
      kernelSize: kernel1d,
      strides: strides1d,
      padding: choice(
        ['valid', 'same', 'causal'],
        'What happens at the ends; `causal` never looks ahead.',
        '两端的处理方式；`causal` 不看未来。',
        { fallback: 'valid' },
      ),
      dilationRate: integer('Distance between the points of the window.', '窗口内各点的间距（空洞）。', {
        minimum: 1,
        fallback: 1,
      }),
      ...end(),
      kernelInitializer: kernelInitializer(),
    },
    {
      title: { en: 'Convolution over a sequence', zh: '一维卷积' },
      text: { en: 'A window slides over time.', zh: '窗口沿时间滑动。' },
      source: 'tf.layers.conv1d',
    },
  ),
  conv2d: layerEntry(
    'conv2d',
    {
      filters,
      kernelSize: kernel2d,
      strides: strides2d(),
      padding: padding(),
      dilationRate: dilation2d,
      ...end(),
      kernelInitializer: kernelInitializer(),
    },
    {
      title: { en: 'Convolution over an image', zh: '二维卷积' },
      text: {
        en: 'A window slides over height and width; `filters` windows give as many channels.',
        zh: '窗口沿高和宽滑动；`filters` 个窗口得到同样多的通道。',
      },
      formula: 'y[i,j,f] = activation(Σ x[i·s+u, j·s+v, c] W[u,v,c,f] + b[f])',
      source: 'tf.layers.conv2d',
    },
  ),
  separableConv2d: layerEntry(
    'separableConv2d',
    {
      filters,
      kernelSize: kernel2d,
      strides: strides2d(),
      padding: padding(),
      dilationRate: dilation2d,
      depthMultiplier,
      ...end(),
      depthwiseInitializer: kernelInitializer(),
      pointwiseInitializer: kernelInitializer(),
    },
    {
      title: { en: 'Separable convolution', zh: '可分离卷积' },
      text: {
        en: 'Each channel on its own, then a 1×1 convolution over the channels.',
        zh: '先逐通道卷积，再做 1×1 卷积。',
      },
      source: 'Chollet 2017; tf.layers.separableConv2d',
    },
  ),
  depthwiseConv2d: layerEntry(
    'depthwiseConv2d',
    {
      kernelSize: kernel2d,
      strides: strides2d(),
      padding: padding(),
      dilationRate: dilation2d,
      depthMultiplier,
      ...end(),
      depthwiseInitializer: kernelInitializer(),
    },
    {
      title: { en: 'Depthwise convolution', zh: '逐通道卷积' },
      text: { en: 'Each channel has its own windows.', zh: '每个通道有自己的窗口。' },
      source: 'tf.layers.depthwiseConv2d',
    },
  ),
  conv2dTranspose: layerEntry(
    'conv2dTranspose',
    {
      filters,
      kernelSize: kernel2d,
      strides: strides2d(),
      padding: padding(),
      ...end(),
      kernelInitializer: kernelInitializer(),
    },
    {
      title: { en: 'Transposed convolution', zh: '转置卷积' },
      text: {
        en: 'The way back of a convolution: maps grow by `strides`.',
        zh: '卷积的反向：特征图按 `strides` 放大。',
      },
      source: 'tf.layers.conv2dTranspose',
    },
  ),
  upSampling2d: layerEntry(
    'upSampling2d',
    {
      size: pair('Factors of height and width.', '高与宽的放大倍数。', { minimum: 1, fallback: [2, 2] }),
      interpolation: choice(['nearest', 'bilinear'], 'How values between are found.', '插值方式。', {
        fallback: 'nearest',
      }),
    },
    {
      title: { en: 'Up-sampling', zh: '上采样' },
      text: { en: 'Repeats or interpolates rows and columns.', zh: '重复或插值行与列。' },
      source: 'tf.layers.upSampling2d',
    },
  ),
  maxPooling1d: layerEntry(
    'maxPooling1d',
    pooling1d(),
    pool(
      'tf.layers.maxPooling1d',
      { en: 'Max pooling of a sequence', zh: '一维最大池化' },
      { en: 'The largest value of each window.', zh: '每个窗口的最大值。' },
    ),
  ),
  maxPooling2d: layerEntry(
    'maxPooling2d',
    pooling2d(),
    pool(
      'tf.layers.maxPooling2d',
      { en: 'Max pooling', zh: '最大池化' },
      { en: 'The largest value of each window.', zh: '每个窗口的最大值。' },
    ),
  ),
  averagePooling1d: layerEntry(
    'averagePooling1d',
    pooling1d(),
    pool(
      'tf.layers.averagePooling1d',
      { en: 'Average pooling of a sequence', zh: '一维平均池化' },
      { en: 'The mean of each window.', zh: '每个窗口的平均值。' },
    ),
  ),
  averagePooling2d: layerEntry(
    'averagePooling2d',
    pooling2d(),
    pool(
      'tf.layers.averagePooling2d',
      { en: 'Average pooling', zh: '平均池化' },
      { en: 'The mean of each window.', zh: '每个窗口的平均值。' },
    ),
  ),
  globalAveragePooling1d: layerEntry(
    'globalAveragePooling1d',
    {},
    pool(
      'tf.layers.globalAveragePooling1d',
      { en: 'Global average pooling of a sequence', zh: '序列全局平均池化' },
      { en: 'The mean over time; padding does not count.', zh: '沿时间取平均；填充不计入。' },
    ),
  ),
  globalAveragePooling2d: layerEntry(
    'globalAveragePooling2d',
    {},
    pool(
      'tf.layers.globalAveragePooling2d',
      { en: 'Global average pooling', zh: '全局平均池化' },
      { en: 'The mean of each channel over height and width.', zh: '每个通道在高与宽上的平均。' },
    ),
  ),
  globalMaxPooling1d: layerEntry(
    'globalMaxPooling1d',
    {},
    pool(
      'tf.layers.globalMaxPooling1d',
      { en: 'Global max pooling of a sequence', zh: '序列全局最大池化' },
      { en: 'The largest value over time; padding does not count.', zh: '沿时间取最大；填充不计入。' },
    ),
  ),
  globalMaxPooling2d: layerEntry(
    'globalMaxPooling2d',
    {},
    pool(
      'tf.layers.globalMaxPooling2d',
      { en: 'Global max pooling', zh: '全局最大池化' },
      { en: 'The largest value of each channel.', zh: '每个通道的最大值。' },
    ),
  ),
};
