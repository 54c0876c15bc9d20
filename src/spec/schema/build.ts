/**
 * The words the tables of the language are written with.
 *
 * Every schema describes the *resolved long form* of a value; what a text may write instead (a bare name, one value for
 * a list, nothing where there is a default) stands in the `mtl` keyword beside it. The reader, the hover text, the
 * generated JSON Schemas and the documentation are all derived from these values.
 */
import * as Type from './typebox.ts';
import type { Static, TLiteral, TObject, TProperties, TSchema, TUnsafe } from 'typebox';
import type { Json } from '../../common/checks.ts';
import type { Text } from '../../common/text.ts';
import type { LossTraits, MetricTraits, OptimizerTraits } from './row-traits.ts';
import type { KeptTraits } from './strategy-traits.ts';

/** What a reference names: completion, rename and go-to-definition follow it. */
export type Reference =
  | 'input'
  | 'block'
  | 'task'
  | 'node'
  | 'column'
  | 'source'
  | 'arm'
  | 'factor'
  | 'stage'
  | 'file'
  | 'strategy'
  | 'monitor';

export type RuleName = 'shares' | 'data' | 'missing' | 'block' | 'task' | 'range';

/** A default that depends on the world whose constants are used (`training.conventions`). */
export interface ByConventions {
  readonly tf: Json;
  readonly pytorch: Json;
}

/** Labels: names of classes, numbers of any size, numbers from 0 on, boxes. */
export type Domain = 'class' | 'real' | 'non-negative' | 'box';

/** One thing that is known of an entry: what it costs, what it needs. */
export interface Fact {
  readonly label: Text;
  readonly text: Text;
}

/** Our own keyword: everything JSON Schema has no word for. */
export interface Extra {
  readonly zh: string;
  readonly title?: Text;
  /** In the short form of the language: what stands there when nothing is written. */
  readonly fallback?: Json;
  readonly byConventions?: ByConventions;
  /** No default: what one may begin with, in snippets and quick fixes. */
  readonly start?: Json;
  /** The default that holds when a sibling has a value: `{key: 'loss', is: 'poisson', value: 'none'}`; the first that fits. */
  readonly fallbackWhen?: readonly { readonly key: string; readonly is: string; readonly value: Json }[];
  /** No default when this sibling is written (`epochs` beside `steps`). */
  readonly unless?: string;
  /** The key has an effect only where this sibling has one of these values; written elsewhere it is an error. */
  readonly onlyWhen?: { readonly key: string; readonly is: readonly Json[] };
  /** The default said in words, where it is found from the data or from other keys. */
  readonly found?: Text;
  /** A single value stands for a list of one. */
  readonly single?: boolean;
  /** One number stands for all numbers of the tuple. */
  readonly repeat?: boolean;
  /** A value that is no object stands for `{[short]: value}`. */
  readonly short?: string;
  /** An object read into a Map, its values by this schema. */
  readonly values?: TSchema;
  /** The keys of the map are names that the spec defines (conventions 8), or refer to something. */
  readonly keys?: 'names' | Reference;
  /** A union whose member is chosen by the value of this key. */
  readonly tag?: string;
  /** A union whose member is chosen by the first of these keys that is present; '' otherwise. */
  readonly byKey?: boolean;
  readonly members?: Readonly<Record<string, TSchema>>;
  /** Id of the feature in the list of what is not available yet. */
  readonly feature?: string;
  readonly formula?: string;
  readonly source?: string;
  /** More that a table knows of an entry, shown in this order. */
  readonly facts?: readonly Fact[];
  readonly refers?: Reference;
  /** Exactly one of each group must be written. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Maps: at most so many entries. */
  readonly most?: number;
  /** At most one of each group may be written. */
  readonly atMostOneOf?: readonly (readonly string[])[];
  /** At least one of each group must be written. */
  readonly someOf?: readonly (readonly string[])[];
  /** Losses: the largest number no value of the loss falls below. */
  readonly infimum?: number;
  /** Losses and metrics: the labels that they make sense of. */
  readonly domain?: Domain;
  /** Metrics: is more better? */
  readonly higherIsBetter?: boolean;
  /** What other rooms ask of strategies, losses, metrics and optimizers. */
  readonly strategy?: KeptTraits;
  readonly loss?: LossTraits;
  readonly metric?: MetricTraits;
  readonly optimizer?: OptimizerTraits;
  /** Free JSON, read as plain values. */
  readonly free?: boolean;
  /** Read by the schema that this function gives (recursion). */
  readonly lazy?: () => TSchema;
  /** Texts and maps: may not be empty. */
  readonly nonEmpty?: boolean;
  /** Texts: at most so many characters. */
  readonly characters?: number;
  /** Texts: a size of memory (`512 MB`). */
  readonly size?: boolean;
  /** Name of a check over the whole object (`rules.ts`). */
  readonly rule?: RuleName;
  /** No value twice. */
  readonly distinct?: boolean;
}

/** A schema with our keyword. */
export type Entry = TSchema & { readonly description?: string; readonly mtl?: Extra };

type Own = Partial<Omit<Extra, 'zh'>>;
export interface NumberLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Our keyword of a schema; empty where there is none. */
export function extraOf(schema: TSchema): Extra {
  const { mtl } = schema as Entry;
  return mtl ?? { zh: '' };
}

const documented = (en: string, zh: string, own: Own = {}) => ({ description: en, mtl: { zh, ...own } });

const splitLimits = (options: NumberLimits & Own) => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...own } = options;
  const limits = Object.entries({ minimum, maximum, exclusiveMinimum, exclusiveMaximum });
  return { limits: Object.fromEntries(limits.filter(([, value]) => value !== undefined)), own };
};

