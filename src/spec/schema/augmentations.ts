/** The table of augmentations: random changes of training batches. */
import type { TProperties } from 'typebox';
import { choice, list, number, tagged, typeEntry } from './build.ts';
import type { Text } from '../../common/text.ts';

const probability = (fallback: number) =>
  number('Share of samples that are changed.', '被改变的样本比例。', { minimum: 0, maximum: 1, fallback });

const entry = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  title: Text,
  text: Text,
) => typeEntry(name, fields, { title, text, feature: `augmentation/${name}` });

export const augmentations = {
  rotate: entry(
    'rotate',
    {
      degrees: number('Largest angle.', '最大角度。', { minimum: 0, maximum: 180, fallback: 15 }),
      probability: probability(1),
    },
    { en: 'Rotate', zh: '旋转' },
    { en: 'By an angle in ±degrees.', zh: '旋转 ±degrees 内的随机角度。' },
  ),
  scale: entry(
    'scale',
    {
      range: list(
        number('Factor.', '倍数。', { exclusiveMinimum: 0 }),
        'Smallest and largest factor.',
        '最小与最大倍数。',
        { minItems: 2, maxItems: 2, fallback: [0.9, 1.1] },
      ),
      probability: probability(1),
    },
    { en: 'Scale', zh: '缩放' },
    { en: 'By a factor in the range.', zh: '按范围内的随机倍数缩放。' },
  ),
  crop: entry(
    'crop',
    {
      share: number('Smallest share of height and width that is kept.', '保留的高宽最小比例。', {
        exclusiveMinimum: 0,
        maximum: 1,
        fallback: 0.8,
      }),
      probability: probability(1),
    },
    { en: 'Crop', zh: '裁剪' },
    { en: 'A random window, resized to the whole.', zh: '随机窗口，再缩放到原大小。' },
  ),
  flip: entry(
    'flip',
    {
      axis: choice(['horizontal', 'vertical'], 'Left–right or up–down.', '左右或上下。', { fallback: 'horizontal' }),
      probability: probability(0.5),
    },
    { en: 'Flip', zh: '翻转' },
    { en: 'Mirrors the image.', zh: '镜像翻转图像。' },
  ),
  translate: entry(
    'translate',
    {
      share: number('Largest shift as a share of height and width.', '最大平移占高宽的比例。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.1,
      }),
      probability: probability(1),
    },
    { en: 'Translate', zh: '平移' },
    { en: 'Shifts the image.', zh: '平移图像。' },
  ),
  brightness: entry(
    'brightness',
    {
      amount: number('Largest change as a share of the range.', '最大变化占取值范围的比例。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.2,
      }),
      probability: probability(1),
    },
    { en: 'Brightness', zh: '亮度' },
    { en: 'Lighter or darker.', zh: '变亮或变暗。' },
  ),
  noise: entry(
    'noise',
    {
      sd: number('Standard deviation, in normalized units.', '标准差（归一化单位）。', { minimum: 0, fallback: 0.05 }),
      probability: probability(1),
    },
    { en: 'Noise', zh: '噪声' },
    { en: 'Adds normal noise.', zh: '加正态噪声。' },
  ),
  timeShift: entry(
    'timeShift',
    {
      share: number('Largest shift as a share of the length.', '最大平移占长度的比例。', {
        minimum: 0,
        maximum: 1,
        fallback: 0.1,
      }),
      probability: probability(1),
    },
    { en: 'Time shift', zh: '时间平移' },
    { en: 'Moves a sequence in time.', zh: '沿时间平移序列。' },
  ),
  tokenDropout: entry(
    'tokenDropout',
    { probability: probability(0.1) },
    { en: 'Token dropout', zh: '词元丢弃' },
    { en: 'Replaces random tokens by the unknown one.', zh: '随机把词元替换为未知词元。' },
  ),
};

export const augmentation = tagged('type', augmentations, 'One random change.', '一种随机变化。');
