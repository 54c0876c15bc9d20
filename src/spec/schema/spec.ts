/** The whole of a spec. */
import * as Type from './typebox.ts';
import { data } from './data.ts';
import { experiment } from './experiment.ts';
import { network } from './network.ts';
import { object, optional, string } from './build.ts';
import { strategyChoice } from './strategies.ts';
import { taskMap, weights } from './tasks.ts';
import { training } from './training.ts';

export const spec = object(
  {
    $schema: optional(string('Ignored; some editors write it.', '被忽略；某些编辑器会写入。')),
    version: Type.Literal(1, { description: 'Version of the language.', mtl: { zh: '语言版本。', fallback: 1 } }),
    name: optional(string('Name of the experiment.', '实验名称。', { nonEmpty: true })),
    description: optional(string('What it is about.', '实验说明。')),
    data,
    network,
    tasks: taskMap,
    weights,
    strategy: strategyChoice,
    training,
    experiment: optional(experiment),
  },
  'A multi-task learning experiment.',
  '一个多任务学习实验。',
);
