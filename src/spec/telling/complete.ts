/** What may be written at an offset: keys, words, names, columns, files, and whole pieces to begin with. */
import { createScanner } from 'jsonc-parser';
import type { TSchema } from 'typebox';
import { descriptionOf } from './describe.ts';
import type { Description } from './describe.ts';
import { token } from '../reading/jsonc-numbers.ts';
import { cursorAt } from '../editing/cursor.ts';
import type { Cursor } from '../editing/cursor.ts';
import type { Token } from '../editing/pointer.ts';
import { extraOf } from '../schema/build.ts';
import type { Reference } from '../schema/build.ts';
import { spec as root } from '../schema/spec.ts';
import type { Range, TextEdit } from '../problem.ts';
import type { SpecNode } from '../reading/tree.ts';
import { candidates } from './candidates.ts';
import type { Known } from './candidates.ts';
import { entrySnippet, escapeSnippet, isAvailable, memberSnippets, specSnippet, valueSnippet } from './snippets.ts';
import { chosen, spotAt, spread } from './walk.ts';
import { constOf, enumOf, formsOf, isRequired, itemsOf, propertiesOf, typeOf } from './words.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name' | 'column' | 'file' | 'snippet';
  /** A snippet in VS Code's syntax (`$1` is where to type on). */
  readonly insert: string;
  /** What it replaces. */
  readonly range: Range;
  /** What is compared with what has been typed, where that is not the label. */
  readonly filter?: string;
  /** A comma that was forgotten before. */
  readonly before?: TextEdit;
  readonly description?: Description;
  /** The default value of its key, or a key that must be there: shown first. */
  readonly preferred: boolean;
}

interface Context {
  readonly source: string;
  readonly tree: SpecNode | undefined;
  readonly cursor: Cursor;
  readonly known: Known;
  /** What comes after what is inserted: a comma where something follows without one. */
  readonly after: string;
}

/**
 * All completions at an offset; empty where nothing may be written. The text need not parse: the place is told from what
 * stands before it, and of the tree whatever could be read counts. Never throws.
 */
export function completionsAt(
  source: string,
  tree: SpecNode | undefined,
  offset: number,
  known: Known = {},
): readonly Completion[] {
  const cursor = cursorAt(source, offset);
  if (cursor === undefined) return [];
  const next = nextToken(source, cursor.range.end);
  const after = next === token.comma || next === token.colon || closing.has(next) ? '' : ',';
  const context = { source, tree, cursor, known, after };
  const found = cursor.within === 'key' ? keys(context, next === token.colon) : values(context);
  return cursor.commaAt === undefined ? found : found.map((one) => ({ ...one, ...commaBefore(cursor.commaAt ?? 0) }));
}

const closing: ReadonlySet<number> = new Set([token.closeBrace, token.closeBracket, token.end]);
const commaBefore = (at: number): { readonly before: TextEdit } => ({ before: { start: at, end: at, text: ',' } });

function nextToken(source: string, offset: number): number {
  const scanner = createScanner(source, true);
  scanner.setPosition(offset);
  return scanner.scan();
}

const namesFor =
  ({ tree, cursor, known }: Context, path: readonly Token[] = cursor.path) =>
  (refers: Reference): readonly string[] =>
    candidates(refers, tree, path, known);

/** @param valued whether the colon stands there already, and so the value */
function keys(context: Context, valued: boolean): readonly Completion[] {
  const { cursor, after } = context;
  const spot = spotAt(context.tree, cursor.path);
  if (spot === undefined) return [];
  const node = spot.node === undefined ? undefined : spread(spot.schema, spot.node);
  const present = new Set(node?.kind === 'object' ? node.members.keys() : []);
  if (cursor.typed !== undefined) present.delete(cursor.typed);
  const { range } = cursor;
  const { keys: refers, values: inMap } = extraOf(chosen(spot.schema, node));
  if (inMap !== undefined) {
    if (refers === 'names') return valued ? [] : newMembers(context, inMap);
    const names = refers === undefined ? [] : namesFor(context)(refers).filter((name) => !present.has(name));
    return names.map((name) => {
      const quoted = escapeSnippet(JSON.stringify(name));
      const value = typeOf(inMap) === 'number' ? '${1:1}' : valueSnippet(inMap);
      const insert = valued ? quoted : `${quoted}: ${value}${after}`;
      return { label: name, kind: refers === 'column' ? 'column' : 'name', insert, range, preferred: true };
    });
  }
  return keyTables(spot.schema, node).flatMap(({ owner, key, property }) => {
    if (present.has(key) || !isAvailable(property)) return [];
    const label = JSON.stringify(key);
    const value = valueSnippet(property, namesFor(context, [...cursor.path, key]));
    const insert = valued ? label : `${label}: ${value}${after}`;
    const preferred = isRequired(owner, key);
    return [{ label: key, kind: 'key', insert, range, description: descriptionOf(property), preferred }];
  });
}

