/** Texts to type over, in VS Code's snippet syntax: values, entries of tables, and whole pieces of a spec. */
import type { TSchema } from 'typebox';
import { notAvailable } from '../available.ts';
import type { Written } from '../editing/insertions.ts';
import { extraOf } from '../schema/build.ts';
import type { Reference } from '../schema/build.ts';
import { formsOf, isRequired, itemsOf, propertiesOf, typeOf } from './words.ts';

/** What a reference may name where the snippet will stand. */
export type NamesFor = (refers: Reference) => readonly string[];

/** More than these are a list nobody reads: then the name is typed, and completed in its place. */
const mostChoices = 40;

export const escapeSnippet = (written: string): string => written.replace(/[\\$}]/g, '\\$&');
const escapeChoice = (written: string): string => written.replace(/[\\$},|]/g, '\\$&');

export function isAvailable(schema: TSchema): boolean {
  const { feature } = extraOf(schema);
  return feature === undefined || !notAvailable.has(feature);
}

/** Places to type at, numbered in the order of the text. */
class Places {
  readonly #names: NamesFor;
  #last = 0;

  constructor(names: NamesFor) {
    this.#names = names;
  }

  empty(): string {
    this.#last += 1;
    return `$${this.#last}`;
  }

  holding(written: string): string {
    this.#last += 1;
    return `\${${this.#last}:${escapeSnippet(written)}}`;
  }

  /** A name out of those there are, or one to type. */
  name(refers: Reference | undefined): string {
    const names = refers === undefined ? [] : this.#names(refers);
    const [only] = names;
    if (only === undefined || names.length > mostChoices) return `"${this.empty()}"`;
    const texts = names.map((name) => JSON.stringify(name));
    if (texts.length === 1) return this.holding(JSON.stringify(only));
    this.#last += 1;
    return `\${${this.#last}|${texts.map(escapeChoice).join(',')}|}`;
  }
}

/** A value to begin with, as a snippet and as it stands when nothing is typed into its places. */
export function valueWritten(schema: TSchema): Written {
  const snippet = valueSnippet(schema);
  const json = snippet
    .replace(/\$\{\d+:((?:[^\\}]|\\.)*)\}|\$\d+/g, (_, held: string | undefined) => held ?? '')
    .replace(/\\(.)/g, '$1')
    .replace(/^\{\s+\}$/, '{}');
  return { json, snippet };
}

const noNames: NamesFor = () => [];

/** A value of a schema: its default, or an empty one of the right kind. */
export function valueSnippet(schema: TSchema, names: NamesFor = noNames): string {
  return stub(schema, new Places(names));
}

function stub(schema: TSchema, places: Places): string {
  const { fallback, byConventions, start, tag, short, values, members, single, refers } = extraOf(schema);
  const usual = byConventions?.tf ?? fallback ?? start;
  if (usual !== undefined && (typeof usual !== 'object' || usual === null))
    return places.holding(JSON.stringify(usual));
  if (tag !== undefined && short === '') return `{ ${places.empty()} }`;
  if (values !== undefined || members !== undefined || typeOf(schema) === 'object') return `{ ${places.empty()} }`;
  if (typeOf(schema) === 'array') return single === true ? single1(schema, places) : `[${places.empty()}]`;
  return typeOf(schema) === 'string' ? places.name(refers) : places.empty();
}

/** One text that stands for a list of one. */
function single1(schema: TSchema, places: Places): string {
  const item = itemsOf(schema);
  const refers = [item, ...formsOf(item)].map((form) => extraOf(form).refers).find((one) => one !== undefined);
  return places.name(refers);
}

/** An entry of a table as an object with the keys it needs, or as its bare word where the word is enough. */
export function entrySnippet(schema: TSchema, name: string, member: TSchema, names: NamesFor = noNames): string {
  const { tag = '', short } = extraOf(schema);
  const needs = neededKeys(member, tag);
  return short === tag && needs.length === 0 ? JSON.stringify(name) : entry(schema, name, member, new Places(names));
}

function entry(schema: TSchema, name: string, member: TSchema, places: Places): string {
  const { tag = '' } = extraOf(schema);
  const inner = neededKeys(member, tag).map(([key, property]) => `${JSON.stringify(key)}: ${stub(property, places)}`);
  return `{ ${[`${JSON.stringify(tag)}: ${JSON.stringify(name)}`, ...inner].join(', ')} }`;
}

