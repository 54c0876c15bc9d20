/** The schema of any place of a spec, found by walking the tables along the values of a tree. */
import type { TSchema } from 'typebox';
import { formFor, keyedMember, tagWord } from '../reading/choose.ts';
import { extraOf } from '../schema/build.ts';
import { spec as root } from '../schema/spec.ts';
import type { Token } from '../editing/pointer.ts';
import type { SpecNode } from '../reading/tree.ts';
import { listed, wrapped } from '../reading/values.ts';
import { formsOf, itemsOf, propertiesOf, typeOf } from './words.ts';

/** A place of a spec: what the tables say of it, and the value that stands there. */
export interface Spot {
  readonly schema: TSchema;
  readonly node?: SpecNode;
}

/** A schema with recursion followed, and of unions the member that the value is: what its keys are looked up in. */
export function chosen(schema: TSchema, node: SpecNode | undefined): TSchema {
  const { lazy, members = {}, tag, byKey } = extraOf(schema);
  if (lazy !== undefined) return chosen(lazy(), node);
  if (tag !== undefined) {
    const word =
      tagWord(node, tag) ??
      (node?.kind === 'object' ? Object.keys(members).find((name) => node.members.has(name)) : undefined);
    return word !== undefined && Object.hasOwn(members, word) ? (members[word] ?? schema) : schema;
  }
  if (byKey === true) return members[node?.kind === 'object' ? keyedMember(members, node) : ''] ?? schema;
  const forms = formsOf(schema);
  if (forms.length === 0) return schema;
  const form = node === undefined ? undefined : formFor(forms, node);
  return form === undefined ? schema : chosen(form, node);
}

/** The long form of a short one, as far as keys and positions are concerned. */
export function spread(schema: TSchema, node: SpecNode): SpecNode {
  const { short, single, lazy } = extraOf(schema);
  if (lazy !== undefined) return spread(lazy(), node);
  if (short !== undefined && short !== '' && node.kind !== 'object' && node.kind !== 'nothing')
    return wrapped(short, node);
  if (single === true && node.kind !== 'array' && node.kind !== 'nothing') return listed([node], node);
  return node;
}

/** One step down, by a key or a position; nothing where the tables have no such place. */
export function step(spot: Spot, token: Token): Spot | undefined {
  const node = spot.node === undefined ? undefined : spread(spot.schema, spot.node);
  const schema = chosen(spot.schema, node);
  const { values, lazy } = extraOf(schema);
  if (lazy !== undefined) return step({ schema: lazy(), ...(node === undefined ? {} : { node }) }, token);
  const child = childOf(node, token);
  const found = child === undefined ? {} : { node: child };
  if (values !== undefined) return { schema: values, ...found };
  if (typeOf(schema) === 'array')
    return /^\d+$/.test(String(token)) ? { schema: itemsOf(schema), ...found } : undefined;
  const properties = propertiesOf(schema);
  const key = String(token);
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  return property === undefined ? undefined : { schema: property, ...found };
}

export function childOf(node: SpecNode | undefined, token: Token): SpecNode | undefined {
  if (node?.kind === 'object') return node.members.get(String(token))?.value;
  if (node?.kind === 'array' && /^\d+$/.test(String(token))) return node.items[Number(token)];
  return undefined;
}

/** The place that a path leads to. */
export function spotAt(tree: SpecNode | undefined, path: readonly Token[]): Spot | undefined {
  let spot: Spot | undefined = { schema: root, ...(tree === undefined ? {} : { node: tree }) };
  for (const token of path) {
    if (spot === undefined) return undefined;
    spot = step(spot, token);
  }
  return spot;
}
