/** The reference pages of the language, written from the tables. */
import type { TSchema } from 'typebox';
import { notAvailable } from '../available.ts';
import { descriptionOf } from './describe.ts';
import { augmentations } from '../schema/augmentations.ts';
import { extraOf } from '../schema/build.ts';
import type { Members } from '../schema/build.ts';
import { data } from '../schema/data.ts';
import { experiment } from '../schema/experiment.ts';
import { inputs } from '../schema/inputs.ts';
import { layers } from '../schema/layers.ts';
import { losses } from '../schema/losses.ts';
import { metrics } from '../schema/metrics.ts';
import { block, sharings } from '../schema/network.ts';
import { optimizers } from '../schema/optimizers.ts';
import { schedules } from '../schema/schedules.ts';
import { spec } from '../schema/spec.ts';
import { strategies } from '../schema/strategies.ts';
import { tasks } from '../schema/tasks.ts';
import { reports, samplings, training } from '../schema/training.ts';
import type { Language, Text } from '../../common/text.ts';
import { labeled, text } from '../../common/text.ts';
import { constOf, isRequired, itemsOf, propertiesOf, requiredOf } from './words.ts';

const words = {
  title: text('The `.mtl.json` language', '`.mtl.json` 语言'),
  intro: text(
    'Generated from the tables of `src/spec/schema` by `npm run generate`; hover text, completion and the JSON Schemas come from the same tables. Things marked *later* are part of the language, but this version does not execute them yet.',
    '由 `npm run generate` 从 `src/spec/schema` 的表格生成；悬停说明、补全与 JSON Schema 均来自同一组表格。标注 *待实现* 的内容属于本语言，但当前版本尚不能执行。',
  ),
  key: text('key', '键'),
  values: text('values', '取值'),
  fallback: text('default', '默认'),
  meaning: text('meaning', '含义'),
  required: text('**required**', '**必填**'),
  later: text('*later*', '*待实现*'),
  mark: text(' (*later*)', '（*待实现*）'),
  formula: text('Formula', '公式'),
  source: text('Source', '来源'),
  strategies: text(
    'A name, `{name, …parameters}`, `{"name": "cr-mogm", "of": {…}}` or `{"module": "./mine.mjs"}`. Formulas, parameters, costs and differences between libraries: [strategies](strategies.md).',
    '名称、`{name, …参数}`、`{"name": "cr-mogm", "of": {…}}` 或 `{"module": "./mine.mjs"}`。公式、参数、开销与各实现的差异见[加权策略](strategies.zh-CN.md)。',
  ),
  losses: text('losses', '损失'),
  metrics: text('metrics', '指标'),
  better: text('higher is better', '越高越好'),
  worse: text('lower is better', '越低越好'),
  sections: text('The file', '文件'),
  own: text('Keys of its own', '自有的键'),
  first: text('The first loss is the default.', '第一个损失为默认。'),
} as const;

export const cell = (written: string): string => written.replace(/\|/g, '\\|').replace(/\n/g, ' ');

