/** Plain values with ordered objects (Maps), and how they go to and from text and trees. */
import type { ArrayNode, Member, ObjectNode, Scalar, SpecNode } from './tree.ts';
import type { Range } from '../problem.ts';

/** A JSON value whose objects are Maps in source order. */
export type Ordered = Scalar | readonly Ordered[] | ReadonlyMap<string, Ordered>;

const nowhere: Range = { start: 0, end: 0 };

/** A value of a tree; of a key without value: null. */
export function orderedOf(node: SpecNode): Ordered {
  if (node.kind === 'object') return new Map([...node.members].map(([key, member]) => [key, orderedOf(member.value)]));
  if (node.kind === 'array') return node.items.map(orderedOf);
  return node.kind === 'scalar' ? node.value : null;
}

/** A tree whose every node stands at `range`. Maps and plain objects are both objects; `undefined` members are left out. */
export function nodeOf(value: unknown, range: Range = nowhere): SpecNode {
  const { start, end } = range;
  if (Array.isArray(value)) return { kind: 'array', start, end, items: value.map((item) => nodeOf(item, range)) };
  if (value instanceof Map) return objectNode([...(value as ReadonlyMap<string, unknown>)], range);
  if (typeof value === 'object' && value !== null) return objectNode(Object.entries(value), range);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', start, end, value };
  }
  return { kind: 'scalar', start, end, value: null };
}

function objectNode(entries: readonly (readonly [string, unknown])[], range: Range): ObjectNode {
  const members = new Map<string, Member>();
  for (const [key, value] of entries) {
    if (value !== undefined) members.set(key, { key, keyRange: range, value: nodeOf(value, range) });
  }
  return { kind: 'object', start: range.start, end: range.end, members, duplicates: [] };
}

/** `{key: node}` that is not in the text: a short form written out. */
export const wrapped = (key: string, node: SpecNode): ObjectNode => ({
  kind: 'object',
  start: node.start,
  end: node.end,
  members: new Map([[key, { key, keyRange: node, value: node, implied: true }]]),
  duplicates: [],
});

export const listed = (items: readonly SpecNode[], range: Range): ArrayNode => ({
  kind: 'array',
  start: range.start,
  end: range.end,
  items,
});

/** Any value built of Maps, arrays, plain objects and scalars → Maps throughout. */
export function toOrdered(value: unknown): Ordered {
  return orderedOf(nodeOf(value));
}

const fits = 100;

/**
 * JSON text with keys in the order of the Maps (names such as "10", "2" included); short things stay on one line.
 * `comment` may add a remark to the line of a member (then the text is JSON with comments).
 */
export function orderedText(
  value: unknown,
  options: {
    readonly indent?: string;
    readonly comment?: (tokens: readonly (string | number)[]) => string | undefined;
  } = {},
): string {
  const { indent = '  ', comment } = options;
  const write = (item: Ordered, depth: number, tokens: readonly (string | number)[]): string => {
    const flat = flatText(item);
    if (typeof item !== 'object' || item === null) return flat;
    const remarked = comment !== undefined && hasRemark(item, tokens, comment);
    if (!remarked && flat.length + depth * indent.length <= fits && depth > 1) return flat;
    const inner = indent.repeat(depth + 1);
    const entries: readonly (readonly [string | number, Ordered])[] =
      item instanceof Map
        ? [...(item as ReadonlyMap<string, Ordered>)]
        : (item as readonly Ordered[]).map((one, index) => [index, one] as const);
    if (entries.length === 0) return flat;
    const lines = entries.map(([key, one], index) => {
      const path = [...tokens, key];
      const label = typeof key === 'string' ? `${JSON.stringify(key)}: ` : '';
      const comma = index < entries.length - 1 ? ',' : '';
      const remark = comment?.(path);
      return `${inner}${label}${write(one, depth + 1, path)}${comma}${remark === undefined ? '' : ` // ${remark}`}`;
    });
    const [open, close] = item instanceof Map ? ['{', '}'] : ['[', ']'];
    return `${open}\n${lines.join('\n')}\n${indent.repeat(depth)}${close}`;
  };
  return write(toOrdered(value), 0, []);
}

function hasRemark(
  item: Ordered,
  tokens: readonly (string | number)[],
  comment: (tokens: readonly (string | number)[]) => string | undefined,
): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const entries: readonly (readonly [string | number, Ordered])[] =
    item instanceof Map
      ? [...(item as ReadonlyMap<string, Ordered>)]
      : (item as readonly Ordered[]).map((one, index) => [index, one] as const);
  return entries.some(
    ([key, one]) => comment([...tokens, key]) !== undefined || hasRemark(one, [...tokens, key], comment),
  );
}

/** On one line, however long that is. */
export function flatText(item: Ordered): string {
  if (item instanceof Map) {
    const members = [...(item as ReadonlyMap<string, Ordered>)].map(
      ([key, one]) => `${JSON.stringify(key)}: ${flatText(one)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  if (Array.isArray(item)) return `[${(item as readonly Ordered[]).map(flatText).join(', ')}]`;
  return JSON.stringify(item);
}
