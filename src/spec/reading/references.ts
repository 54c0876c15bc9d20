/** Names: where they are defined, where they are used, and the outline. */
import type { TSchema } from 'typebox';
import { nameMistake } from './names.ts';
import type { Token } from '../editing/pointer.ts';
import { extraOf } from '../schema/build.ts';
import type { Reference } from '../schema/build.ts';
import { spec as root } from '../schema/spec.ts';
import type { Text } from '../../common/text.ts';
import type { Range, TextEdit } from '../problem.ts';
import type { Member, SpecNode } from './tree.ts';
import { step } from '../telling/walk.ts';
import { tagWord } from './choose.ts';
import { spread } from '../telling/walk.ts';

export type NameKind = 'input' | 'block' | 'task' | 'source';

export interface Definition {
  readonly kind: NameKind;
  readonly name: string;
  /** The key with its quotes. */
  readonly keyRange: Range;
  readonly range: Range;
  readonly path: readonly Token[];
}

export interface Use {
  /** The text with its quotes. */
  readonly range: Range;
  readonly path: readonly Token[];
  /** Written as `task:name`. */
  readonly prediction: boolean;
}

const sections: readonly (readonly [NameKind, readonly string[]])[] = [
  ['input', ['data', 'inputs']],
  ['block', ['network']],
  ['task', ['tasks']],
  ['source', ['data', 'sources']],
];

const membersAt = (tree: SpecNode | undefined, path: readonly string[]): readonly Member[] => {
  let node = tree;
  for (const key of path) node = node?.kind === 'object' ? node.members.get(key)?.value : undefined;
  return node?.kind === 'object' ? [...node.members.values()] : [];
};

/** All names that the spec defines, in source order of each section. */
export function namesDefined(tree: SpecNode | undefined): readonly Definition[] {
  return sections.flatMap(([kind, path]) =>
    membersAt(tree, path).map(({ key, keyRange, value }) => ({
      kind,
      name: key,
      keyRange,
      range: { start: keyRange.start, end: value.end },
      path: [...path, key],
    })),
  );
}

type Visit = (
  schema: TSchema,
  node: SpecNode,
  path: readonly Token[],
  keyed: { readonly keys: string | undefined; readonly member: Member } | undefined,
) => void;

/** Walks all values that the tables know. */
function walk(
  schema: TSchema,
  node: SpecNode,
  path: readonly Token[],
  visit: Visit,
  keyed?: { readonly keys: string | undefined; readonly member: Member },
): void {
  visit(schema, node, path, keyed);
  const long = spread(schema, node);
  if (long.kind === 'object') {
    for (const member of long.members.values()) {
      const next = step({ schema, node }, member.key);
      const to = member.implied === true ? path : [...path, member.key];
      const { keys } = extraOf(schema);
      if (next !== undefined) walk(next.schema, member.value, to, visit, { keys, member });
    }
  } else if (long.kind === 'array') {
    const single = long !== node;
    for (const [index, item] of long.items.entries()) {
      const next = step({ schema, node }, index);
      if (next !== undefined) walk(next.schema, item, single ? path : [...path, index], visit);
    }
  }
}

const meansKind = (refers: Reference | undefined, kind: NameKind): boolean =>
  refers === kind || (refers === 'node' && (kind === 'input' || kind === 'block'));

const stringForms = (schema: TSchema): readonly TSchema[] => [
  schema,
  ...((schema as { anyOf?: readonly TSchema[] }).anyOf ?? []),
];