export const number = (en: string, zh: string, options: NumberLimits & Own = {}) => {
  const { limits, own } = splitLimits(options);
  return Type.Number({ ...limits, ...documented(en, zh, own) });
};

export const integer = (en: string, zh: string, options: NumberLimits & Own = {}) => {
  const { limits, own } = splitLimits(options);
  return Type.Integer({ ...limits, ...documented(en, zh, own) });
};

export const boolean = (en: string, zh: string, own: Own = {}) => Type.Boolean(documented(en, zh, own));

export const string = (en: string, zh: string, own: Own = {}) => Type.String(documented(en, zh, own));

/** One word out of a list. */
export const choice = <const Words extends readonly string[]>(words: Words, en: string, zh: string, own: Own = {}) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...documented(en, zh, own) });

export const list = <Item extends TSchema>(
  item: Item,
  en: string,
  zh: string,
  options: Own & { readonly minItems?: number; readonly maxItems?: number } = {},
) => {
  const { minItems, maxItems, ...own } = options;
  const limits = { ...(minItems === undefined ? {} : { minItems }), ...(maxItems === undefined ? {} : { maxItems }) };
  return Type.Unsafe<readonly Static<Item>[]>({ type: 'array', items: item, ...limits, ...documented(en, zh, own) });
};

/** Two whole numbers, for example height and width; one number stands for both. */
export const pair = (en: string, zh: string, options: NumberLimits & Own = {}) => {
  const { limits, own } = splitLimits(options);
  const items = { type: 'integer', ...limits };
  const shape = { type: 'array', items, minItems: 2, maxItems: 2 };
  return Type.Unsafe<readonly [number, number]>({ ...shape, ...documented(en, zh, { repeat: true, ...own }) });
};

/** Names to values, in source order. */
export const map = <Value extends TSchema>(value: Value, en: string, zh: string, own: Own = {}) =>
  Type.Unsafe<ReadonlyMap<string, Static<Value>>>({
    type: 'object',
    additionalProperties: value,
    ...documented(en, zh, { values: value, ...own }),
  });

export const object = <Fields extends TProperties>(fields: Fields, en: string, zh: string, own: Own = {}) =>
  Type.Object(fields, documented(en, zh, own));

/** Several forms, told apart by the kind of the JSON value (a number, a word, a list, an object). */
export const either = <const Forms extends readonly TSchema[]>(forms: Forms, en: string, zh: string, own: Own = {}) =>
  Type.Unsafe<Static<Forms[number]>>({ anyOf: [...forms], ...documented(en, zh, own) });

export type Members = Readonly<Record<string, TSchema>>;
export type StaticOf<Table extends Members> = { [Name in keyof Table]: Static<Table[Name]> }[keyof Table];

/** A union of objects told apart by the value of one key; a bare word stands for `{[tag]: word}`. */
export const tagged = <Table extends Members>(tag: string, members: Table, en: string, zh: string, own: Own = {}) =>
  Type.Unsafe<StaticOf<Table>>(documented(en, zh, { tag, members, short: tag, ...own }));

/** A union of objects told apart by which key is present; the member '' takes what has none of them. */
export const byKey = <Table extends Members>(members: Table, en: string, zh: string, own: Own = {}) =>
  Type.Unsafe<StaticOf<Table>>(documented(en, zh, { byKey: true, members, ...own }));

/** The same schema under another description: a table entry used as the value of a key. */
export const described = <Schema extends TSchema>(schema: Schema, en: string, zh: string, own: Own = {}): Schema => {
  const { zh: _zh, ...kept } = extraOf(schema);
  return { ...schema, ...documented(en, zh, { ...kept, ...own }) };
};

/** The same schema for a key that has an effect only where its sibling `key` has one of these values. */
export const onlyWhere = <Schema extends TSchema>(schema: Schema, key: string, is: readonly Json[]): Schema => ({
  ...schema,
  mtl: { ...extraOf(schema), onlyWhen: { key, is } },
});

/** A schema known later: the way round a recursion. The type is given, since TypeScript cannot infer it. */
export const later = <Value>(lazy: () => TSchema, en: string, zh: string, own: Own = {}): TUnsafe<Value> =>
  Type.Unsafe<Value>(documented(en, zh, { lazy, ...own }));

/** What a table says of one of its entries. */
export interface About extends Own {
  readonly title: Text;
  readonly text: Text;
}

type TypeEntry<Name extends string, Fields extends TProperties> = TObject<{ type: TLiteral<Name> } & Fields>;
type NameEntry<Name extends string, Fields extends TProperties> = TObject<{ name: TLiteral<Name> } & Fields>;

const aboutOf = ({ title, text, ...own }: About) => documented(text.en, text.zh, { title, ...own });

/** An entry of a table whose members are told apart by `type`. */
export function typeEntry<const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
): TypeEntry<Name, Fields> {
  return Type.Object({ type: Type.Literal(name), ...fields }, aboutOf(about));
}

/** An entry of a table whose members are told apart by `name`. */
export function nameEntry<const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  about: About,
): NameEntry<Name, Fields> {
  return Type.Object({ name: Type.Literal(name), ...fields }, aboutOf(about));
}

/** The domain of all entries of a table, but for those that have one of their own. */
export function within<Table extends Members>(domain: Domain, table: Table): Table {
  const entries = Object.entries(table).map(([name, entry]) => {
    const extra = extraOf(entry);
    return [name, { ...entry, mtl: { ...extra, domain: extra.domain ?? domain } }];
  });
  return Object.fromEntries(entries) as Table;
}

export const optional = Type.Optional;
