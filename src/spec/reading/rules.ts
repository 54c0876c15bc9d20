/** Checks over a whole object that no single value can tell. Each gives back the object, perhaps completed. */
import { notAvailable } from '../available.ts';
import { isContinuous, isUnscaled } from '../losses.ts';
import { lossOfMetric, metricsBeside } from '../metrics.ts';
import { formatByName } from '../schema/formats.ts';
import { removeFix, replaceFix } from '../editing/fixes.ts';
import { removeItemFix } from '../editing/insertions.ts';
import type { Token } from '../editing/pointer.ts';
import type { RuleName } from '../schema/build.ts';
import type { Fields } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import type { Fix, Range } from '../problem.ts';
import type { Member, ObjectNode, SpecNode } from './tree.ts';
import { orderedText } from './values.ts';

/** What a rule needs of the reader. */
export interface Reporter {
  readonly source: string;
  report(
    code: string,
    range: Range,
    tokens: readonly Token[],
    message: Text,
    options?: { fixes?: readonly Fix[] },
  ): void;
  fail(code: string, range: Range, tokens: readonly Token[], message: Text, fixes?: readonly Fix[]): unknown;
}

export interface NodePlace {
  readonly tokens: readonly Token[];
  readonly label: Range;
}

type Rule = (reader: Reporter, fields: Fields, node: ObjectNode, place: NodePlace) => Fields;

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const typeOfField = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
const parts = ['train', 'validation', 'test'] as const;
const tidy = (value: number) => Number(value.toFixed(9));

/** A key that has no effect beside the others. */
function ignored(reader: Reporter, member: Member, place: NodePlace, because: Text): void {
  const shown = JSON.stringify(member.key);
  const message = text(`${shown} does nothing ${because.en}.`, `${because.zh}时 ${shown} 不起作用。`);
  reader.report('ignored-key', member.keyRange, [...place.tokens, member.key], message, {
    fixes: [removeFix(reader.source, member)],
  });
}

/** Shares that are not written take what is left, in the proportions of the defaults. */
const shares: Rule = (reader, fields, node, place) => {
  const written = parts.filter((part) => node.members.has(part));
  if (written.length === 0) return fields;
  const sum = written.reduce((total, part) => total + numberOf(fields[part]), 0);
  const open = parts.filter((part) => !node.members.has(part));
  const right = open.length === 0 ? Math.abs(sum - 1) < 1e-6 : sum <= 1 + 1e-9;
  if (!right) {
    const range = node.members.get(written.at(-1) ?? 'train')?.value ?? place.label;
    const message = text(
      `The shares of the split sum to ${tidy(sum)}; they must sum to 1.`,
      `划分比例之和为 ${tidy(sum)}；应为 1。`,
    );
    // The last one takes what the others leave.
    const last = node.members.get(written.at(-1) ?? 'train');
    const rest = tidy(1 - (sum - numberOf(fields[written.at(-1) ?? 'train'])));
    const fits = open.length === 0 && last !== undefined && rest >= 0 && (rest > 0 || last.key !== 'train');
    reader.fail('split-shares', range, place.tokens, message, fits ? [replaceFix(last.value, String(rest))] : []);
    return fields;
  }
  if (numberOf(fields['train']) <= 0 && node.members.has('train')) {
    reader.fail(
      'split-shares',
      node.members.get('train')?.value ?? place.label,
      [...place.tokens, 'train'],
      text('The training split needs a share above 0.', '训练集比例须大于 0。'),
    );
  }
  const usual = open.reduce((total, part) => total + numberOf(fields[part]), 0);
  const left = Math.max(0, 1 - sum);
  const filled = open.map((part) => [part, usual === 0 ? 0 : tidy((left * numberOf(fields[part])) / usual)]);
  return { ...fields, ...(Object.fromEntries(filled) as Fields) };
};

