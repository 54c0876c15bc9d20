/** What may be written at an offset: keys, words, names, columns. */
import { createScanner } from 'jsonc-parser';
import type { TSchema } from 'typebox';
import { notAvailable } from '../available.ts';
import { descriptionOf } from './describe.ts';
import type { Description } from './describe.ts';
import { token } from '../reading/jsonc-numbers.ts';
import { pathAt } from '../editing/position.ts';
import type { Token } from '../editing/pointer.ts';
import { namesDefined } from '../reading/references.ts';
import { extraOf } from '../schema/build.ts';
import type { Reference } from '../schema/build.ts';
import type { Range } from '../problem.ts';
import type { ObjectNode, SpecNode } from '../reading/tree.ts';
import { chosen, spotAt, spread } from './walk.ts';
import { constOf, enumOf, formsOf, isRequired, itemsOf, propertiesOf, typeOf } from './words.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name' | 'column';
  /** A snippet in VS Code's syntax (`$1` is where to type on). */
  readonly insert: string;
  /** What it replaces. */
  readonly range: Range;
  readonly description?: Description;
  /** The default value of its key, or a key that must be there: shown first. */
  readonly preferred: boolean;
}

/** Names from outside the spec: the columns of the data. */
export interface Known {
  readonly columns?: readonly string[];
}

interface Context {
  readonly tree: SpecNode;
  readonly columns: readonly string[];
  readonly range: Range;
}

/** All completions at an offset; empty where nothing may be written. Never throws. */
export function completionsAt(
  source: string,
  tree: SpecNode | undefined,
  offset: number,
  known: Known = {},
): readonly Completion[] {
  const place = pathAt(tree, offset);
  if (tree === undefined || place === undefined) return [];
  const { columns = [] } = known;
  if (place.within === 'key') {
    const range = place.member?.keyRange ?? { start: offset, end: offset };
    const owner = pathAt(tree, range.start)?.path.slice(0, -1) ?? [];
    return keys(source, { tree, columns, range }, owner, place.member?.key, true);
  }
  if (place.within === 'value' && place.node.kind === 'scalar') {
    return values({ tree, columns, range: place.node }, place.path);
  }
  if (place.within !== 'gap') return [];
  const context = { tree, columns, range: { start: offset, end: offset } };
  if (place.node.kind === 'array') return values(context, [...place.path, place.node.items.length]);
  const waiting = place.node.kind === 'object' ? waitingMember(source, place.node, offset) : undefined;
  if (waiting !== undefined) return values(context, [...place.path, waiting]);
  return keys(source, context, place.path, undefined, false);
}

/** The member whose colon stands right before the offset. */
function waitingMember(source: string, node: ObjectNode, offset: number): string | undefined {
  for (const { key, keyRange } of node.members.values()) {
    if (keyRange.end <= offset && /^\s*:\s*$/.test(source.slice(keyRange.end, offset))) return key;
  }
  return undefined;
}

/** Does another member follow, so that a comma is needed? */
function followed(source: string, offset: number): boolean {
  const scanner = createScanner(source, true);
  scanner.setPosition(offset);
  const kind: number = scanner.scan();
  return kind !== token.comma && kind !== token.closeBrace && kind !== token.end;
}

function keys(
  source: string,
  context: Context,
  path: readonly Token[],
  typed: string | undefined,
  quoted: boolean,
): readonly Completion[] {
  const spot = spotAt(context.tree, path);
  if (spot === undefined) return [];
  const node = spot.node === undefined ? undefined : spread(spot.schema, spot.node);
  const present = new Set(node?.kind === 'object' ? node.members.keys() : []);
  if (typed !== undefined) present.delete(typed);
  const comma = !quoted && followed(source, context.range.end) ? ',' : '';
  const { keys: refers, values: inMap } = extraOf(spot.schema);
  if (inMap !== undefined) {
    const names = refers === 'task' ? namesOf('task', context).filter((name) => !present.has(name)) : [];
    return names.map((name) => ({
      label: name,
      kind: 'name',
      insert: quoted ? escapeSnippet(JSON.stringify(name)) : `${escapeSnippet(JSON.stringify(name))}: \${1:1}${comma}`,
      range: context.range,
      preferred: true,
    }));
  }
  return keyTables(spot.schema, node).flatMap(({ owner, key, property }) => {
    if (present.has(key) || !isAvailable(property)) return [];
    const label = JSON.stringify(key);
    const insert = quoted ? label : `${label}: ${stub(property, 1)}${comma}`;
    const { range } = context;
    return [
      {
        label: key,
        kind: 'key',
        insert,
        range,
        description: descriptionOf(property),
        preferred: isRequired(owner, key),
      },
    ];
  });
}

interface KeyRow {
  readonly owner: TSchema;
  readonly key: string;
  readonly property: TSchema;
}

