/** The section `training`. */
import type { TProperties } from 'typebox';
import { boolean, choice, integer, number, object, optional, string, tagged, typeEntry } from './build.ts';
import type { Text } from '../../common/text.ts';
import { optimizerChoice } from './optimizers.ts';
import { scheduleChoice } from './schedules.ts';
import { clock } from './fields.ts';

const sampling = <const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  title: Text,
  text: Text,
) => typeEntry(name, fields, { title, text, feature: `sampling/${name}` });

export const samplings = {
  joint: sampling(
    'joint',
    {},
    { en: 'Joint', zh: '联合' },
    { en: 'Batches of all rows; every task takes what is labeled.', zh: '从所有行取批；各任务取其有标签者。' },
  ),
  proportional: sampling(
    'proportional',
    {},
    { en: 'Proportional', zh: '按比例' },
    { en: 'One task a batch, as often as it has rows.', zh: '每批一个任务，频率按行数。' },
  ),
  temperature: sampling(
    'temperature',
    {
      temperature: number('1 is proportional; large is uniform.', '1 为按比例；越大越均匀。', {
        minimum: 1,
        fallback: 5,
      }),
    },
    { en: 'Temperature', zh: '温度' },
    { en: 'One task a batch, by n^(1/τ).', zh: '每批一个任务，按 n^(1/τ)。' },
  ),
  'round-robin': sampling(
    'round-robin',
    {},
    { en: 'Round robin', zh: '轮流' },
    { en: 'One task a batch, in turn.', zh: '每批一个任务，轮流。' },
  ),
};

export const reports = {
  best: typeEntry(
    'best',
    {},
    {
      title: { en: 'Best', zh: '最佳' },
      text: {
        en: 'The epoch that is best by the monitor; the last where it has no value.',
        zh: '监视值最佳的一轮；监视值没有值时为最后一轮。',
      },
    },
  ),
  last: typeEntry('last', {}, { title: { en: 'Last', zh: '最后' }, text: { en: 'The last epoch.', zh: '最后一轮。' } }),
  mean: typeEntry(
    'mean',
    { epochs: integer('How many of the last epochs.', '最后若干轮。', { minimum: 1, fallback: 10 }) },
    {
      title: { en: 'Mean', zh: '平均' },
      text: { en: 'Mean of the metrics of the last epochs.', zh: '最后若干轮指标的平均。' },
      feature: 'report/mean',
    },
  ),
};

const earlyStopping = optional(
  object(
    {
      monitor: optional(
        string(
          '`validation/skill`, `validation/total` or `validation/<task>/<metric or loss>`; `/` in a name is `~1`.',
          '`validation/skill`、`validation/total` 或 `validation/<任务>/<指标或 loss>`；名称中的 `/` 写作 `~1`。',
          {
            nonEmpty: true,
            refers: 'monitor',
            found: {
              en: 'validation/skill for two or more tasks, otherwise validation/total',
              zh: '两个以上任务为 validation/skill，否则为 validation/total',
            },
          },
        ),
      ),
      patience: integer('Evaluations without progress before it stops.', '多少次评估无进步后停止。', {
        minimum: 1,
        fallback: 10,
      }),
      minDelta: number('What counts as progress.', '算作进步的最小变化。', { minimum: 0, fallback: 0 }),
      restoreBest: boolean(
        'Report the best epoch’s weights; `false` reports the last ones.',
        '以最佳一轮的权重为结果；`false` 则以最后的权重为结果。',
        { fallback: true },
      ),
    },
    'Stops when the monitored value no longer gets better.',
    '监视值不再改进时停止。',
  ),
);

const checkpoint = object(
  {
    every: integer('How many epochs or steps lie between.', '间隔的轮数或步数。', { minimum: 1, fallback: 1 }),
    unit: choice(['epoch', 'step'], 'What `every` counts.', '`every` 的单位。', { fallback: 'epoch' }),
    keep: integer('How many of the last are kept.', '保留最近的个数。', { minimum: 1, fallback: 2 }),
  },
  'How often the state is saved, to go on from.',
  '保存状态以便继续训练的频率。',
  { short: 'every', fallback: {} },
);