const files = (node: SpecNode | undefined): readonly (SpecNode & { readonly value: string })[] => {
  if (node === undefined) return [];
  if (node.kind === 'object') return [...node.members.values()].flatMap((member) => files(member.value));
  if (node.kind === 'array') return node.items.flatMap(files);
  return node.kind === 'scalar' && typeof node.value === 'string' ? [{ ...node, value: node.value }] : [];
};

const defaultShares = { train: 0.7, validation: 0.15, test: 0.15, stratify: true, seed: 0 };

/** Formats that are not read yet; a split beside files that already say which rows are which. */
const data: Rule = (reader, fields, node, place) => {
  const split = node.members.get('split');
  const source = node.members.get('source')?.value;
  const named = source?.kind === 'object' && (source.members.has('validation') || source.members.has('test'));
  if (named && split !== undefined && orderedText(fields['split']) !== orderedText(defaultShares)) {
    ignored(reader, split, place, text('where `source` names a file for each split', '`source` 已为各划分指定文件'));
  }
  return format(reader, fields, node, place);
};

const format: Rule = (reader, fields, node, place) => {
  const written = node.members.get('format')?.value;
  const named = written?.kind === 'scalar' && typeof written.value === 'string' ? written.value : undefined;
  const tell = (name: string, range: Range, tokens: readonly Token[]) => {
    const message = text(
      `\`${name}\` files are part of the language, but this version does not read them yet.`,
      `\`${name}\` 文件属于本语言，但当前版本尚不能读取。`,
    );
    reader.report('not-available', range, tokens, message);
  };
  if (named !== undefined && written !== undefined) {
    if (notAvailable.has(`format/${named}`)) tell(named, written, [...place.tokens, 'format']);
    return fields;
  }
  const first = files(node.members.get('source')?.value)
    .map((file) => ({ file, name: formatByName(file.value) }))
    .find(({ name }) => name !== undefined && notAvailable.has(`format/${name}`));
  if (first?.name !== undefined) tell(first.name, first.file, [...place.tokens, 'source']);
  return fields;
};

const missing: Rule = (reader, fields, node, place) => {
  const member = node.members.get('indicator');
  if (member !== undefined && fields['fill'] === 'drop' && fields['indicator'] === true) {
    ignored(reader, member, place, text('where the row is dropped', '丢弃该行'));
  }
  return fields;
};

/** The layers as they stand, as one stage. */
function stagesOf(layers: Member | undefined): readonly Fix[] {
  if (layers?.value.kind !== 'array') return [];
  const { keyRange, value } = layers;
  const edits = [
    { start: keyRange.start, end: keyRange.end, text: '"stages"' },
    { start: value.start, end: value.start, text: '[' },
    { start: value.end, end: value.end, text: ']' },
  ];
  return [{ title: text('Make the layers one stage', '把这些层作为一个阶段'), edits }];
}

const staged = new Set<unknown>(['cross-stitch', 'ple', 'mtan', 'branch']);

const block: Rule = (reader, fields, node, place) => {
  const { layers, stages } = fields;
  const both = node.members.get('stages');
  if (both !== undefined && Array.isArray(layers) && layers.length > 0) {
    reader.fail(
      'conflicting-keys',
      both.keyRange,
      [...place.tokens, 'stages'],
      text('A block has `layers` or `stages`, not both.', '模块只能有 `layers` 或 `stages` 之一。'),
      [removeFix(reader.source, both)],
    );
  }
  const sharing = node.members.get('sharing');
  if (
    sharing !== undefined &&
    staged.has(typeOfField(fields['sharing'])) &&
    !notAvailable.has(`sharing/${String(typeOfField(fields['sharing']))}`) &&
    stages === undefined
  ) {
    reader.report(
      'stages-missing',
      sharing.keyRange,
      [...place.tokens, 'sharing'],
      text(
        'This way of sharing acts between stages: write `stages`, a list of layer lists.',
        '此共享方式在阶段之间起作用：请写 `stages`（层列表的列表）。',
      ),
      { fixes: stagesOf(node.members.get('layers')) },
    );
  }
  return fields;
};