/** One page. */
export function documentation(language: Language): string {
  const say = (one: Text): string => one[language];
  const parts = [
    `# ${say(words.title)}`,
    say(words.intro),
    `## ${say(words.sections)}`,
    rowsOf(
      rowsIn(spec, new Set()).filter(({ key }) => !key.includes('.')),
      language,
    ),
    section('data', data, language),
    table(text('Inputs', '输入'), inputs, language, new Set(['type'])),
    table(text('Augmentation', '数据增强'), augmentations, language, new Set(['type'])),
    section('network', block, language),
    table(text('Layers', '层'), layers, language, new Set(['type', 'name', 'regularization'])),
    table(text('Sharing', '共享方式'), sharings, language, new Set(['type'])),
    `## tasks`,
    table(text('Task types', '任务类型'), tasks, language, new Set(['type'])),
    ...Object.entries(losses).map(
      ([task, rows]) =>
        `${table(text(`Losses of ${task}`, `${task} 的损失`), rows, language, new Set(['type']))}\n\n${say(words.first)}`,
    ),
    metricTable(language),
    `## weights`,
    descriptionOf(propertiesOf(spec)['weights'] ?? {}).text[language],
    `## strategy`,
    say(words.strategies),
    strategyList(language),
    section('training', training, language),
    table(text('Optimizers', '优化器'), optimizers, language, new Set(['name'])),
    table(text('Schedules', '学习率调度'), schedules, language, new Set(['name'])),
    table(text('Sampling', '取样'), samplings, language, new Set(['type'])),
    table(text('Report', '结果取自'), reports, language, new Set(['type'])),
    section('experiment', experiment, language),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(name: string, schema: TSchema, language: Language): string {
  return `## ${name}\n\n${descriptionOf(schema).text[language]}\n\n${keyTable(schema, language)}`;
}

export interface Row {
  readonly key: string;
  readonly property: TSchema;
  readonly required: boolean;
}

const keyTable = (schema: TSchema, language: Language, but: ReadonlySet<string> = new Set()): string =>
  rowsOf(rowsIn(schema, but), language);

/** The keys of an object, and those of plain objects and lists of objects in it, one level down. */
export function rowsIn(schema: TSchema, but: ReadonlySet<string>): readonly Row[] {
  return Object.entries(propertiesOf(schema))
    .filter(([key]) => !but.has(key))
    .flatMap(([key, property]) => [{ key, property, required: isRequired(schema, key) }, ...nested(key, property)]);
}

function nested(key: string, property: TSchema): readonly Row[] {
  const { members, byKey, values } = extraOf(property);
  const owners = byKey === true ? Object.values(members ?? {}) : [values ?? property, itemsOf(property)];
  const listed = owners.flatMap((owner) =>
    extraOf(owner).byKey === true ? Object.values(extraOf(owner).members ?? {}) : [owner],
  );
  const rows = listed.flatMap((owner) =>
    Object.entries(propertiesOf(owner)).map(([inner, one]) => ({ owner, inner, one })),
  );
  const unique = new Map(rows.map((row) => [row.inner, row]));
  return [...unique.values()].map(({ owner, inner, one }) => ({
    key: `${key}.${inner}`,
    property: one,
    required: requiredOf(owner).includes(inner) && isRequired(owner, inner) && owners.length === 1,
  }));
}

export function rowsOf(rows: readonly Row[], language: Language): string {
  const head = [words.key, words.values, words.fallback, words.meaning].map((one) => one[language]);
  const lines = rows.map(({ key, property, required }) => {
    const one = descriptionOf(property);
    const fallback = required
      ? words.required[language]
      : one.fallback === undefined
        ? '–'
        : `\`${one.fallback[language]}\``;
    const meaning = [one.available ? '' : words.later[language], one.text[language]]
      .filter((part) => part !== '')
      .join(' ');
    return `| \`${key}\` | ${cell(one.values[language])} | ${cell(fallback)} | ${cell(meaning)} |`;
  });
  return [`| ${head.join(' | ')} |`, '|---|---|---|---|', ...lines].join('\n');
}

function table(title: Text, rows: Members, language: Language, but: ReadonlySet<string>): string {
  const entries = Object.entries(rows).map(([name, schema]) => {
    const one = descriptionOf(schema);
    const mark = notAvailable.has(extraOf(schema).feature ?? '') ? words.mark[language] : '';
    const facts = [
      one.formula === undefined ? '' : `${labeled(words.formula, language)}\`${one.formula}\``,
      one.source === undefined ? '' : `${labeled(words.source, language)}${one.source}`,
    ].filter((part) => part !== '');
    const keys = rowsIn(schema, but).filter(({ property }) => constOf(property) === undefined);
    return [
      `#### \`${name}\`${one.title === undefined ? '' : ` – ${one.title[language]}`}${mark}`,
      one.text[language],
      facts.join('  \n'),
      keys.length === 0 ? '' : rowsOf(keys, language),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return [`### ${title[language]}`, ...entries].join('\n\n');
}

function strategyList(language: Language): string {
  const lines = Object.entries(strategies as Members).map(([name, schema]) => {
    const one = descriptionOf(schema);
    const mark = one.available ? '' : `${words.later[language]} `;
    const page = language === 'zh' ? 'strategies.zh-CN.md' : 'strategies.md';
    return `| [\`${name}\`](${page}#${name}) | ${mark}${one.title?.[language] ?? ''} | ${cell(one.text[language])} |`;
  });
  const head = language === 'zh' ? '| 名称 | 方法 | 含义 |' : '| name | method | meaning |';
  return [head, '|---|---|---|', ...lines].join('\n');
}

function metricTable(language: Language): string {
  const lines = Object.entries(metrics).flatMap(([task, rows]) =>
    Object.entries(rows as Members).map(([name, schema]) => {
      const one = descriptionOf(schema);
      const direction = extraOf(schema).higherIsBetter === true ? words.better : words.worse;
      const formula = one.formula === undefined ? '' : ` \`${one.formula}\``;
      return `| ${task} | \`${name}\` | ${cell(one.text[language] + formula)} | ${direction[language]} | ${cell(one.source ?? '')} |`;
    }),
  );
  const title = language === 'zh' ? '指标' : 'Metrics';
  const head =
    language === 'zh' ? '| 任务 | 指标 | 含义 | 方向 | 来源 |' : '| task | metric | meaning | direction | source |';
  return [`### ${title}`, '', head, '|---|---|---|---|---|', ...lines].join('\n');
}