/** Everywhere a name is used (its definition left out), in the order of the text. */
export function references(tree: SpecNode | undefined, name: string, kind: NameKind): readonly Use[] {
  const found: Use[] = [];
  if (tree === undefined) return found;
  walk(root, tree, [], (schema, node, path, keyed) => {
    if (keyed !== undefined && keyed.keys === kind && keyed.member.key === name) {
      found.push({ range: keyed.member.keyRange, path, prediction: false });
    }
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
    const refers = stringForms(schema).map((form) => extraOf(form).refers);
    const prediction = kind === 'task' && node.value === `task:${name}` && refers.includes('node');
    const direct = node.value === name && refers.some((one) => meansKind(one, kind));
    if (prediction || direct) found.push({ range: { start: node.start, end: node.end }, path, prediction });
  });
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** A name in the text: given there, or used there. */
export interface Named {
  readonly kind: NameKind | 'column';
  readonly name: string;
  readonly range: Range;
  readonly definition: boolean;
}

/** Every name of inputs, blocks, tasks, sources and columns, in the order of the text. In one walk. */
export function referencesOf(tree: SpecNode | undefined): readonly Named[] {
  if (tree === undefined) return [];
  const defined = namesDefined(tree);
  const kinds = new Map<string, NameKind[]>();
  for (const { name, kind } of defined) kinds.set(name, [...(kinds.get(name) ?? []), kind]);
  const has = (name: string, kind: NameKind): boolean => kinds.get(name)?.includes(kind) === true;
  const found: Named[] = defined.map(({ kind, name, keyRange: range }) => ({ kind, name, range, definition: true }));
  const use = (kind: Named['kind'], name: string, { start, end }: Range): void => {
    found.push({ kind, name, range: { start, end }, definition: false });
  };
  walk(root, tree, [], (schema, node, _, keyed) => {
    const key = keyed?.member.key ?? '';
    if (keyed?.keys === 'task' && has(key, 'task')) use('task', key, keyed.member.keyRange);
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
    const { value } = node;
    const refers = stringForms(schema).map((form) => extraOf(form).refers);
    const predicted = value.startsWith('task:') ? value.slice('task:'.length) : undefined;
    const direct = kinds.get(value)?.find((kind) => refers.some((one) => meansKind(one, kind)));
    if (refers.includes('column')) use('column', value, node);
    else if (predicted !== undefined && refers.includes('node') && has(predicted, 'task')) use('task', predicted, node);
    else if (direct !== undefined) use(direct, value, node);
  });
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** Every file that the text names: for links. */
export function fileReferences(tree: SpecNode | undefined): readonly (Range & { readonly file: string })[] {
  const found: (Range & { readonly file: string })[] = [];
  if (tree === undefined) return found;
  walk(root, tree, [], (schema, node) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return;
    if (!stringForms(schema).some((form) => extraOf(form).refers === 'file')) return;
    found.push({ start: node.start, end: node.end, file: node.value });
  });
  return found;
}

/** The name that stands at an offset, defined there or used there. */
export function nameAt(tree: SpecNode | undefined, offset: number): (Definition & { readonly at: Range }) | undefined {
  const holds = (range: Range): boolean => range.start <= offset && offset <= range.end;
  const named = referencesOf(tree).find(({ kind, range }) => kind !== 'column' && holds(range));
  if (named === undefined) return undefined;
  const definition = namesDefined(tree).find(({ kind, name }) => kind === named.kind && name === named.name);
  return definition && { ...definition, at: named.range };
}

/** Edits that give a name another one everywhere, or what is wrong with the new name. */
export function renameEdits(
  tree: SpecNode | undefined,
  definition: Definition,
  name: string,
): { readonly edits: readonly TextEdit[] } | { readonly mistake: Text } {
  const shared = new Set<NameKind>(
    definition.kind === 'task' ? ['task'] : definition.kind === 'source' ? ['source'] : ['input', 'block'],
  );
  const taken = namesDefined(tree).some(
    (other) => shared.has(other.kind) && other.name === name && name !== definition.name,
  );
  const shown = JSON.stringify(name);
  const mistake = taken ? { en: `The name ${shown} is taken.`, zh: `名称 ${shown} 已被使用。` } : nameMistake(name);
  if (mistake !== undefined) return { mistake };
  const uses = references(tree, definition.name, definition.kind);
  const edits = uses.map(({ range, prediction }) => ({
    ...range,
    text: JSON.stringify(prediction ? `task:${name}` : name),
  }));
  const { start, end } = definition.keyRange;
  return { edits: [{ start, end, text: shown }, ...edits].sort((a, b) => a.start - b.start) };
}

export interface Outline {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | NameKind | 'weight';
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly Outline[];
}

const kindOfSection: Readonly<Record<string, Outline['kind']>> = { network: 'block', tasks: 'task', weights: 'weight' };

/** Sections, and in them the inputs, blocks, tasks and weights. */
export function symbols(tree: SpecNode | undefined): readonly Outline[] {
  return membersAt(tree, []).map((member) => {
    const kind = kindOfSection[member.key];
    const nested = kind === undefined ? [] : membersAt(tree, [member.key]).map((one) => outline(one, kind, []));
    const data =
      member.key === 'data' ? membersAt(tree, ['data', 'inputs']).map((one) => outline(one, 'input', [])) : [];
    return outline(member, 'section', [...nested, ...data]);
  });
}

function outline({ key, keyRange, value }: Member, kind: Outline['kind'], children: readonly Outline[]): Outline {
  const type = tagWord(value, 'type') ?? '';
  const number = value.kind === 'scalar' && typeof value.value !== 'string' ? String(value.value) : type;
  return {
    name: key === '' ? '""' : key,
    detail: number,
    kind,
    range: { start: keyRange.start, end: value.end },
    selection: keyRange,
    children,
  };
}
