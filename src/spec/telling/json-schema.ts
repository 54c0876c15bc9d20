/** JSON Schemas for other tools, made of the same tables. */
import type { TSchema } from 'typebox';
import { extraOf } from '../schema/build.ts';
import { layer } from '../schema/layers.ts';
import { spec } from '../schema/spec.ts';
import { strategyChoice } from '../schema/strategies.ts';
import { constOf, enumOf, formsOf, isRequired, itemLimits, itemsOf, propertiesOf, typeOf } from './words.ts';

type JsonSchema = Record<string, unknown>;

const draft = 'http://json-schema.org/draft-07/schema#';

/**
 * The schema that VS Code's own JSON support is given: what the file is, comments and trailing commas, and nothing that
 * could draw a second squiggle or offer a second completion beside ours.
 */
export function looseSchema(): JsonSchema {
  const sections = Object.keys(propertiesOf(spec)).filter((key) => key !== '$schema');
  return {
    $schema: draft,
    title: 'MTL Workbench spec',
    allowComments: true,
    allowTrailingCommas: true,
    properties: Object.fromEntries(sections.map((key) => [key, { doNotSuggest: true }])),
  };
}

/** Tables that stand in many places are written once. */
const shared = new Map<unknown, string>([
  [extraOf(layer).members, 'layer'],
  [extraOf(strategyChoice).members, 'strategy'],
]);

/** The whole grammar with descriptions (English; Chinese in `x-zh`): every short form included, unknown keys refused. */
export function strictSchema(): JsonSchema {
  const definitions: JsonSchema = {};
  for (const [schema, name] of [
    [layer, 'layer'],
    [strategyChoice, 'strategy'],
  ] as const) {
    definitions[name] = tagged(schema);
  }
  const head = { $schema: draft, title: 'MTL Workbench spec', allowComments: true, allowTrailingCommas: true };
  return { ...head, ...(once({ ...convert(spec), definitions }) as JsonSchema) };
}

function remarks(schema: TSchema): JsonSchema {
  const { description = '' } = schema as { description?: string };
  const { zh, title, fallback, byConventions } = extraOf(schema);
  const usual = byConventions?.tf ?? fallback;
  return {
    ...(title === undefined ? {} : { title: title.en }),
    ...(description === '' ? {} : { description }),
    ...(zh === '' ? {} : { 'x-zh': zh }),
    ...(usual === undefined ? {} : { default: usual }),
  };
}

function convert(schema: TSchema): JsonSchema {
  const { lazy, members, tag, values, single, repeat, short, free } = extraOf(schema);
  if (lazy !== undefined) return convert(lazy());
  if (free === true) return remarks(schema);
  const name = shared.get(members);
  if (name !== undefined) return { ...remarks(schema), allOf: [{ $ref: `#/definitions/${name}` }] };
  if (tag !== undefined) return { ...remarks(schema), ...tagged(schema) };
  if (members !== undefined)
    return { ...remarks(schema), ...withShort(schema, { anyOf: Object.values(members).map(convert) }) };
  if (values !== undefined) return { ...remarks(schema), type: 'object', additionalProperties: convert(values) };
  if (typeOf(schema) === 'object')
    return { ...remarks(schema), ...(short === undefined ? fields(schema) : withShort(schema, fields(schema))) };
  if (typeOf(schema) === 'array') {
    const items = convert(itemsOf(schema));
    const array = { type: 'array', items, ...pick(itemLimits(schema), ['minItems', 'maxItems']) };
    return { ...remarks(schema), ...(single === true || repeat === true ? { anyOf: [array, items] } : array) };
  }
  const forms = formsOf(schema);
  if (forms.length > 0) return { ...remarks(schema), anyOf: forms.map(convert) };
  return { ...remarks(schema), ...scalar(schema) };
}