const neededKeys = (member: TSchema, tag: string): readonly (readonly [string, TSchema])[] =>
  Object.entries(propertiesOf(member)).filter(([key]) => key !== tag && isRequired(member, key));

export interface Snippet {
  /** Of the entry of a table; nothing for one that has no other form. */
  readonly label?: string;
  readonly schema: TSchema;
  readonly insert: string;
}

/**
 * New members of a map whose keys are names that the spec gives: one for each entry of the table, or a single one.
 *
 * @param given the name, as far as it has been typed
 */
export function memberSnippets(values: TSchema, names: NamesFor, given = ''): readonly Snippet[] {
  const { tag, members = {} } = extraOf(values);
  const named = (write: (places: Places) => string): string => {
    const places = new Places(names);
    const name = `"${places.holding(given === '' ? 'name' : JSON.stringify(given).slice(1, -1))}"`;
    return `${name}: ${write(places)}`;
  };
  if (tag === undefined) return [{ schema: values, insert: named((places) => whole(values, places)) }];
  return Object.entries(members)
    .filter(([, member]) => isAvailable(member))
    .map(([label, member]) => ({
      label,
      schema: member,
      insert: named((places) => entry(values, label, member, places)),
    }));
}

/** An object with the keys it needs, and with the first entry of the tables that it lists. */
function whole(schema: TSchema, places: Places): string {
  const written = Object.entries(propertiesOf(schema)).flatMap(([key, property]) => {
    if (isRequired(schema, key)) return [`${JSON.stringify(key)}: ${stub(property, places)}`];
    const item = typeOf(property) === 'array' ? itemsOf(property) : {};
    const first = extraOf(property).single === true ? undefined : firstOf(item);
    return first === undefined ? [] : [`${JSON.stringify(key)}: [${entry(item, ...first, places)}]`];
  });
  return written.length === 0 ? `{ ${places.empty()} }` : `{ ${written.join(', ')} }`;
}

/** The plainest entry of a table is its first one. */
function firstOf(schema: TSchema): readonly [string, TSchema] | undefined {
  return Object.entries(extraOf(schema).members ?? {}).find(([, member]) => isAvailable(member));
}

/**
 * A whole spec: data, one block, and the two plainest types of task, which share it. Names that stand in two places are
 * typed once.
 */
export function specSnippet(root: TSchema, names: NamesFor): string {
  const { data = {}, network = {}, tasks = {}, training = {} } = propertiesOf(root);
  const inputs = mapValues(propertiesOf(data)['inputs']);
  const places = new Places(names);
  const source = places.name('file');
  const [input, from] = [places.holding('measures'), places.name('column')];
  const block = places.holding('trunk');
  const again = (place: string): string => `"$${/\d+/.exec(place)?.[0] ?? ''}"`;
  const text = [
    '{',
    `\t"data": {`,
    `\t\t"source": ${source},`,
    `\t\t"inputs": { "${input}": { ${tagOf(inputs)}, "from": [${from}] } }`,
    '\t},',
    `\t"network": { "${block}": { "input": ${again(input)}, "layers": [${layer(mapValues(network), places)}] } },`,
    '\t"tasks": {',
  ];
  const types = Object.entries(extraOf(mapValues(tasks)).members ?? {}).filter(([, member]) => isAvailable(member));
  const heads = types.slice(0, 2).map(([type], index) => {
    const [name, target] = [places.holding(`task${index + 1}`), places.name('column')];
    return { name, line: `\t\t"${name}": { "type": "${type}", "target": ${target}, "input": ${again(block)} }` };
  });
  const weights = heads.map(({ name }) => `${again(name)}: 1`).join(', ');
  text.push(heads.map(({ line }) => line).join(',\n'), '\t},', `\t"weights": { ${weights} },`);
  const epochs = propertiesOf(training)['epochs'];
  text.push(`\t"training": { "epochs": ${epochs === undefined ? places.empty() : stub(epochs, places)} }`, '}');
  return text.join('\n');
}

const mapValues = (schema: TSchema = {}): TSchema => extraOf(schema).values ?? {};

function tagOf(schema: TSchema): string {
  const { tag = '' } = extraOf(schema);
  return `${JSON.stringify(tag)}: ${JSON.stringify(firstOf(schema)?.[0] ?? '')}`;
}

function layer(block: TSchema, places: Places): string {
  const item = itemsOf(propertiesOf(block)['layers'] ?? {});
  const first = firstOf(item);
  return first === undefined ? '' : entry(item, ...first, places);
}
