/** The section `experiment`: arms, factors, stages and what is to be decided. */
import * as Type from './typebox.ts';
import type { Json } from '../../common/checks.ts';
import {
  boolean,
  byKey,
  choice,
  either,
  integer,
  list,
  map,
  number,
  object,
  optional,
  string,
  tagged,
} from './build.ts';
import { metrics } from './metrics.ts';

const json = (en: string, zh: string) => Type.Unsafe<Json>({ description: en, mtl: { zh, free: true } });
const id = (en: string, zh: string) => string(en, zh, { nonEmpty: true });
const armName = (en: string, zh: string) => string(en, zh, { nonEmpty: true, refers: 'arm' });
const pointer = string(
  'JSON Pointer into the resolved long form, for example `/training/learningRate`.',
  '指向完整形式的 JSON Pointer，例如 `/training/learningRate`。',
  { nonEmpty: true },
);

/** More settings than this no one runs, and writing them out would hold up the editor. */
const mostRuns = 10_000;

const factorCommon = {
  name: id('Name of the factor.', '因素名称。'),
  path: pointer,
  when: optional(
    map(
      list(json('A level.', '一个水平。'), 'Levels for which the factor applies.', '因素适用的水平。', {
        single: true,
      }),
      'Only for these levels of other factors.',
      '仅在其他因素取这些水平时适用。',
      { keys: 'factor' },
    ),
  ),
};

const factor = byKey(
  {
    range: object(
      {
        ...factorCommon,
        range: list(number('A bound.', '界限。'), 'Smallest and largest value.', '最小值与最大值。', {
          minItems: 2,
          maxItems: 2,
        }),
        scale: choice(['linear', 'log'], 'How the range is walked.', '取值的尺度。', { fallback: 'linear' }),
        integer: boolean('Whole numbers only.', '只取整数。', { fallback: false }),
      },
      'Any number of a range.',
      '区间内任意数值。',
      { title: { en: 'Range', zh: '区间' }, rule: 'range' },
    ),
    '': object(
      {
        ...factorCommon,
        levels: list(
          json('A level: any JSON value.', '一个水平：任意 JSON 值。'),
          'The values that are tried.',
          '尝试的取值。',
          { minItems: 1 },
        ),
      },
      'A list of values.',
      '取值列表。',
      { title: { en: 'Levels', zh: '水平' } },
    ),
  },
  'What is varied.',
  '所变化的因素。',
);

const tune = optional(
  object(
    {
      factors: list(id('A factor.', '一个因素。'), 'Factors that are tuned for this arm.', '为该组调节的因素。', {
        single: true,
        minItems: 1,
      }),
      runs: integer('Runs spent on it.', '所用运行数。', { minimum: 1, maximum: mostRuns }),
    },
    'Tuning of this arm; the same budget for every arm is fair.',
    '该组的调参；各组预算相同才公平。',
  ),
);
const match = choice(
  ['steps', 'examples', 'time', 'parameters'],
  'What the baselines have the same of.',
  '基线与之相同的量。',
  { fallback: 'steps' },
);
const set = optional(map(json('Value.', '取值。'), 'JSON Pointers to values.', 'JSON Pointer 到取值。'));

const arm = byKey(
  {
    auto: tagged(
      'auto',
      {
        'single-task': object(
          { id: id('Name of the arm.', '实验组名称。'), auto: Type.Literal('single-task'), match, tune, set },
          'One run a task: same data, split, seeds.',
          '每个任务一次运行：数据、划分、种子相同。',
          { title: { en: 'Single-task baselines', zh: '单任务基线' } },
        ),
        'static-weights': object(
          {
            id: id('Name of the arm.', '实验组名称。'),
            auto: Type.Literal('static-weights'),
            points: integer('Points of the frontier.', '前沿上的点数。', { minimum: 2, maximum: 1000, fallback: 7 }),
            tune,
            set,
          },
          'A frontier of static weights: the control any balancing strategy must beat.',
          '固定权重前沿：任何平衡策略都应超过的对照。',
          { title: { en: 'Static weights', zh: '固定权重前沿' } },
        ),
        unitary: object(
          { id: id('Name of the arm.', '实验组名称。'), auto: Type.Literal('unitary'), tune, set },
          'All weights 1, regularization tuned.',
          '权重全为 1，调节正则化。',
          { title: { en: 'Unitary', zh: '单位标量化' }, source: 'Kurin et al. 2022' },
        ),
      },
      'An arm made by rule.',
      '按规则生成的实验组。',
      { short: '' },
    ),
    '': object(
      { id: id('Name of the arm.', '实验组名称。'), set, tune },
      'The spec with some values set.',
      '设置了某些取值的描述文件。',
      { title: { en: 'Arm', zh: '实验组' } },
    ),
  },
  'An arm.',
  '一个实验组。',
);