const task: Rule = (reader, fields, node, place) => {
  const [type, loss] = [String(fields['type']), String(typeOfField(fields['loss']))];
  const normalize = node.members.get('normalize');
  if (isUnscaled(type, loss) && normalize !== undefined && fields['normalize'] !== 'none') {
    reader.fail(
      'poisson-normalize',
      normalize.value,
      [...place.tokens, 'normalize'],
      text(
        `The loss \`${loss}\` needs counts as they are: \`"normalize": "none"\`.`,
        `损失 \`${loss}\` 需要原始计数：\`"normalize": "none"\`。`,
      ),
      [
        {
          title: text('Change to "none"', '改为 "none"'),
          edits: [{ start: normalize.value.start, end: normalize.value.end, text: '"none"' }],
        },
      ],
    );
  }
  const bins = node.members.get('bins');
  if (bins !== undefined && isContinuous(type, loss))
    ignored(reader, bins, place, text(`with the loss \`${loss}\``, `损失为 \`${loss}\``));
  return taskMetrics(reader, fields, node, place);
};

/** Taken out of its list, where others are left. */
function withoutMetric(source: string, list: SpecNode, index: number): readonly Fix[] {
  return list.kind === 'array' && list.items.length > 1 ? [removeItemFix(source, list, index)] : [];
}

/** Some metrics belong to a loss: they are there by default beside it, and an error without it. None stands there twice. */
const taskMetrics: Rule = (reader, fields, node, place) => {
  const [type, loss] = [String(fields['type']), String(typeOfField(fields['loss']))];
  const metrics = Array.isArray(fields['metrics']) ? (fields['metrics'] as readonly unknown[]) : [];
  const written = node.members.get('metrics');
  if (written === undefined) {
    const beside = metricsBeside(type, loss).map((metric) => ({ type: metric }));
    return beside.length === 0 ? fields : { ...fields, metrics: [...beside, ...metrics] };
  }
  const types = metrics.map((metric) => (metric as { readonly type: string }).type);
  for (const metric of types) {
    const wanted = lossOfMetric(type, metric);
    if (wanted === undefined || wanted.name === loss) continue;
    reader.report(
      'metric-without-loss',
      written.value,
      [...place.tokens, 'metrics'],
      text(
        `\`${metric}\` ${wanted.because.en}: it needs the loss \`${wanted.name}\`.`,
        `\`${metric}\` ${wanted.because.zh}：需要损失 \`${wanted.name}\`。`,
      ),
      { fixes: withoutMetric(reader.source, written.value, types.indexOf(metric)) },
    );
  }
  const twice = types.find((metric, index) => types.indexOf(metric) < index);
  if (twice !== undefined) {
    reader.fail(
      'duplicate-value',
      written.value,
      [...place.tokens, 'metrics'],
      text(`The metric \`${twice}\` is listed twice.`, `指标 \`${twice}\` 重复列出。`),
      withoutMetric(reader.source, written.value, types.lastIndexOf(twice)),
    );
  }
  return fields;
};

const range: Rule = (reader, fields, node, place) => {
  const member = node.members.get('range');
  const [low, high] = Array.isArray(fields['range']) ? (fields['range'] as readonly unknown[]) : [];
  if (member !== undefined && numberOf(low) >= numberOf(high)) {
    reader.fail(
      'out-of-range',
      member.value,
      [...place.tokens, 'range'],
      text('The first number of a range must be below the second.', '区间的第一个数须小于第二个。'),
    );
  } else if (member !== undefined && fields['scale'] === 'log' && numberOf(low) <= 0) {
    reader.fail(
      'out-of-range',
      member.value,
      [...place.tokens, 'range'],
      text('A range on a log scale lies above 0.', '对数尺度的区间须大于 0。'),
    );
  }
  return fields;
};

export const rules: Readonly<Record<RuleName, Rule>> = { shares, data, missing, block, task, range };
