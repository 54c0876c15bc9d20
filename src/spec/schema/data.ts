/** The section `data`. */
import {
  boolean,
  byKey,
  choice,
  described,
  either,
  integer,
  list,
  map,
  number,
  object,
  optional,
  string,
} from './build.ts';
import { formatNames } from './formats.ts';
import { input } from './inputs.ts';
import { column, file, files } from './fields.ts';

const source = object(
  {
    train: files(
      'Rows to split, or to train on where `validation` or `test` name their own.',
      '用于划分的行；若 `validation` 或 `test` 另有文件，则为训练行。',
    ),
    validation: optional(
      described(files('', ''), 'Rows to validate on.', '验证用的行。', { feature: 'key/source.validation' }),
    ),
    test: optional(
      described(files('', ''), 'Rows to test on, once.', '只用一次的测试行。', { feature: 'key/source.test' }),
    ),
  },
  'The table: a path, a list (rows appended), or `{train, validation, test}`. `.csv .tsv .jsonl .npz .parquet` or an IDX file.',
  '数据表：一个路径、一个列表（行相接），或 `{train, validation, test}`。支持 `.csv .tsv .jsonl .npz .parquet` 与 IDX 文件。',
  { short: 'train' },
);

const format = optional(
  choice(formatNames, 'The format of the files, where their names do not say.', '文件格式（文件名看不出时）。', {
    found: { en: 'from the name of the file', zh: '由文件名推断' },
  }),
);

const detected = { found: { en: 'detected, and reported', zh: '自动检测，并报告' } };

const csv = object(
  {
    separator: optional(
      string('Between cells: `,` `;` tab…', '单元格分隔符：`,` `;` 制表符…', { ...detected, nonEmpty: true }),
    ),
    decimal: optional(choice(['.', ','], 'Decimal point or comma.', '小数点或小数逗号。', detected)),
    thousands: optional(
      choice(
        [',', '.', ' ', "'"],
        'What groups digits by threes (`1,257`). It is never guessed: where a column could be read in two ways you are asked.',
        '千位分隔符（`1,257`）。从不猜测：一列有两种读法时会要求说明。',
        { found: { en: 'none', zh: '无' } },
      ),
    ),
    encoding: optional(
      string('`utf-8`, `gb18030`, `utf-16le`…', '`utf-8`、`gb18030`、`utf-16le`…', { ...detected, nonEmpty: true }),
    ),
    quote: optional(string('Quotation mark.', '引号字符。', { ...detected, nonEmpty: true, characters: 1 })),
    header: optional(boolean('Does the first line name the columns?', '首行是否为列名？', detected)),
  },
  'How CSV and TSV files are written: detected unless given.',
  'CSV/TSV 的写法；未给出的自动检测。',
  { fallback: {} },
);

const token = either(
  [string('A cell, by its spelling.', '按拼写比较的单元格。'), number('A number, by its value.', '按数值比较的数。')],
  'A cell that means "missing": text by its spelling, a number by its value (`-999` is also `-999.0`).',
  '表示缺失的单元格内容：文本按拼写比较，数按数值比较（`-999` 也即 `-999.0`）。',
);

const tokens = (en: string, zh: string) => list(token, en, zh);

