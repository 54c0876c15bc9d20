/** The table of weighting strategies, by what they read of a step. */
import { tagged } from './build.ts';
import { bilevelStrategies, entryStrategies, sampledStrategies, wrapperOf } from './strategies-entries.ts';
import { gradientStrategies } from './strategies-gradients.ts';
import { lossStrategies } from './strategies-losses.ts';
import { moduleStrategy } from './strategies-common.ts';

/** Every strategy but the wrapper, which takes one of them. */
const plainStrategies = {
  ...lossStrategies,
  ...gradientStrategies,
  ...entryStrategies,
  ...sampledStrategies,
  ...bilevelStrategies,
};

export const strategies = { ...plainStrategies, 'cr-mogm': wrapperOf(plainStrategies) };

export const strategyChoice = tagged(
  'name',
  { ...strategies, module: moduleStrategy },
  'How task losses become one update: a name, `{name, …parameters}` or `{"module": "./mine.mjs"}`.',
  '各任务损失如何合成一次更新：名称、`{name, …参数}` 或 `{"module": "./mine.mjs"}`。',
  {
    fallback: 'static',
  },
);
