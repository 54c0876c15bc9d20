/**
 * Reads a tree by a schema: the resolved long form and the problems, in one walk. Unions are told apart by their tag, so
 * that a mistake gives one precise problem; a slip in a key is told and then read as meant, so that it stays one mistake.
 */
import type { TSchema } from 'typebox';
import type { Json } from '../../common/checks.ts';
import { notAvailable } from '../available.ts';
import { addKeyFixes, addTagFixes } from './missing-keys.ts';
import { checkGroups, tellDuplicates, tellIgnoredKey, tellUnknownKey, tellUselessKey } from './keys.ts';
import { nameMistake } from './names.ts';
import { nearestWord } from './foreign.ts';
import { pointerOf } from '../editing/pointer.ts';
import type { Token } from '../editing/pointer.ts';
import { formFor, inferredWord, keyedMember, tagWord } from './choose.ts';
import { rules } from './rules.ts';
import { checkDistinct, keyWords, readScalar, tooMany, unknownWord, wrongCount, wrongType } from './scalars.ts';
import { extraOf } from '../schema/build.ts';
import type { Extra } from '../schema/build.ts';
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';
import type { Fix, Problem, Range, Severity } from '../problem.ts';
import type { ArrayNode, Member, ObjectNode, SpecNode } from './tree.ts';
import { listed, nodeOf, orderedOf, orderedText, wrapped } from './values.ts';
import {
  constOf,
  formsOf,
  isRequired,
  itemLimits,
  itemsOf,
  kindWords,
  propertiesOf,
  typeOf,
  valueWords,
} from '../telling/words.ts';

/** What a value that cannot be used is read as. */
export const unusable: unique symbol = Symbol('unusable');

/** Where a value stands: its path, and the range that is shown when something in it is missing. */
export interface Place {
  readonly tokens: readonly Token[];
  readonly label: Range;
  /** The members of the union that the value is one of: a key of another member is "ignored", not "unknown". */
  readonly union?: Readonly<Record<string, TSchema>>;
  readonly chosen?: string;
}

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

export class Reader {
  readonly problems: Problem[] = [];
  /** False once something is missing without which there is no spec. */
  usable = true;
  readonly source: string;
  readonly conventions: 'tf' | 'pytorch';
  readonly #defaults = new WeakMap<TSchema, unknown>();
  #quiet = 0;

  constructor(source: string, conventions: 'tf' | 'pytorch') {
    this.source = source;
    this.conventions = conventions;
  }

  report(
    code: string,
    range: Range,
    tokens: readonly Token[],
    message: Text,
    options: { fixes?: readonly Fix[]; severity?: Severity } = {},
  ): void {
    const { fixes = [], severity = 'error' } = options;
    const { start, end } = range;
    this.problems.push({ code, message, severity, range: { start, end }, pointer: pointerOf(tokens), fixes });
  }

  /** Reports what leaves no usable value. */
  fail(
    code: string,
    range: Range,
    tokens: readonly Token[],
    message: Text,
    fixes: readonly Fix[] = [],
  ): typeof unusable {
    this.usable = false;
    this.report(code, range, tokens, message, { fixes });
    return unusable;
  }

  /** Reads a value. The result is of the schema's long form, or `unusable`. */
  read(schema: TSchema, node: SpecNode, place: Place): unknown {
    // What is wrong with it has been told.
    if (node.kind === 'nothing') return unusable;
    const extra = extraOf(schema);
    if (extra.lazy !== undefined) return this.read(extra.lazy(), node, place);
    if (extra.free === true) return orderedOf(node);
    if (extra.short !== undefined && extra.short !== '' && node.kind !== 'object') {
      if (node.kind === 'scalar' && node.value === null) return wrongType(this, schema, node, place);
      return this.#object(schema, extra, wrapped(extra.short, node), place);
    }
    if (extra.values !== undefined || extra.members !== undefined || typeOf(schema) === 'object') {
      if (node.kind !== 'object') return wrongType(this, schema, node, place);
      return this.#object(schema, extra, node, place);
    }
    if (typeOf(schema) === 'array') return this.#array(schema, extra, node, place);
    const forms = formsOf(schema);
    if (forms.length > 0) {
      const form = formFor(forms, node);
      return form === undefined ? wrongType(this, schema, node, place) : this.read(form, node, place);
    }
    return readScalar(this, schema, node, place);
  }