const missingTokens = either(
  [
    tokens('Cells that mean "missing", in every column.', '所有列中表示缺失的内容。'),
    map(
      tokens('Cells that mean "missing" in this column.', '该列中表示缺失的内容。'),
      'By column; the others keep the default.',
      '按列指定；其余列用默认值。',
      { keys: 'column' },
    ),
  ],
  'Cells that mean "missing": a list, or a list for each column (the country code of Namibia *is* `NA`). Text is compared as it is spelled, a number by its value.',
  '表示缺失的单元格内容：一个列表，或按列指定（纳米比亚的国家代码就是 `NA`）。文本按拼写比较，数按数值比较。',
  { fallback: ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?'] },
);

const stratify = either(
  [boolean('', ''), column('Column whose values are spread evenly.', '按该列取值均匀分配。')],
  'Keep the shares of classes equal in all splits: by the first classification task where classes allow, by a column, or not.',
  '使各划分中类别比例相同：按首个分类任务（类别允许时）、按某列，或不分层。',
  { fallback: true },
);
const group = optional(
  described(column('', ''), 'No value of this column lies in two splits.', '该列的同一取值不会落入两个划分。', {
    feature: 'key/split.group',
  }),
);
const splitSeed = integer(
  'Seed of the split; the training seed never moves it.',
  '划分用的随机种子；训练种子不影响划分。',
  { minimum: 0, fallback: 0 },
);
const share = (en: string, zh: string, fallback: number) => number(en, zh, { minimum: 0, maximum: 1, fallback });

const split = byKey(
  {
    file: object(
      {
        file: file(
          'CSV with `row` (from 0, in source rows before any drop) and `part` (train, val or validation, test).',
          'CSV 文件：`row`（从 0 起，丢弃之前的源行号）与 `part`（train、val 或 validation、test）。',
        ),
      },
      'A file says where each row goes.',
      '由文件指定每行的划分。',
      { title: { en: 'By a file', zh: '按文件' } },
    ),
    column: object(
      {
        column: column(
          'Column that says train, val or validation, test.',
          '取值为 train、val 或 validation、test 的列。',
        ),
      },
      'A column says where each row goes.',
      '由某列指定每行的划分。',
      { title: { en: 'By a column', zh: '按列' } },
    ),
    folds: object(
      {
        folds: object(
          {
            k: integer('Number of folds.', '折数。', { minimum: 2, start: 5 }),
            fold: integer('The fold that is the test split, from 0.', '作为测试集的折，从 0 起。', {
              minimum: 0,
              start: 0,
            }),
          },
          'Cross-validation.',
          '交叉验证。',
        ),
        stratify,
        group,
        seed: splitSeed,
      },
      'One fold of a cross-validation.',
      '交叉验证的一折。',
      { title: { en: 'Folds', zh: '折' }, feature: 'key/split.folds' },
    ),
    '': object(
      {
        train: share('Share of rows to train on.', '训练集比例。', 0.7),
        validation: share('Share of rows to validate on.', '验证集比例。', 0.15),
        test: share('Share of rows to test on.', '测试集比例。', 0.15),
        stratify,
        group,
        time: optional(
          described(
            column('', ''),
            'Column of time: earlier rows train, later ones test.',
            '时间列：较早的行用于训练，较晚的用于测试。',
            { feature: 'key/split.time' },
          ),
        ),
        seed: splitSeed,
      },
      'Shares of the rows.',
      '按比例划分。',
      { title: { en: 'Shares', zh: '比例' }, rule: 'shares' },
    ),
  },
  'Training, validation and test rows.',
  '训练、验证与测试行的划分。',
  { fallback: {} },
);

const namedSource = object(
  {
    source,
    format,
    csv,
    join: optional(
      object(
        {
          file: optional(file('Table that the arrays belong to.', '数组所属的表。')),
          by: either(
            [column('`row` or a column.', '`row` 或列名。')],
            '`row`: same order. Otherwise a column that both have.',
            '`row`：按行序；否则为两者共有的列。',
            { fallback: 'row' },
          ),
        },
        'Ties an NPZ or IDX file to a CSV.',
        '把 NPZ 或 IDX 文件与 CSV 对齐。',
      ),
    ),
  },
  'One of several tables.',
  '多个表之一。',
);

export const data = object(
  {
    source: optional(source),
    sources: optional(
      map(
        namedSource,
        'Several tables by name; columns are then `name/column`, a task names its `source`.',
        '按名称列出多个表；列写作 `名称/列`，任务指明其 `source`。',
        {
          keys: 'names',
          feature: 'key/sources',
        },
      ),
    ),
    format,
    csv,
    missingTokens,
    memory: optional(
      string(
        'Memory that the data may take, such as `512 MB` or `2 GB`. A larger data set is read from disk while the network trains; the numbers stay the same.',
        '数据可占用的内存，例如 `512 MB`、`2 GB`。更大的数据集在训练时从磁盘读取，数值不变。',
        { size: true, found: { en: 'half of the memory that is free', zh: '可用内存的一半' } },
      ),
    ),
    inputs: map(input, 'The inputs of the network, by name.', '网络的输入，按名称。', {
      keys: 'names',
      nonEmpty: true,
    }),
    split,
  },
  'Where the rows come from and what the network sees of them.',
  '数据来源与网络的输入。',
  { oneOf: [['source', 'sources']], rule: 'data' },
);