/** Inputs, blocks and tasks to give a name. */
function newMembers(context: Context, schema: TSchema): readonly Completion[] {
  const { cursor, after } = context;
  // Nothing of a new member is there yet: only its section is left out of what it may read.
  const names = namesFor(context, [...cursor.path, '']);
  const { range, typed = '' } = cursor;
  return memberSnippets(schema, names, typed).map(({ label = '"name": { … }', schema: entry, insert }) => ({
    label,
    kind: 'snippet',
    insert: insert + after,
    range,
    ...(typed === '' ? {} : { filter: typed }),
    description: descriptionOf(entry),
    preferred: false,
  }));
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
    if (first === undefined || property === undefined) return [];
    // A key of a member's own name says which member is meant, so that the tag may be left out.
    const own = Object.entries(members).flatMap(([name, member]) => rows(member).filter(({ key }) => key === name));
    return [{ owner: first, key: tag, property: tagWords(schema, tag) }, ...own];
  }
  const all = byKey === true && members[''] === entry ? Object.values(members).flatMap(rows) : rows(entry);
  return [...new Map(all.map((row) => [row.key, row])).values()];
}

/** The tag as a key of its own: any of the words. */
const tagWords = (schema: TSchema, tag: string): TSchema => {
  const { members = {}, zh } = extraOf(schema);
  return { type: 'string', enum: Object.keys(members), description: `\`${tag}\``, mtl: { zh } };
};

function values(context: Context): readonly Completion[] {
  const { tree, cursor } = context;
  const { path } = cursor;
  if (path.length === 0) return nextToken(context.source, cursor.range.end) === token.end ? [wholeSpec(context)] : [];
  const spot = spotAt(tree, path);
  const parent = spotAt(tree, path.slice(0, -1));
  const tagged = parent !== undefined && extraOf(parent.schema).tag === path.at(-1) ? parent.schema : undefined;
  if (tagged !== undefined) return words(tagged, context, false);
  return spot === undefined ? [] : valuesOf(spot.schema, context);
}

function wholeSpec(context: Context): Completion {
  const insert = specSnippet(root, namesFor(context));
  const { range } = context.cursor;
  return { label: '{ … }', kind: 'snippet', insert, range, description: descriptionOf(root), preferred: true };
}

function valuesOf(schema: TSchema, context: Context): readonly Completion[] {
  const { lazy, tag, short, single, refers, fallback, byConventions } = extraOf(schema);
  if (lazy !== undefined) return valuesOf(lazy(), context);
  if (tag !== undefined) return words(schema, context, true);
  const one = (label: string, insert: string, preferred = false): Completion => ({
    label,
    kind: 'value',
    insert: insert + context.after,
    range: context.cursor.range,
    preferred,
  });
  const listed = enumOf(schema);
  if (listed !== undefined) {
    const usual = byConventions?.tf ?? fallback;
    return listed.map((word) => one(word, JSON.stringify(word), word === usual));
  }
  if (refers !== undefined) {
    const kind = refers === 'column' || refers === 'file' ? refers : 'name';
    const names = namesFor(context)(refers);
    return names.map((name) => ({ ...one(name, escapeSnippet(JSON.stringify(name))), kind }));
  }
  const shortened = short === undefined || short === '' ? undefined : propertiesOf(schema)[short];
  if (shortened !== undefined) return valuesOf(shortened, context);
  const forms = formsOf(schema);
  if (forms.length > 0) return forms.flatMap((form) => valuesOf(form, context));
  if (typeOf(schema) === 'array') return single === true ? valuesOf(itemsOf(schema), context) : [];
  if (typeOf(schema) === 'boolean')
    return ['true', 'false'].map((word) => one(word, word, JSON.stringify(fallback) === word));
  const fixed = constOf(schema);
  if (fixed !== undefined) return [one(JSON.stringify(fixed), JSON.stringify(fixed))];
  const usual = byConventions?.tf ?? fallback;
  return typeof usual === 'number' ? [one(String(usual), String(usual), true)] : [];
}

/** The entries of a table: as words, or as objects where they need keys of their own. */
function words(schema: TSchema, context: Context, whole: boolean): readonly Completion[] {
  const { members = {}, fallback } = extraOf(schema);
  const names = namesFor(context, [...context.cursor.path, '']);
  return Object.entries(members).flatMap(([name, member]) => {
    if (!isAvailable(member) || name === 'module') return [];
    const written = whole ? entrySnippet(schema, name, member, names) : JSON.stringify(name);
    const insert = written + context.after;
    const { range } = context.cursor;
    const description = descriptionOf(member);
    return [{ label: name, kind: 'value', insert, range, description, preferred: name === fallback }];
  });
}