const replicates = object(
  {
    n: integer('Replicates of each arm.', '每组重复次数。', { minimum: 1, maximum: 1000, fallback: 5 }),
    seeds: either(
      [
        choice(['fresh', 'same'], '', ''),
        list(integer('A seed.', '一个种子。', { minimum: 0, maximum: 4294967295 }), 'The seeds.', '种子列表。', {
          minItems: 1,
        }),
      ],
      '`fresh`: seeds no run has had; `same`: those of the stage before; or a list.',
      '`fresh`：未用过的种子；`same`：沿用上一阶段；或列表。',
      { fallback: 'fresh' },
    ),
    paired: boolean('All arms have the same seeds and splits.', '各组使用相同的种子与划分。', { fallback: true }),
    vary: list(
      choice(['split', 'init', 'order', 'dropout'], 'A source of chance.', '一种随机来源。'),
      'What differs between replicates.',
      '重复之间变化的随机来源。',
      { fallback: ['split', 'init', 'order', 'dropout'] },
    ),
    hold: list(
      choice(['split', 'init', 'order', 'dropout'], 'A source of chance.', '一种随机来源。'),
      'What stays the same; the verdict then says so.',
      '保持不变的随机来源；结论会注明。',
      { single: true, fallback: [] },
    ),
  },
  'How often each arm is run.',
  '每组重复的方式。',
  { short: 'n' },
);

const prune = optional(
  object(
    {
      method: choice(['asha', 'median'], 'Successive halving, or below the median.', '逐次减半，或低于中位数。', {
        fallback: 'asha',
      }),
      eta: integer('One of η goes on.', '每 η 个保留一个。', { minimum: 2, fallback: 3 }),
      rule: choice(['worse-on-all-tasks', 'worse-on-monitor'], 'When a trial is cut.', '何时剪枝。', {
        fallback: 'worse-on-all-tasks',
      }),
    },
    'Cuts hopeless trials while exploring.',
    '探索阶段剪去无望的试验。',
    { short: 'method' },
  ),
);

const stage = object(
  {
    id: id('Name of the stage.', '阶段名称。'),
    method: optional(
      choice(
        ['grid', 'fractional', 'one-at-a-time', 'random', 'latin-hypercube', 'sobol', 'simplex', 'tpe', 'nsga2'],
        'How settings are chosen.',
        '选择设置的方法。',
      ),
    ),
    runs: optional(integer('How many settings.', '设置个数。', { minimum: 1, maximum: mostRuns })),
    prune,
    take: optional(
      object(
        {
          from: string('The stage before.', '前一阶段。', { refers: 'stage', nonEmpty: true }),
          pareto: boolean(
            'Settings of the Pareto front; without it the best by `selection`.',
            '取帕累托前沿上的设置；否则按 `selection` 取最好的。',
            { fallback: true },
          ),
          max: integer('At most so many.', '最多个数。', { minimum: 1, maximum: 1000, fallback: 3 }),
        },
        'Which settings of an earlier stage go on: `from` names it; `pareto` (default true) takes its Pareto front by validation metrics, `false` the best by `selection`; at most `max` (default 3).',
        '前一阶段的哪些设置进入本阶段：`from` 指明阶段；`pareto`（默认 true）按验证指标取帕累托前沿，`false` 按 `selection` 取最好的；最多 `max` 个（默认 3）。',
      ),
    ),
    replicates: optional(replicates),
  },
  'A stage: explore, then confirm.',
  '一个阶段：先探索，后确认。',
);

const metricName = choice(
  [...new Set(Object.values(metrics).flatMap((table) => Object.keys(table)))],
  'A metric of the task.',
  '任务的指标。',
);

