/** The table of input types, and what is done to their values before training. */
import * as Type from './typebox.ts';
import type { TProperties } from 'typebox';
import {
  boolean,
  byKey,
  choice,
  either,
  integer,
  list,
  number,
  object,
  optional,
  pair,
  string,
  tagged,
  typeEntry,
} from './build.ts';
import type { About } from './build.ts';
import { augmentation } from './augmentations.ts';
import { columns } from './fields.ts';

const indicator = boolean('Add a column that says where a value was missing.', '增加一列标明哪些值缺失。', {
  fallback: false,
});
const constant = either([Type.Number(), Type.String()], 'The value that stands in.', '用于填补的值。');

const missing = <const Ways extends readonly [string, ...string[]]>(ways: Ways, en: string, zh: string) =>
  byKey(
    {
      constant: object({ constant, indicator }, 'A value of your own.', '自定义常数。', {
        title: { en: 'Constant', zh: '常数' },
      }),
      '': object(
        {
          fill: choice(
            ways,
            'What stands in for a missing value; `drop` drops the row (predict keeps it, with empty cells).',
            '填补缺失值的方式；`drop` 丢弃该行（预测时保留该行，单元格为空）。',
            { fallback: ways[0] },
          ),
          indicator,
        },
        'A statistic of the training split.',
        '训练集的统计量。',
        { title: { en: 'Fill', zh: '填补' }, rule: 'missing' },
      ),
    },
    en,
    zh,
    { short: 'fill', fallback: ways[0] },
  );

const outliers = optional(
  tagged(
    'method',
    {
      iqr: object(
        {
          method: Type.Literal('iqr'),
          threshold: number('Multiples of the interquartile range beyond the quartiles.', '四分位距之外的倍数。', {
            exclusiveMinimum: 0,
            fallback: 1.5,
          }),
          action: choice(['clip', 'drop', 'missing'], 'What happens to an outlier.', '对异常值的处理。', {
            fallback: 'clip',
          }),
        },
        'Beyond the quartiles by `threshold` interquartile ranges.',
        '超出四分位数 `threshold` 倍四分位距。',
        { title: { en: 'Interquartile range', zh: '四分位距' }, source: 'Tukey 1977' },
      ),
      zscore: object(
        {
          method: Type.Literal('zscore'),
          threshold: number('Standard deviations from the mean.', '距均值的标准差倍数。', {
            exclusiveMinimum: 0,
            fallback: 3,
          }),
          action: choice(['clip', 'drop', 'missing'], 'What happens to an outlier.', '对异常值的处理。', {
            fallback: 'clip',
          }),
        },
        'Beyond the mean by `threshold` standard deviations.',
        '超出均值 `threshold` 倍标准差。',
        { title: { en: 'Standard score', zh: '标准分数' } },
      ),
    },
    'Values far from the others; limits come from the training split, counts are reported.',
    '远离其他值的异常值；界限取自训练集，并报告个数。',
    { feature: 'key/outliers' },
  ),
);

const denoise = optional(
  tagged(
    'method',
    {
      median: object(
        {
          method: Type.Literal('median'),
          size: integer('Width of the window.', '窗口宽度。', { minimum: 3, fallback: 3 }),
        },
        'Median of a window.',
        '窗口中位数。',
        { title: { en: 'Median', zh: '中值滤波' } },
      ),
      gaussian: object(
        {
          method: Type.Literal('gaussian'),
          sigma: number('Standard deviation in samples or pixels.', '以采样点或像素计的标准差。', {
            exclusiveMinimum: 0,
            fallback: 1,
          }),
        },
        'Weighted mean with a bell curve.',
        '高斯加权平均。',
        { title: { en: 'Gaussian', zh: '高斯滤波' } },
      ),
      movingAverage: object(
        {
          method: Type.Literal('movingAverage'),
          size: integer('Width of the window.', '窗口宽度。', { minimum: 2, fallback: 3 }),
        },
        'Mean of a window.',
        '窗口平均。',
        { title: { en: 'Moving average', zh: '滑动平均' } },
      ),
    },
    'Smooths the values before anything else.',
    '先对数值做平滑。',
    { feature: 'key/denoise' },
  ),
);

export const normalizations = ['standard', 'scale', 'minmax', 'robust', 'log', 'none'] as const;

const normalize = (fallback: (typeof normalizations)[number]) =>
  choice(
    normalizations,
    '`standard`: (x − mean) / sd. `scale`: x / 255. `minmax`: to [0, 1]. `robust`: (x − median) / interquartile range. `log`: ln(1 + x), refused below 0. `none`. Statistics come from the training split alone.',
    '`standard`：（x − 均值）/ 标准差；`scale`：x / 255；`minmax`：缩放到 [0, 1]；`robust`：（x − 中位数）/ 四分位距；`log`：ln(1 + x)，拒绝负值；`none`：不处理。统计量只取自训练集。',
    { fallback },
  );

const augment = optional(
  list(
    augmentation,
    'Random changes of training batches; box and mask targets move with the image.',
    '只作用于训练批的随机变化；目标框与掩码随图像一起变。',
    {
      single: true,
      feature: 'key/augment',
    },
  ),
);