function scalar(schema: TSchema): JsonSchema {
  const fixed = constOf(schema);
  if (fixed !== undefined) return { const: fixed };
  const words = enumOf(schema);
  if (words !== undefined) return { type: 'string', enum: words };
  const limits = pick(schema, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']);
  const { nonEmpty, characters } = extraOf(schema);
  const lengths = {
    ...(nonEmpty === true ? { minLength: 1 } : {}),
    ...(characters === undefined ? {} : { maxLength: characters }),
  };
  return { type: typeOf(schema), ...limits, ...(typeOf(schema) === 'string' ? lengths : {}) };
}

const pick = (from: object, keys: readonly string[]): JsonSchema =>
  Object.fromEntries(Object.entries(from).filter(([key, value]) => keys.includes(key) && value !== undefined));

function fields(schema: TSchema): JsonSchema {
  const properties = propertiesOf(schema);
  const { oneOf = [] } = extraOf(schema);
  const required = Object.keys(properties).filter(
    (key) => isRequired(schema, key) || constOf(properties[key] ?? {}) !== undefined,
  );
  const needed = required.filter(
    (key) => (extraOf(properties[key] ?? {}).fallback === undefined && key !== 'name') || isTag(properties[key] ?? {}),
  );
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, convert(property)])),
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(oneOf.length === 0
      ? {}
      : { allOf: oneOf.map((group) => ({ oneOf: group.map((key) => ({ required: [key] })) })) }),
    additionalProperties: false,
  };
}

const isTag = (property: TSchema): boolean => typeof constOf(property) === 'string' && constOf(property) !== 'module';

/** What is no object stands for one key of it. */
function withShort(schema: TSchema, object: JsonSchema): JsonSchema {
  const { short = '', members } = extraOf(schema);
  if (short === '') return object;
  const owner = members?.[''] ?? schema;
  const property = propertiesOf(owner)[short];
  return property === undefined ? object : { anyOf: [object, convert(property)] };
}

function tagged(schema: TSchema): JsonSchema {
  const { members = {}, tag = '', short } = extraOf(schema);
  const objects = Object.values(members).map((member) => ({ ...remarks(member), ...fields(member) }));
  const bare = Object.entries(members).filter(
    ([name, member]) =>
      name !== 'module' && Object.keys(propertiesOf(member)).every((key) => key === tag || !isRequired(member, key)),
  );
  const words = short === tag && bare.length > 0 ? [{ type: 'string', enum: bare.map(([name]) => name) }] : [];
  return { anyOf: [...words, ...objects] };
}

const worthwhile = 160;

/** Keys that are described the same way in many places are written once, under `definitions`. */
function once(schema: JsonSchema): unknown {
  const counts = new Map<string, number>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const child of Object.values(propertiesIn(value))) {
      const written = JSON.stringify(child);
      counts.set(written, (counts.get(written) ?? 0) + 1);
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(schema);
  const often = new Set([...counts].filter(([, count]) => count >= 3).map(([written]) => written));
  const names = new Map<string, string>();
  const definitions: JsonSchema = {};
  const share = (key: string, value: unknown): unknown => {
    const written = JSON.stringify(value);
    if (written.length < worthwhile || !often.has(written)) return rebuild(value);
    const known = names.get(written);
    const name = known ?? freeName(key, definitions);
    if (known === undefined) {
      names.set(written, name);
      definitions[name] = null;
      definitions[name] = rebuild(value);
    }
    return { $ref: `#/definitions/${name}` };
  };
  const rebuild = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rebuild);
    if (typeof value !== 'object' || value === null) return value;
    const properties = propertiesIn(value);
    const entries = Object.entries(value).map(([key, child]) =>
      key === 'properties' && child === properties
        ? [key, Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, share(name, one)]))]
        : [key, rebuild(child)],
    );
    return Object.fromEntries(entries);
  };
  const { definitions: tables, ...rest } = schema;
  const rebuilt = rebuild(rest) as JsonSchema;
  const rebuiltTables = rebuild(tables) as JsonSchema;
  return { ...rebuilt, definitions: { ...rebuiltTables, ...definitions } };
}

/** The properties of a schema of an object; none where `properties` is itself the name of a key. */
function propertiesIn(value: object): JsonSchema {
  const { type, properties } = value as { type?: unknown; properties?: unknown };
  return type === 'object' && typeof properties === 'object' && properties !== null ? (properties as JsonSchema) : {};
}

function freeName(key: string, definitions: JsonSchema): string {
  const candidates = ['', ...Array.from({ length: 200 }, (_, index) => String(index + 2))].map(
    (suffix) => `key.${key}${suffix}`,
  );
  return candidates.find((name) => !Object.hasOwn(definitions, name)) ?? key;
}
