import * as Type from '../typebox.ts';
import { object } from '../build.ts';
import { file } from '../fields.ts';
import { normalize, observe } from '../strategy-keys.ts';

/** A strategy of the user's own. It has no name, so it is told apart by its key. */
export const moduleStrategy = object(
  {
    name: Type.Literal('module'),
    module: file(
      'A JavaScript module (.mjs) that exports `needs`, `initialState` and `weigh(statistics, state)`. It runs when you train, only in trusted workspaces; `mtl strategy test FILE` checks it.',
      '导出 `needs`、`initialState` 与 `weigh(statistics, state)` 的 JavaScript 模块（.mjs）。训练时运行，仅限受信任的工作区；可用 `mtl strategy test FILE` 检查。',
    ),
    normalize,
    observe,
  },
  'A strategy of your own: the weights that its module returns multiply the losses.',
  '自定义策略：其模块返回的权重与各损失相乘。',
  {
    title: { en: 'Your own', zh: '自定义' },
    strategy: {
      reads: 'module',
      weights: 'multiply',
      unobservable: { en: 'it is code of your own; make it the strategy', zh: '它是自定义代码；请将其设为所用策略' },
    },
  },
);