const entry = <const Name extends string, Fields extends TProperties>(name: Name, fields: Fields, about: About) =>
  typeEntry(
    name,
    { from: columns('Columns that this input is read from.', '该输入所取的列。'), ...fields },
    { ...about, feature: `input/${name}` },
  );

const numberMissing = () =>
  missing(['mean', 'median', 'mode', 'drop'], 'What stands in for a missing number.', '缺失数值的处理方式。');
const categoryMissing = () =>
  missing(['class', 'mode', 'drop'], '`class`: missing is a category of its own.', '`class`：缺失自成一类。');
const mediaMissing = () => missing(['drop'], 'Rows without it are dropped.', '缺失的行被丢弃。');

export const inputs = {
  number: entry(
    'number',
    { missing: numberMissing(), outliers, denoise, normalize: normalize('standard'), augment },
    {
      title: { en: 'Numbers', zh: '数值' },
      text: { en: 'One or more columns of numbers; each column is one feature.', zh: '一列或多列数值，每列一个特征。' },
    },
  ),
  category: entry(
    'category',
    {
      encoding: choice(
        ['one-hot', 'index'],
        '`one-hot`: a 0/1 column for each category. `index`: one whole number, for an `embedding` layer. Unseen values have their own bucket.',
        '`one-hot`：每个类别一个 0/1 列；`index`：一个整数，供 `embedding` 层使用。未见过的取值有专门的桶。',
        { fallback: 'one-hot' },
      ),
      missing: categoryMissing(),
    },
    {
      title: { en: 'Categories', zh: '类别' },
      text: { en: 'Columns whose values are names.', zh: '取值为名称的列。' },
    },
  ),
  image: entry(
    'image',
    {
      size: optional(
        pair('`[height, width]` of every image.', '每幅图像的 `[高, 宽]`。', {
          minimum: 1,
          found: { en: 'size of the data', zh: '数据自身的大小' },
        }),
      ),
      resize: choice(
        ['stretch', 'fit', 'crop'],
        'How an image of another shape gets `size`.',
        '其他形状的图像如何变为 `size`。',
        { fallback: 'stretch' },
      ),
      channels: optional(
        integer('1 gray, 3 color, 4 with transparency.', '1 灰度，3 彩色，4 含透明度。', {
          minimum: 1,
          maximum: 4,
          found: { en: 'channels of the data', zh: '数据自身的通道数' },
        }),
      ),
      missing: mediaMissing(),
      denoise,
      normalize: normalize('scale'),
      augment,
    },
    {
      title: { en: 'Images', zh: '图像' },
      text: {
        en: 'An array of the data (samples, height, width[, channels]) or a column of paths.',
        zh: '数据中的数组（样本，高，宽[, 通道]），或一列图像路径。',
      },
    },
  ),
  text: entry(
    'text',
    {
      tokenizer: choice(['word', 'char'], 'What a token is.', '词元的单位。', { fallback: 'word' }),
      split: optional(
        string('Split at this text instead of using a tokenizer.', '按此字符串切分，而不用分词器。', {
          nonEmpty: true,
        }),
      ),
      maxLength: integer('Longer texts are cut; how many is reported.', '更长的文本被截断，并报告数量。', {
        minimum: 1,
        fallback: 128,
      }),
      vocabulary: integer(
        'The most frequent tokens of the training split that are kept.',
        '保留训练集中最常见的词元数。',
        { minimum: 1, fallback: 10000 },
      ),
      missing: mediaMissing(),
      augment,
    },
    {
      title: { en: 'Text', zh: '文本' },
      text: { en: 'Tokens, one whole number each; padding is masked.', zh: '词元序列，每个词元一个整数；填充被屏蔽。' },
    },
  ),
  audio: entry(
    'audio',
    {
      sampleRate: integer('Samples a second after resampling.', '重采样后的采样率。', {
        minimum: 1000,
        fallback: 16000,
      }),
      frame: integer('Samples in a frame.', '每帧采样数。', { minimum: 16, fallback: 400 }),
      hop: integer('Samples between frames.', '帧移采样数。', { minimum: 1, fallback: 160 }),
      bands: integer('Mel bands.', '梅尔频带数。', { minimum: 1, fallback: 40 }),
      seconds: optional(
        number('Longer sounds are cut, shorter ones padded.', '更长的声音被截断，更短的被填充。', {
          exclusiveMinimum: 0,
          found: { en: 'the longest of the training split', zh: '训练集中最长者' },
        }),
      ),
      missing: mediaMissing(),
      denoise,
      normalize: normalize('standard'),
      augment,
    },
    {
      title: { en: 'Sound', zh: '声音' },
      text: { en: 'WAV files as log-mel pictures (time, bands).', zh: 'WAV 文件转为对数梅尔谱（时间，频带）。' },
    },
  ),
  sequence: entry(
    'sequence',
    {
      maxLength: optional(
        integer('Longer sequences are cut.', '更长的序列被截断。', {
          minimum: 1,
          found: { en: 'the longest of the training split', zh: '训练集中最长者' },
        }),
      ),
      missing: numberMissing(),
      outliers,
      denoise,
      normalize: normalize('standard'),
      augment,
    },
    { title: { en: 'Sequence', zh: '序列' }, text: { en: 'Numbers over time.', zh: '随时间变化的数值。' } },
  ),
};

export const input = tagged('type', inputs, 'One input of the network.', '网络的一个输入。', { short: '' });
