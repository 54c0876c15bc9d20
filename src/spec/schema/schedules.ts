/** The table of learning rate schedules; factors of `training.learningRate`, e = epochs done (fractions count). */
import type { TProperties } from 'typebox';
import { integer, nameEntry, number, optional, string, tagged } from './build.ts';
import type { About } from './build.ts';

const schedule = <const Name extends string, Fields extends TProperties>(name: Name, fields: Fields, about: About) =>
  nameEntry(name, fields, { ...about, feature: `schedule/${name}` });

const minimum = number('Where it ends, as a share of `learningRate`.', '终值占 `learningRate` 的比例。', {
  minimum: 0,
  maximum: 1,
  fallback: 0,
});
const warmup = (fallback: number) =>
  number('Share of the training in which it rises.', '上升阶段占训练的比例。', { minimum: 0, maximum: 1, fallback });

export const schedules = {
  constant: schedule(
    'constant',
    {},
    {
      title: { en: 'Constant', zh: '恒定' },
      text: { en: 'Always `learningRate`.', zh: '始终为 `learningRate`。' },
      formula: '1',
    },
  ),
  step: schedule(
    'step',
    {
      every: integer('Epochs between two drops.', '两次下降之间的轮数。', { minimum: 1, fallback: 10 }),
      factor: number('Factor of a drop.', '每次下降的倍数。', { exclusiveMinimum: 0, maximum: 1, fallback: 0.1 }),
    },
    {
      title: { en: 'Steps', zh: '阶梯下降' },
      text: { en: 'Drops every few epochs.', zh: '每隔若干轮下降。' },
      formula: 'factor^⌊e / every⌋',
      source: 'torch StepLR',
    },
  ),
  exponential: schedule(
    'exponential',
    { factor: number('Factor of an epoch.', '每轮的倍数。', { exclusiveMinimum: 0, maximum: 1, fallback: 0.95 }) },
    {
      title: { en: 'Exponential', zh: '指数下降' },
      text: { en: 'Shrinks after every epoch.', zh: '每轮之后缩小。' },
      formula: 'factor^⌊e⌋',
      source: 'torch ExponentialLR',
    },
  ),
  cosine: schedule(
    'cosine',
    { minimum },
    {
      title: { en: 'Cosine', zh: '余弦' },
      text: {
        en: 'Half a cosine over the whole training; p = share of steps done.',
        zh: '整个训练为半个余弦；p = 已完成步的比例。',
      },
      formula: 'min + (1 − min)(1 + cos πp) / 2',
      source: 'Loshchilov & Hutter 2017',
    },
  ),
  'warmup-cosine': schedule(
    'warmup-cosine',
    { warmup: warmup(0.05), minimum },
    {
      title: { en: 'Warm-up and cosine', zh: '预热加余弦' },
      text: { en: 'Rises in a line, then half a cosine.', zh: '先线性上升，再半个余弦。' },
      formula: 'p / w while p < w, then cosine over the rest',
      source: 'Goyal et al. 2017',
    },
  ),
  'one-cycle': schedule(
    'one-cycle',
    {
      warmup: warmup(0.3),
      startDivisor: number('It starts at learningRate ÷ this.', '起点为 learningRate ÷ 此值。', {
        minimum: 1,
        fallback: 25,
      }),
      endDivisor: number('It ends at the start ÷ this.', '终点为起点 ÷ 此值。', { minimum: 1, fallback: 10000 }),
    },
    {
      title: { en: 'One cycle', zh: '单周期' },
      text: {
        en: 'Up to `learningRate` and far down again, by cosines.',
        zh: '以余弦升到 `learningRate`，再降到很低。',
      },
      formula: '1/div → 1 → 1/(div·endDiv)',
      source: 'Smith & Topin 2018; torch OneCycleLR',
    },
  ),
  plateau: schedule(
    'plateau',
    {
      factor: number('Factor of a drop.', '每次下降的倍数。', {
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        fallback: 0.1,
      }),
      patience: integer('Evaluations without progress before a drop.', '多少次评估无进步后下降。', {
        minimum: 0,
        fallback: 10,
      }),
      minDelta: number('What counts as progress.', '算作进步的最小变化。', { minimum: 0, fallback: 1e-4 }),
      monitor: optional(
        string('What is watched.', '监视的量。', {
          nonEmpty: true,
          refers: 'monitor',
          found: { en: 'as for early stopping', zh: '同早停' },
        }),
      ),
      minimum,
    },
    {
      title: { en: 'Plateau', zh: '平台下降' },
      text: { en: 'Drops when the monitored value stops getting better.', zh: '监视值不再改进时下降。' },
      formula: 'factor^drops',
      source: 'torch ReduceLROnPlateau',
    },
  ),
  polynomial: schedule(
    'polynomial',
    { power: number('1 is a line.', '1 为直线。', { exclusiveMinimum: 0, fallback: 1 }), minimum },
    {
      title: { en: 'Polynomial', zh: '多项式' },
      text: {
        en: 'Down by a power of what is left; p = share of steps done.',
        zh: '按剩余比例的幂下降；p = 已完成步的比例。',
      },
      formula: 'min + (1 − min)(1 − p)^power',
      source: 'torch PolynomialLR',
    },
  ),
};

export const scheduleChoice = tagged(
  'name',
  schedules,
  'How the learning rate changes: a name or `{name, …}`.',
  '学习率如何变化：名称或 `{name, …}`。',
  { fallback: 'constant' },
);