/** The keys an object may have: those of its chosen form, or of all forms while none is chosen. */
function keyTables(schema: TSchema, node: SpecNode | undefined): readonly KeyRow[] {
  const entry = chosen(schema, node);
  const { members = {}, tag, byKey } = extraOf(schema);
  const rows = (owner: TSchema) =>
    Object.entries(propertiesOf(owner)).map(([key, property]) => ({ owner, key, property }));
  if (tag !== undefined && entry === schema) {
    const [first] = Object.values(members);
    const property = first === undefined ? undefined : propertiesOf(first)[tag];
    return first === undefined || property === undefined
      ? []
      : [{ owner: first, key: tag, property: tagWords(schema, tag) }];
  }
  const all = byKey === true && members[''] === entry ? Object.values(members).flatMap(rows) : rows(entry);
  return [...new Map(all.map((row) => [row.key, row])).values()];
}

/** The tag as a key of its own: any of the words. */
const tagWords = (schema: TSchema, tag: string): TSchema => {
  const { members = {}, zh } = extraOf(schema);
  return { type: 'string', enum: Object.keys(members), description: `\`${tag}\``, mtl: { zh } };
};

function isAvailable(schema: TSchema): boolean {
  const { feature } = extraOf(schema);
  return feature === undefined || !notAvailable.has(feature);
}

function values(context: Context, path: readonly Token[]): readonly Completion[] {
  const spot = spotAt(context.tree, path);
  const parent = spotAt(context.tree, path.slice(0, -1));
  const key = path.at(-1);
  const tagged = parent !== undefined && extraOf(parent.schema).tag === key ? parent.schema : undefined;
  if (tagged !== undefined) return words(tagged, context, false);
  return spot === undefined ? [] : valuesOf(spot.schema, context);
}

function valuesOf(schema: TSchema, context: Context): readonly Completion[] {
  const { lazy, tag, single, refers, fallback } = extraOf(schema);
  if (lazy !== undefined) return valuesOf(lazy(), context);
  if (tag !== undefined) return words(schema, context, true);
  const one = (label: string, insert: string, preferred = false): Completion => ({
    label,
    kind: 'value',
    insert,
    range: context.range,
    preferred,
  });
  const listed = enumOf(schema);
  if (listed !== undefined) return listed.map((word) => one(word, JSON.stringify(word), word === fallback));
  if (refers !== undefined) {
    const kind = refers === 'column' ? 'column' : 'name';
    return namesOf(refers, context).map((name) => ({ ...one(name, escapeSnippet(JSON.stringify(name))), kind }));
  }
  const forms = formsOf(schema);
  if (forms.length > 0) return forms.flatMap((form) => valuesOf(form, context));
  if (typeOf(schema) === 'array') return single === true ? valuesOf(itemsOf(schema), context) : [];
  if (typeOf(schema) === 'boolean')
    return ['true', 'false'].map((word) => one(word, word, JSON.stringify(fallback) === word));
  const fixed = constOf(schema);
  if (fixed !== undefined) return [one(JSON.stringify(fixed), JSON.stringify(fixed))];
  const { byConventions } = extraOf(schema);
  const usual = byConventions?.tf ?? fallback;
  return typeof usual === 'number' ? [one(String(usual), String(usual), true)] : [];
}

/** The entries of a table: as words, or as objects where they need keys of their own. */
function words(schema: TSchema, context: Context, whole: boolean): readonly Completion[] {
  const { members = {}, tag = '', short, fallback } = extraOf(schema);
  return Object.entries(members).flatMap(([name, member]) => {
    if (!isAvailable(member) || name === 'module') return [];
    const needs = Object.entries(propertiesOf(member)).filter(([key]) => key !== tag && isRequired(member, key));
    const bare = !whole || (short === tag && needs.length === 0);
    const inner = needs.map(([key, property], index) => `${JSON.stringify(key)}: ${stub(property, index + 1)}`);
    const insert = bare
      ? JSON.stringify(name)
      : `{ ${[`${JSON.stringify(tag)}: ${JSON.stringify(name)}`, ...inner].join(', ')} }`;
    return [
      {
        label: name,
        kind: 'value',
        insert,
        range: context.range,
        description: descriptionOf(member),
        preferred: name === fallback,
      },
    ];
  });
}

/** The names that a reference may mean. */
function namesOf(refers: Reference, context: Context): readonly string[] {
  if (refers === 'column') return context.columns;
  const defined = namesDefined(context.tree);
  const of = (kind: string) => defined.filter((one) => one.kind === kind).map(({ name }) => name);
  return refers === 'node' ? [...of('block'), ...of('input'), ...of('task').map((name) => `task:${name}`)] : of(refers);
}

/** A value to type over: the default, or an empty one of the right kind. */
function stub(schema: TSchema, place: number): string {
  const { fallback, byConventions, tag, short, values: inMap, members } = extraOf(schema);
  const usual = byConventions?.tf ?? fallback;
  if (usual !== undefined && (typeof usual !== 'object' || usual === null))
    return `\${${place}:${escapeSnippet(JSON.stringify(usual))}}`;
  if (tag !== undefined && short === '') return `{ $${place} }`;
  if (inMap !== undefined || members !== undefined || typeOf(schema) === 'object') return `{ $${place} }`;
  if (typeOf(schema) === 'array') return extraOf(schema).single === true ? `"$${place}"` : `[$${place}]`;
  const kind = typeOf(schema);
  return kind === 'string' ? `"$${place}"` : `$${place}`;
}

const escapeSnippet = (written: string): string => written.replace(/[\\$}]/g, '\\$&');