export const experiment = object(
  {
    question: optional(string('What is to be found out.', '想要弄清的问题。')),
    factors: list(factor, 'What is varied.', '所变化的因素。', { fallback: [] }),
    arms: list(arm, 'What is compared.', '所比较的实验组。', { fallback: [] }),
    baseline: optional(armName('The arm that others are compared with.', '作为比较基准的组。')),
    stages: list(stage, 'Explore, then confirm.', '先探索，后确认。', { fallback: [] }),
    replicates: optional(replicates),
    looks: optional(
      either(
        [
          integer('How many looks, evenly spaced.', '等距的中期查看次数。', { minimum: 1, maximum: 100 }),
          list(
            number('Share of the replicates.', '重复数的比例。', { exclusiveMinimum: 0, maximum: 1 }),
            'At which shares of the replicates.',
            '在重复数的哪些比例处查看。',
            { minItems: 1 },
          ),
        ],
        'Looks at the results before the end (spending of the error).',
        '结束前的中期查看（按误差花费函数）。',
      ),
    ),
    measures: map(
      object(
        {
          metric: optional(metricName),
          margin: optional(
            number('Difference that matters, in units of the metric.', '有意义的差异，以指标单位计。', {
              exclusiveMinimum: 0,
            }),
          ),
        },
        'The primary measure of a task.',
        '任务的主要指标。',
        { short: 'metric' },
      ),
      'Task to primary metric and margin.',
      '任务到主要指标与界值。',
      { keys: 'task', fallback: {} },
    ),
    selection: optional(
      string(
        'What is best on the validation split, where a setting, a point of a frontier or an arm is chosen: `validation/skill`, `validation/total` or `validation/<task>/<metric>`.',
        '选择设置、前沿上的点或实验组时，验证集上以何为最佳：`validation/skill`、`validation/total` 或 `validation/<任务>/<指标>`。',
        { nonEmpty: true, found: { en: 'validation/skill', zh: 'validation/skill' } },
      ),
    ),
    hypotheses: list(
      object(
        {
          id: id('Name of the hypothesis.', '假设名称。'),
          claim: choice(['superior', 'non-inferior', 'equivalent'], 'What is claimed.', '所主张的结论。'),
          measure: string('A task.', '任务。', { refers: 'task', nonEmpty: true }),
          arms: list(armName('An arm.', '实验组。'), 'The arm and what it is compared with.', '实验组与其比较对象。', {
            minItems: 2,
            maxItems: 2,
          }),
        },
        'A claim that is tested.',
        '待检验的主张。',
      ),
      'Claims, said before the runs.',
      '运行之前声明的主张。',
      { fallback: [] },
    ),
    analysis: object(
      {
        level: number('Confidence level.', '置信水平。', {
          exclusiveMinimum: 0.5,
          exclusiveMaximum: 1,
          fallback: 0.95,
        }),
        family: choice(
          ['any', 'all'],
          '`any`: Holm over the tests. `all`: every test must hold, no correction.',
          '`any`：对检验作 Holm 校正；`all`：须全部成立，不校正。',
          { fallback: 'any' },
        ),
        power: optional(
          object(
            {
              target: number('Wanted power.', '期望功效。', {
                exclusiveMinimum: 0,
                exclusiveMaximum: 1,
                fallback: 0.8,
              }),
            },
            'Power that is planned for.',
            '所规划的功效。',
            { short: 'target' },
          ),
        ),
      },
      'How the tests are made.',
      '检验的方式。',
      { fallback: {} },
    ),
    failures: object(
      {
        nan: choice(
          ['worst', 'exclude'],
          'A run that ends in NaN: worst rank, or left out and counted.',
          '以 NaN 结束的运行：记最差名次，或排除并计数。',
          { fallback: 'worst' },
        ),
        crash: object(
          { retry: integer('Tries more.', '重试次数。', { minimum: 0, fallback: 1 }) },
          'A run that crashes.',
          '崩溃的运行。',
          { short: 'retry', fallback: {} },
        ),
      },
      'What failed runs count as.',
      '失败的运行如何处理。',
      { fallback: {} },
    ),
    budget: object(
      {
        runs: optional(integer('At most so many runs.', '最多运行数。', { minimum: 1 })),
        hours: optional(number('At most so many hours.', '最多小时数。', { exclusiveMinimum: 0 })),
        parallel: optional(
          integer('Runs at once.', '同时运行数。', {
            minimum: 1,
            found: {
              en: 'as many as the processors and the memory allow',
              zh: '处理器与内存所允许的数目',
            },
          }),
        ),
      },
      'What may be spent.',
      '可用的资源。',
      { fallback: {} },
    ),
    executor: optional(
      string(
        'Name of a profile in the settings of the user; never an address.',
        '用户设置中的执行器配置名；绝不是地址。',
        { nonEmpty: true },
      ),
    ),
  },
  'Which runs are made and how they are compared.',
  '进行哪些运行以及如何比较。',
  { feature: 'key/experiment' },
);
