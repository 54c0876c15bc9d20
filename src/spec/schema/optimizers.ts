/** The table of optimizers. */
import type { Static, TObject, TProperties } from 'typebox';
import { boolean, nameEntry, number, tagged } from './build.ts';
import type { About } from './build.ts';
import type { OptimizerTraits } from './row-traits.ts';

const optimizer = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
  traits: OptimizerTraits<Static<TObject<Fields>>>,
) => nameEntry(name, fields, { ...about, optimizer: traits, feature: `optimizer/${name}` });

const beta1 = number('Decay of the mean of gradients.', '梯度均值的衰减率。', {
  minimum: 0,
  exclusiveMaximum: 1,
  fallback: 0.9,
});
const beta2 = number('Decay of the mean of squared gradients.', '梯度平方均值的衰减率。', {
  minimum: 0,
  exclusiveMaximum: 1,
  fallback: 0.999,
});
const epsilon = (tf: number, pytorch: number) =>
  number('Added to the divisor.', '加到除数上的小数。', { minimum: 0, byConventions: { tf, pytorch } });
const momentum = (fallback: number) =>
  number('Share of the last step that is kept.', '保留上一步的比例。', { minimum: 0, exclusiveMaximum: 1, fallback });
const weightDecay = number(
  'Decoupled decay, × learning rate; not on biases and norms.',
  '解耦的权重衰减，× 学习率；不作用于偏置与归一化参数。',
  { minimum: 0, fallback: 0.01 },
);

