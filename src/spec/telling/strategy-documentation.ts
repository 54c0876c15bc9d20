/** The pages on weighting strategies, written from the same tables as hover text and completion. */
import { descriptionOf } from './describe.ts';
import { cell, rowsIn, rowsOf } from './documentation.ts';
import { extraOf } from '../schema/build.ts';
import type { Members } from '../schema/build.ts';
import { strategyChoice } from '../schema/strategies.ts';
import { allCommon } from '../schema/strategy-keys.ts';
import type { Reads } from '../schema/strategy-traits.ts';
import type { Language, Text } from '../../common/text.ts';
import { labeled, text } from '../../common/text.ts';
import { constOf, propertiesOf } from './words.ts';

const words = {
  title: text('Weighting strategies', '加权策略'),
  intro: text(
    'Generated from the tables of `src/spec/schema` by `npm run generate`. T is the number of tasks with a label in the batch, Lᵢ their losses, gᵢ their gradients over the shared parameters, G = (gᵢ·gⱼ), r = w / Σw. Where the reference libraries (TorchJD 0.18, LibMTL 1.1.5) differ from the paper or from each other, the default follows the paper, and a parameter gives the other reading. Reference vectors of both libraries run with `npm run golden`.',
    '由 `npm run generate` 从 `src/spec/schema` 的表格生成。T 为该批中有标注的任务数，Lᵢ 为其损失，gᵢ 为其在共享参数上的梯度，G = (gᵢ·gⱼ)，r = w / Σw。参考实现（TorchJD 0.18、LibMTL 1.1.5）与论文或彼此不同之处，默认遵循论文，另一种读法由参数给出。`npm run golden` 运行两者的参考数据。',
  ),
  common: text('Keys that many strategies take', '许多策略共有的键'),
  taken: text('Also takes', '另可用'),
  later: text('*later*', '*待实现*'),
  formula: text('Formula', '公式'),
  source: text('Source', '来源'),
  invariance: text(
    'With adam, adamax, adagrad and rmsprop, multiplying all weights by a constant changes nothing but ε, clipping and the ratio to l2; under sgd it multiplies the learning rate. A head ignores its own task’s weight where it takes its own gradient; weights act through the shared part. `scale: "sum"` or `"mean"` makes T equal tasks give their sum or mean, so that learning rates carry over from one strategy to another; `normalize` has the last word.',
    '使用 adam、adamax、adagrad、rmsprop 时，所有权重同乘一个常数只影响 ε、裁剪以及与 l2 的比例；使用 sgd 时等于改变学习率。任务头取自身梯度时不受其任务权重影响，权重通过共享部分起作用。`scale: "sum"` 或 `"mean"` 使 T 个相同任务得到其和或平均，便于在策略之间沿用学习率；`normalize` 最后生效。',
  ),
} as const;

const members = extraOf(strategyChoice).members ?? {};

const reading = (...kinds: readonly Reads[]): Members =>
  Object.fromEntries(
    Object.entries(members).filter(([, member]) => {
      const { strategy } = extraOf(member);
      return strategy !== undefined && kinds.includes(strategy.reads);
    }),
  );

const groups: readonly (readonly [Text, Members])[] = [
  [text('From the losses', '基于损失'), reading('losses')],
  [text('From gradient norms or the Gram matrix', '基于梯度范数或 Gram 矩阵'), reading('norms', 'gram')],
  [text('From gradient entries, or with state over them', '基于逐元素梯度或其状态'), reading('entries')],
  [text('From several batches', '基于多个批'), reading('three')],
  [text('Bilevel', '双层'), reading('halves')],
  [text('Wrapper and your own', '包装与自定义'), reading('wrapped', 'module')],
];

const shared = new Set(Object.keys(allCommon));

/** One page. */
export function strategyDocumentation(language: Language): string {
  const common = Object.entries(allCommon).map(([key, property]) => ({ key, property, required: false }));
  const parts = [
    `# ${words.title[language]}`,
    words.intro[language],
    words.invariance[language],
    `## ${words.common[language]}`,
    rowsOf(common, language),
    ...groups.flatMap(([title, members]) => [
      `## ${title[language]}`,
      ...Object.entries(members).map(([name, schema]) => entry(name, schema, language)),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function entry(name: string, schema: Members[string], language: Language): string {
  const one = descriptionOf(schema);
  const rows = rowsIn(schema, new Set(['name'])).filter(({ property }) => constOf(property) === undefined);
  // Keys of a wrapped strategy have their own entries.
  const direct = rows.filter(({ key }) => !key.includes('.'));
  const own = direct.filter(({ key, property }) => !shared.has(key) || isSpecial(key, property));
  const taken = direct.filter((row) => !own.includes(row)).map(({ key }) => `\`${key}\``);
  const facts = [
    one.formula === undefined ? '' : `- ${labeled(words.formula, language)}\`${one.formula}\``,
    one.source === undefined ? '' : `- ${labeled(words.source, language)}${one.source}`,
    ...one.facts.map((fact) => `- ${labeled(fact.label, language)}${fact.text[language]}`),
    taken.length === 0 ? '' : `- ${labeled(words.taken, language)}${taken.join(' ')}`,
  ].filter((line) => line !== '');
  const title = one.title === undefined ? '' : `${one.title[language]}. `;
  const mark = one.available ? '' : `${words.later[language]} `;
  return [
    `### ${name}`,
    `${mark}**${title.trim()}** ${cell(one.text[language])}`,
    facts.join('\n'),
    own.length === 0 ? '' : rowsOf(own, language),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A shared key whose default or condition is this strategy's own. */
function isSpecial(key: string, property: Members[string]): boolean {
  const usual = propertiesOf({ properties: allCommon })[key];
  if (usual === undefined) return true;
  const [one, other] = [extraOf(property), extraOf(usual)];
  return one.fallback !== other.fallback || (one.onlyWhen !== undefined && other.onlyWhen === undefined);
}