const affinity = optional(
  object(
    { every: integer('Steps between two measurements.', '两次测量之间的步数。', { minimum: 1, fallback: 100 }) },
    'Measures task affinity: what a step for one task alone does to the loss of each other task, on the same batch. Each measurement costs T backward and T forward passes.',
    '测量任务亲和度：仅为一个任务走一步，在同一批上对其他各任务损失的影响。每次测量需 T 次反向与 T 次前向。',
    { short: 'every' },
  ),
);

const ownSeed = (en: string, zh: string) =>
  integer(en, zh, { minimum: 0, maximum: 4294967295, found: { en: '`training.seed`', zh: '`training.seed`' } });

export const training = object(
  {
    optimizer: optimizerChoice,
    learningRate: number('Size of a step.', '学习率（步长）。', { exclusiveMinimum: 0, fallback: 0.001 }),
    schedule: scheduleChoice,
    batchSize: integer('Rows in a batch.', '每批行数。', { minimum: 1, fallback: 32 }),
    epochs: optional(
      integer('How often all training rows are seen.', '训练轮数。', { minimum: 1, fallback: 50, unless: 'steps' }),
    ),
    steps: optional(integer('Updates in all, instead of `epochs`.', '总更新步数，代替 `epochs`。', { minimum: 1 })),
    l1: number('λ of λΣ|w| on the kernels.', '权重的 λΣ|w| 系数 λ。', { minimum: 0, fallback: 0 }),
    l2: number(
      'λ of λΣw² on the kernels (torch `weight_decay` = 2λ).',
      '权重的 λΣw² 系数 λ（torch `weight_decay` = 2λ）。',
      { minimum: 0, fallback: 0 },
    ),
    clipNorm: optional(
      number('Largest norm of the gradient over all parameters.', '所有参数梯度范数的上限。', { exclusiveMinimum: 0 }),
    ),
    accumulate: integer(
      'Batches whose gradients are added, by label counts, before one update.',
      '累积多少批梯度（按标签数加权）后更新一次。',
      { minimum: 1, fallback: 1 },
    ),
    earlyStopping,
    checkpoint,
    sampling: tagged('type', samplings, 'Which rows a batch has.', '每批如何取行。', { fallback: 'joint' }),
    reduction: choice(
      ['labelled-mean', 'batch-mean'],
      '`labelled-mean`: mean over labeled samples, the weight is per task. `batch-mean`: sum over labeled samples ÷ batch size, the weight is per label.',
      '`labelled-mean`：对有标签样本取平均，权重按任务；`batch-mean`：有标签样本之和 ÷ 批大小，权重按标签。',
      { fallback: 'labelled-mean' },
    ),
    seed: integer('Initialization, order, dropout, augmentation.', '用于初始化、顺序、随机失活与增强。', {
      minimum: 0,
      maximum: 4294967295,
      fallback: 0,
    }),
    seeds: optional(
      object(
        {
          init: optional(ownSeed('First values of the parameters.', '参数初值。')),
          order: optional(ownSeed('Order of the rows.', '样本顺序。')),
          dropout: optional(
            ownSeed('Dropout, and what else is drawn in a step.', '随机失活以及每步中的其他随机抽取。'),
          ),
        },
        'Seeds of single sources of chance, where they differ from `seed`: an experiment holds one of them while it varies the others.',
        '个别随机来源与 `seed` 不同时各自的种子：实验可固定其中一项而改变其余各项。',
      ),
    ),
    conventions: choice(
      ['tf', 'pytorch'],
      'Whose initializers and constants are the defaults.',
      '默认采用哪一方的初始化与常数。',
      { fallback: 'tf' },
    ),
    engine: choice(
      ['auto', 'native', 'wasm'],
      '`auto`: the fastest there is. `native`: TensorFlow. `wasm`: the embedded one.',
      '`auto`：可用的最快引擎；`native`：TensorFlow；`wasm`：内置引擎。',
      { fallback: 'auto' },
    ),
    affinity,
    evaluateEvery: clock('How often the validation split is measured.', '在验证集上评估的频率。'),
    report: tagged('type', reports, 'Which epoch the results are of.', '结果取自哪一轮。', { fallback: 'best' }),
  },
  'How the network is trained.',
  '如何训练网络。',
  { fallback: {}, atMostOneOf: [['epochs', 'steps']] },
);