export const optimizers = {
  adam: optimizer(
    'adam',
    { beta1, beta2, epsilon: epsilon(1e-7, 1e-8) },
    {
      title: { en: 'Adam', zh: 'Adam' },
      text: {
        en: 'Steps of similar size for every parameter. A common factor on all losses changes nothing but ε, clipping and the ratio to l2.',
        zh: '各参数步长相近。所有损失同乘一个数只影响 ε、裁剪与 l2 的相对大小。',
      },
      formula: 'θ ← θ − η m̂ / (√v̂ + ε)',
      source: 'Kingma & Ba 2015',
    },
    // It has a kernel of its own on the embedded engine, as adamw has.
    { memory: () => ({ slots: 2, scratch: 3 }) },
  ),
  sgd: optimizer(
    'sgd',
    {},
    {
      title: { en: 'Gradient descent', zh: '随机梯度下降' },
      text: {
        en: 'Straight down the gradient. A common factor on all losses multiplies the learning rate.',
        zh: '沿梯度下降。所有损失同乘一个数等于改变学习率。',
      },
      formula: 'θ ← θ − η g',
      source: 'Robbins & Monro 1951',
    },
    { proportional: true, memory: () => ({ slots: 0, scratch: 2 }) },
  ),
  momentum: optimizer(
    'momentum',
    { momentum: momentum(0.9) },
    {
      title: { en: 'Momentum', zh: '动量法' },
      text: { en: 'Keeps a part of the last step.', zh: '保留上一步的一部分。' },
      formula: 'v ← μv + g; θ ← θ − η v',
      source: 'Polyak 1964',
    },
    { proportional: true, memory: () => ({ slots: 1, scratch: 4 }) },
  ),
  nesterov: optimizer(
    'nesterov',
    { momentum: momentum(0.9) },
    {
      title: { en: 'Nesterov momentum', zh: 'Nesterov 动量' },
      text: { en: 'Looks ahead by the momentum.', zh: '按动量向前看一步。' },
      formula: 'v ← μv + g; θ ← θ − η (g + μv)',
      source: 'Nesterov 1983; Sutskever 2013',
    },
    { proportional: true, memory: () => ({ slots: 1, scratch: 6 }) },
  ),
  adamw: optimizer(
    'adamw',
    { beta1, beta2, epsilon: epsilon(1e-7, 1e-8), weightDecay },
    {
      title: { en: 'AdamW', zh: 'AdamW' },
      text: {
        en: 'Adam with decoupled weight decay; biases and normalization do not decay.',
        zh: '带解耦权重衰减的 Adam；偏置与归一化参数不衰减。',
      },
      formula: 'θ ← θ − η (m̂ / (√v̂ + ε) + λθ)',
      source: 'Loshchilov & Hutter 2019',
    },
    { memory: () => ({ slots: 2, scratch: 3 }) },
  ),
  adamax: optimizer(
    'adamax',
    { beta1, beta2, epsilon: epsilon(1e-7, 1e-8) },
    {
      title: { en: 'Adamax', zh: 'Adamax' },
      text: { en: 'Adam with the largest gradient instead of the mean square.', zh: '以最大梯度代替均方的 Adam。' },
      formula: 'u ← max(β₂u, |g|); θ ← θ − η m̂ / (u + ε) (PyTorch: u ← max(β₂u, |g| + ε), m̂ / u)',
      source: 'Kingma & Ba 2015',
    },
    { memory: () => ({ slots: 2, scratch: 11 }) },
  ),
  adagrad: optimizer(
    'adagrad',
    {
      initialAccumulator: number('Where the sum of squares begins.', '平方和的初值。', {
        minimum: 0,
        byConventions: { tf: 0.1, pytorch: 0 },
      }),
      epsilon: epsilon(1e-7, 1e-10),
    },
    {
      title: { en: 'Adagrad', zh: 'Adagrad' },
      text: { en: 'Steps shrink where much was learned.', zh: '学得多的参数步长变小。' },
      formula: 'a ← a + g²; θ ← θ − η g / (√a + ε) (tf: √(a + ε))',
      source: 'Duchi et al. 2011',
    },
    { memory: () => ({ slots: 1, scratch: 7 }) },
  ),
  adadelta: optimizer(
    'adadelta',
    {
      rho: number('Decay of the means of squares.', '平方均值的衰减率。', {
        minimum: 0,
        exclusiveMaximum: 1,
        byConventions: { tf: 0.95, pytorch: 0.9 },
      }),
      epsilon: epsilon(1e-7, 1e-6),
    },
    {
      title: { en: 'Adadelta', zh: 'Adadelta' },
      text: {
        en: 'Adagrad with a memory that fades; try a learning rate of 1.',
        zh: '记忆逐渐消退的 Adagrad；学习率可试 1。',
      },
      formula: 'v ← ρv + (1−ρ)g²; Δ = g √(u + ε) / √(v + ε); u ← ρu + (1−ρ)Δ²; θ ← θ − η Δ',
      source: 'Zeiler 2012',
    },
    { largestRate: 10, memory: () => ({ slots: 2, scratch: 16 }) },
  ),
  rmsprop: optimizer(
    'rmsprop',
    {
      decay: number('Decay of the mean of squared gradients.', '梯度平方均值的衰减率。', {
        minimum: 0,
        exclusiveMaximum: 1,
        byConventions: { tf: 0.9, pytorch: 0.99 },
      }),
      momentum: momentum(0),
      epsilon: epsilon(1e-7, 1e-8),
      centered: boolean('Subtract the square of the mean.', '减去均值的平方。', { fallback: false }),
    },
    {
      title: { en: 'RMSprop', zh: 'RMSprop' },
      text: { en: 'Divides by the running size of the gradient.', zh: '除以梯度的滑动均方根。' },
      formula: 'v ← ρv + (1−ρ)g²; θ ← θ − η g / (√v + ε) (tf: √(v + ε))',
      source: 'Tieleman & Hinton 2012',
    },
    {
      memory: ({ momentum: mu, centered }) => {
        const [velocity, mean] = [Number(mu > 0), Number(centered)];
        return { slots: 1 + velocity + mean, scratch: 9 + 2 * velocity + 6 * mean };
      },
    },
  ),
};

export const optimizerChoice = tagged(
  'name',
  optimizers,
  'How gradients become steps: a name or `{name, …}`.',
  '梯度如何变为更新：名称或 `{name, …}`。',
  { fallback: 'adam' },
);
