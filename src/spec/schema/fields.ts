/** Fields that several tables use. */
import * as Type from './typebox.ts';
import { choice, either, list, number, object, optional, pair, string } from './build.ts';
import type { Reference } from './build.ts';

export const activations = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'gelu',
  'swish',
  'mish',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'softmax',
  'logSoftmax',
  'softplus',
  'softsign',
] as const;

export const initializers = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  'torchUniform',
  'orthogonal',
  'randomNormal',
  'randomUniform',
  'zeros',
  'ones',
] as const;

export const activation = (fallback: (typeof activations)[number] = 'linear') =>
  choice(activations, 'Function applied to the output.', '作用于输出的激活函数。', { fallback });

/** Glorot's uniform in tf.layers; U(±1/√fan_in) in PyTorch (`torchUniform`). */
export const kernelInitializer = () =>
  choice(
    initializers,
    'How the weights begin. `torchUniform` is U(±1/√fan_in), as in PyTorch.',
    '权重的初始化方式。`torchUniform` 即 PyTorch 的 U(±1/√fan_in)。',
    { byConventions: { tf: 'glorotUniform', pytorch: 'torchUniform' } },
  );

export const biasInitializer = () =>
  choice(initializers, 'How the bias begins.', '偏置的初始化方式。', {
    byConventions: { tf: 'zeros', pytorch: 'torchUniform' },
  });

export const padding = () =>
  choice(
    ['valid', 'same'],
    '`valid`: no padding. `same`: output as large as input ÷ strides.',
    '`valid`：不填充；`same`：输出与输入 ÷ 步幅同大。',
    {
      fallback: 'valid',
    },
  );

export const strides2d = () =>
  pair('Step of the window, `[height, width]` or one number.', '窗口步幅 `[高, 宽]`，或一个数。', {
    minimum: 1,
    fallback: [1, 1],
  });

export const column = (en: string, zh: string, refers: Reference = 'column') =>
  string(en, zh, { refers, nonEmpty: true });

const pattern = object(
  {
    match: string('Pattern: `*` any characters, `?` one character.', '通配符：`*` 任意字符，`?` 单个字符。', {
      nonEmpty: true,
    }),
  },
  'All columns whose name fits the pattern, in the order of the file.',
  '所有名称匹配的列，按文件中的顺序。',
);
const except = object(
  {
    except: list(
      column('Column or pattern to leave out.', '要排除的列或通配符。'),
      'Columns (or patterns) to leave out.',
      '要排除的列（或通配符）。',
      {
        minItems: 1,
        single: true,
      },
    ),
  },
  'All columns but these (and but the targets).',
  '除这些列（及目标列）以外的所有列。',
);

/** A column by name, columns by pattern, or all but some. */
const columnSelector = either(
  [column('Name of a column.', '列名。'), pattern, except],
  'A column, `{"match": "p??"}` or `{"except": ["id"]}`.',
  '列名、`{"match": "p??"}` 或 `{"except": ["id"]}`。',
);

export const columns = (en: string, zh: string) => list(columnSelector, en, zh, { single: true, minItems: 1 });

export const file = (en: string, zh: string) => string(en, zh, { refers: 'file', nonEmpty: true });

export const files = (en: string, zh: string) => list(file('A path.', '路径。'), en, zh, { single: true, minItems: 1 });

/** A value as a table may hold it. */
export const cell = either([Type.String(), Type.Number(), Type.Boolean()], 'A value of the column.', '该列的一个值。');

export const regularization = optional(
  object(
    {
      l1: number('λ of λΣ|w| on the kernels of this layer.', '本层权重的 λΣ|w| 系数 λ。', { minimum: 0, fallback: 0 }),
      l2: number(
        'λ of λΣw² on the kernels of this layer (torch `weight_decay` = 2λ).',
        '本层权重的 λΣw² 系数 λ（torch `weight_decay` = 2λ）。',
        {
          minimum: 0,
          fallback: 0,
        },
      ),
    },
    'Penalty on the kernels of this layer, added to `training.l1` and `training.l2`.',
    '本层权重的惩罚项，与 `training.l1`、`training.l2` 相加。',
  ),
);

const integerEvery = Type.Integer({
  minimum: 1,
  description: 'How many epochs or steps lie between.',
  mtl: { zh: '间隔的轮数或步数。', fallback: 1 },
});

export const clock = (en: string, zh: string) =>
  object(
    {
      every: integerEvery,
      unit: choice(['epoch', 'step'], 'What `every` counts.', '`every` 的单位。', { fallback: 'epoch' }),
    },
    en,
    zh,
    { short: 'every', fallback: 1 },
  );
