/** Sentences about values and what they should be. */
import type { TSchema } from 'typebox';
import { extraOf } from '../schema/build.ts';
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';
import type { SpecNode } from '../reading/tree.ts';

const shorten = (value: string) => (value.length > 40 ? `${value.slice(0, 39)}…` : value);

/** A value as a reader would name it. */
export function valueWords(node: SpecNode): Text {
  if (node.kind === 'object') return text('an object', '一个对象');
  if (node.kind === 'array') return text('a list', '一个列表');
  if (node.kind === 'nothing') return text('nothing', '空');
  if (node.value === null) return text('null', 'null');
  if (typeof node.value === 'string') {
    const shown = shorten(JSON.stringify(node.value));
    return text(`the text ${shown}`, `文本 ${shown}`);
  }
  return text(String(node.value), String(node.value));
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The range of a number in words, or nothing where it has none. */
export function rangeWords(schema: TSchema): Text | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Bounds;
  const bounds = [
    [minimum, 'at least', '不小于'],
    [exclusiveMinimum, 'above', '大于'],
    [maximum, 'at most', '不大于'],
    [exclusiveMaximum, 'below', '小于'],
  ] as const;
  const given = bounds.filter(([bound]) => bound !== undefined);
  if (given.length === 0) return undefined;
  const join = (word: 1 | 2, and: string) => given.map((bound) => `${bound[word]} ${String(bound[0])}`).join(and);
  const between = minimum !== undefined && maximum !== undefined;
  return text(join(1, ' and '), between ? `${String(minimum)} 到 ${String(maximum)} 之间` : join(2, ' 且'));
}

export function inRange(schema: TSchema, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Bounds;
  return (
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum)
  );
}

export const enumOf = (schema: TSchema): readonly string[] | undefined => (schema as { enum?: readonly string[] }).enum;
export const constOf = (schema: TSchema): unknown => (schema as { const?: unknown }).const;
export const typeOf = (schema: TSchema): string | undefined => (schema as { type?: string }).type;
export const itemsOf = (schema: TSchema): TSchema => (schema as { items?: TSchema }).items ?? {};
export const formsOf = (schema: TSchema): readonly TSchema[] => (schema as { anyOf?: readonly TSchema[] }).anyOf ?? [];
export const propertiesOf = (schema: TSchema): Readonly<Record<string, TSchema>> =>
  (schema as { properties?: Readonly<Record<string, TSchema>> }).properties ?? {};
export const requiredOf = (schema: TSchema): readonly string[] =>
  (schema as { required?: readonly string[] }).required ?? [];
export const itemLimits = (schema: TSchema): { readonly minItems?: number; readonly maxItems?: number } => schema;

/** A key without which a text is no spec: it has no default and is not optional. */
export function isRequired(owner: TSchema, key: string): boolean {
  const property = propertiesOf(owner)[key];
  if (property === undefined || !requiredOf(owner).includes(key)) return false;
  const extra = extraOf(property);
  return extra.fallback === undefined && extra.byConventions === undefined;
}

/** What a schema asks for, in words: "a whole number of at least 1". */
export function kindWords(schema: TSchema): Text {
  const extra = extraOf(schema);
  const words = enumOf(schema);
  if (words !== undefined)
    return text(
      `one of ${words.map((word) => `\`${word}\``).join(' ')}`,
      `${words.map((word) => `\`${word}\``).join(' ')} 之一`,
    );
  if (constOf(schema) !== undefined) return text(`\`${String(constOf(schema))}\``, `\`${String(constOf(schema))}\``);
  if (extra.repeat === true) return text('a number or a list of two numbers', '一个数或两个数的列表');
  if (extra.tag !== undefined && extra.short !== '') return text('a name or an object', '名称或对象');
  if (extra.values !== undefined || extra.tag !== undefined || extra.byKey === true) return text('an object', '对象');
  const forms = formsOf(schema);
  if (forms.length > 0) return joinWords(forms.map(kindWords));
  const range = rangeWords(schema);
  const suffix = range === undefined ? '' : ` ${range.en}`;
  const prefix = range === undefined ? '' : `${range.zh}${range.zh.endsWith('间') ? '' : ' '}的`;
  switch (typeOf(schema)) {
    case 'integer':
      return text(`a whole number${suffix}`, `${prefix}整数`);
    case 'number':
      return text(`a number${suffix}`, `${prefix}数`);
    case 'boolean':
      return text('true or false', 'true 或 false');
    case 'string':
      return text('a text', '文本');
    case 'array':
      return extra.single === true
        ? joinWords([kindWords(itemsOf(schema)), text('a list', '列表')])
        : text('a list', '列表');
    case 'object':
      return text('an object', '对象');
    default:
      return text('a value', '值');
  }
}

const joinWords = (all: readonly Text[]): Text => {
  const unique = (words: readonly string[]) => [...new Set(words)];
  return text(unique(all.map(({ en }) => en)).join(' or '), oneOfZh(unique(all.flatMap(({ zh }) => zh.split(' 或 ')))));
};

/** `文本、数、true 或 false`: a list has its 或 once, with spaces beside Latin letters. */
function oneOfZh(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).join('、');
  if (before === '') return last;
  const latin = /[\x21-\x7e]/;
  const spaced = (word: string, sign: string): string => (latin.test(sign) ? ' ' : word);
  return `${before}${spaced('', before.at(-1) ?? '')}或${spaced('', last.at(0) ?? '')}${last}`;
}