  #object(schema: TSchema, extra: Extra, node: ObjectNode, place: Place): unknown {
    if (extra.values !== undefined) return this.#map(extra, extra.values, node, place);
    if (extra.tag !== undefined) return this.#tagged(extra, extra.tag, node, place);
    if (extra.byKey === true && extra.members !== undefined) {
      const chosen = keyedMember(extra.members, node);
      return this.read(extra.members[chosen] ?? {}, node, { ...place, union: extra.members, chosen });
    }
    return this.#fields(schema, extra, node, place);
  }

  #array(schema: TSchema, extra: Extra, node: SpecNode, place: Place): unknown {
    if (extra.repeat === true && node.kind === 'scalar' && typeof node.value === 'number') {
      const one = this.read(itemsOf(schema), node, place);
      return one === unusable ? unusable : [one, one];
    }
    const single = extra.single === true && node.kind !== 'array';
    if (node.kind !== 'array' && !single) return wrongType(this, schema, node, place);
    const list: ArrayNode = node.kind === 'array' ? node : listed([node], node);
    const { minItems = 0, maxItems = Infinity } = itemLimits(schema);
    if (list.items.length < minItems || list.items.length > maxItems)
      return wrongCount(this, list, minItems, maxItems, place);
    const items = list.items.map((item, index) =>
      this.read(itemsOf(schema), item, { tokens: single ? place.tokens : [...place.tokens, index], label: item }),
    );
    if (items.includes(unusable)) return unusable;
    if (extra.distinct === true) checkDistinct(this, list, items, place);
    return items;
  }

  #map(extra: Extra, values: TSchema, node: ObjectNode, place: Place): unknown {
    tellDuplicates(this, node, place);
    if (extra.nonEmpty === true && node.members.size === 0) {
      const what = keyWords(place.tokens);
      return this.fail(
        'empty',
        node,
        place.tokens,
        text(`${what} needs at least one entry.`, `${what} 至少需要一项。`),
      );
    }
    const { most = Infinity } = extra;
    if (node.members.size > most) return tooMany(this, node, most, place);
    const result = new Map<string, unknown>();
    for (const [key, member] of node.members) {
      const tokens = [...place.tokens, key];
      if (extra.keys === 'names') {
        const mistake = nameMistake(key);
        if (mistake !== undefined) this.report('bad-name', member.keyRange, tokens, mistake);
      }
      result.set(key, this.read(values, member.value, { tokens, label: member.keyRange }));
    }
    return [...result.values()].includes(unusable) ? unusable : result;
  }

  #tagged(extra: Extra, tag: string, node: ObjectNode, place: Place): unknown {
    const members = extra.members ?? {};
    const written = node.members.get(tag);
    const inferred = written === undefined ? inferredWord(members, tag, node) : undefined;
    if (written === undefined && inferred === undefined) return this.#tagMissing(tag, members, node, place);
    const value = written?.value;
    const tokens = written?.implied === true ? place.tokens : [...place.tokens, tag];
    if (value !== undefined && (value.kind !== 'scalar' || typeof value.value !== 'string')) {
      const what = keyWords(tokens);
      const given = valueWords(value);
      return this.fail(
        'wrong-type',
        value,
        tokens,
        text(`${what} must be a name; here stands ${given.en}.`, `${what} 应为名称；此处是${given.zh}。`),
      );
    }
    const name = inferred ?? (value?.kind === 'scalar' ? String(value.value) : '');
    const member = own(members, name);
    if (member === undefined)
      return unknownWord(
        this,
        name,
        Object.keys(members).filter((word) => word !== 'module'),
        value ?? node,
        { ...place, tokens },
      );
    const inner = { ...place, union: members, chosen: name };
    return this.#gated(extraOf(member).feature, value ?? place.label, tokens, () => this.read(member, node, inner));
  }

  #tagMissing(
    tag: string,
    members: Readonly<Record<string, TSchema>>,
    node: ObjectNode,
    place: Place,
  ): typeof unusable {
    const near = [...node.members.values()].find(({ key }) => nearestWord(key, [tag]) === tag);
    if (near !== undefined) {
      tellUnknownKey(this, near, tag, [...place.tokens, near.key]);
      return unusable;
    }
    const all = Object.keys(members).map((word) => `\`${word}\``);
    const message = text(`\`${tag}\` is missing: ${all.join(' ')}.`, `缺少 \`${tag}\`：${all.join(' ')}。`);
    const fixes = addTagFixes(this.source, node, tag, members);
    return this.fail('missing-key', place.label, place.tokens, message, fixes);
  }

  /** What is not executed yet is told once, for the outermost such thing. */
  #gated(feature: string | undefined, range: Range, tokens: readonly Token[], read: () => unknown): unknown {
    if (feature === undefined || !notAvailable.has(feature)) return read();
    this.#tellUnavailable(feature, range, tokens);
    return this.#quietly(read);
  }

  #quietly(read: () => unknown): unknown {
    this.#quiet += 1;
    const value = read();
    this.#quiet -= 1;
    return value;
  }

  #tellUnavailable(feature: string, range: Range, tokens: readonly Token[]): void {
    if (this.#quiet > 0) return;
    const name = feature.slice(feature.indexOf('/') + 1);
    const en = `\`${name}\` is part of the language, but this version does not execute it yet.`;
    this.report('not-available', range, tokens, text(en, `\`${name}\` 属于本语言，但当前版本尚不能执行。`));
  }

  #fields(schema: TSchema, extra: Extra, node: ObjectNode, place: Place): unknown {
    const properties = propertiesOf(schema);
    tellDuplicates(this, node, place);
    const meant = this.#strangers(schema, properties, node, place);
    const members = new Map([...meant].concat([...node.members].filter(([key]) => Object.hasOwn(properties, key))));
    checkGroups(this, extra, { ...node, members }, properties, place);
    const fields: Record<string, unknown> = {};
    let complete = true;
    for (const [key, property] of Object.entries(properties)) {
      const member = members.get(key);
      const value =
        member === undefined
          ? this.#absent(schema, key, property, members, node, place)
          : this.#present(property, key, member, place);
      if (value === unusable) complete = false;
      else if (value !== undefined) fields[key] = value;
    }
    if (!complete) return unusable;
    this.#dropUseless(properties, fields, members, place);
    const rule = extra.rule === undefined ? undefined : rules[extra.rule];
    return rule === undefined ? fields : rule(this, fields, { ...node, members }, place);
  }

  /** Keys that have an effect only beside certain values of another: told where written, without a value elsewhere. */
  #dropUseless(
    properties: Readonly<Record<string, TSchema>>,
    fields: Record<string, unknown>,
    members: ReadonlyMap<string, Member>,
    place: Place,
  ): void {
    for (const [key, property] of Object.entries(properties)) {
      const { onlyWhen } = extraOf(property);
      if (onlyWhen === undefined || onlyWhen.is.some((value) => same(value, fields[onlyWhen.key]))) continue;
      const member = members.get(key);
      if (member !== undefined) tellUselessKey(this, member, onlyWhen, [...place.tokens, key]);
      // Keys come and go with their siblings.
      Reflect.deleteProperty(fields, key);
    }
  }

  #present(property: TSchema, key: string, member: Member, place: Place): unknown {
    const tokens = member.implied === true ? place.tokens : [...place.tokens, key];
    const at = { tokens, label: member.keyRange };
    const { feature } = extraOf(property);
    if (feature === undefined || !notAvailable.has(feature)) return this.read(property, member.value, at);
    // Writing out the default asks for nothing that is not there: the long form of a spec is a spec.
    const value = this.#quietly(() => this.read(property, member.value, at));
    if (!same(value, this.fallback(property, new Map()))) this.#tellUnavailable(feature, member.keyRange, tokens);
    return value;
  }

  #absent(
    schema: TSchema,
    key: string,
    property: TSchema,
    members: ReadonlyMap<string, Member>,
    node: ObjectNode,
    place: Place,
  ): unknown {
    const { unless } = extraOf(property);
    if (unless !== undefined && members.has(unless)) return undefined;
    const value = this.fallback(property, members);
    if (value !== undefined || !isRequired(schema, key)) return value;
    if (constOf(property) !== undefined) return constOf(property);
    const message = text(
      `\`${key}\` is missing: ${kindWords(property).en}.`,
      `缺少 \`${key}\`：${kindWords(property).zh}。`,
    );
    const range = place.tokens.length === 0 ? { start: node.start, end: node.start + 1 } : place.label;
    return this.fail('missing-key', range, place.tokens, message, addKeyFixes(this.source, node, key, property));
  }

  /** The default of a property, resolved; nothing where it has none. */
  fallback(property: TSchema, members: ReadonlyMap<string, Member>): unknown {
    const { fallbackWhen } = extraOf(property);
    for (const { key, is, value } of fallbackWhen ?? []) {
      if (tagWord(members.get(key)?.value, 'type') === is) return this.#silently(property, value);
    }
    if (this.#defaults.has(property)) return this.#defaults.get(property);
    const extra = extraOf(property);
    const value = extra.byConventions === undefined ? extra.fallback : extra.byConventions[this.conventions];
    const resolved = value === undefined ? undefined : this.#silently(property, value);
    this.#defaults.set(property, resolved);
    return resolved;
  }

  #silently(property: TSchema, value: Json): unknown {
    const quiet = new Reader('', this.conventions);
    const node = nodeOf(value);
    return quiet.read(property, node, { tokens: [], label: node });
  }

  /** Tells of keys that do not belong here; gives back those that are slips of keys that do, read as meant. */
  #strangers(
    schema: TSchema,
    properties: Readonly<Record<string, TSchema>>,
    node: ObjectNode,
    place: Place,
  ): ReadonlyMap<string, Member> {
    const meant = new Map<string, Member>();
    for (const [key, member] of node.members) {
      if (Object.hasOwn(properties, key)) continue;
      const tokens = [...place.tokens, key];
      const owners = Object.entries(place.union ?? {}).filter(
        ([name, other]) => name !== place.chosen && Object.hasOwn(propertiesOf(other), key),
      );
      if (owners.length > 0) {
        tellIgnoredKey(
          this,
          member,
          owners.map(([name]) => name),
          tokens,
          place,
        );
        continue;
      }
      const free = Object.keys(properties).filter((one) => !node.members.has(one) && !meant.has(one));
      const near = nearestWord(key, free);
      tellUnknownKey(this, member, near, tokens);
      if (near === undefined) continue;
      if (this.#reads(properties[near] ?? {}, member)) meant.set(near, member);
      else if (isRequired(schema, near)) {
        meant.set(near, { ...member, value: { kind: 'nothing', start: member.value.start, end: member.value.start } });
      }
    }
    return meant;
  }

  /** Could this value stand under the key it seems to be meant for? */
  #reads(property: TSchema, member: Member): boolean {
    const trial = new Reader(this.source, this.conventions);
    trial.read(property, member.value, { tokens: [], label: member.keyRange });
    return trial.problems.length === 0;
  }
}

/** Equal values of the long form (Maps in their order). */
const same = (left: unknown, right: unknown): boolean => left === right || orderedText(left) === orderedText(right);
