/** Quick fixes for keys that must be there and are not: with a value to begin with, or a place to type one. */
import type { TSchema } from 'typebox';
import { text } from '../../common/text.ts';
import { replaceFix } from '../editing/fixes.ts';
import { addMember } from '../editing/insertions.ts';
import type { Fix } from '../problem.ts';
import { extraOf } from '../schema/build.ts';
import { isAvailable, valueWritten } from '../telling/snippets.ts';
import { isRequired, propertiesOf } from '../telling/words.ts';
import type { ObjectNode } from './tree.ts';
import { orderedOf, orderedText } from './values.ts';

/** Adds a key. A short form is written out for it: `"dense"` becomes `{ "type": "dense", "units": 32 }`. */
export function addKeyFixes(source: string, node: ObjectNode, key: string, property: TSchema): readonly Fix[] {
  // Values that were not read from a text have no place to edit.
  if (source === '' || !isAvailable(property)) return [];
  const written = valueWritten(property);
  if (isImplied(node)) {
    const inner = [...node.members.values()].map(
      ({ key: name, value }) => `${JSON.stringify(name)}: ${orderedText(orderedOf(value))}`,
    );
    return written.json === ''
      ? []
      : [replaceFix(node, `{ ${[...inner, `${JSON.stringify(key)}: ${written.json}`].join(', ')} }`)];
  }
  // An empty place is nothing that could be read: a text, or nothing at all.
  const json = written.json === '' ? 'null' : written.json;
  const shown = written.json === '' || written.json === '""' ? '…' : written.json;
  const title = text(`Add ${JSON.stringify(key)}: ${shown}`, `添加 ${JSON.stringify(key)}: ${shown}`);
  return [{ title, edits: [addMember(source, node, key, { ...written, json })] }];
}

const isImplied = ({ members }: ObjectNode): boolean => [...members.values()].some(({ implied }) => implied === true);

/** Adds what tells a union apart, where the keys that are there belong to one of its members alone. */
export function addTagFixes(
  source: string,
  node: ObjectNode,
  tag: string,
  members: Readonly<Record<string, TSchema>>,
): readonly Fix[] {
  const keys = [...node.members.keys()];
  if (source === '' || keys.length === 0 || isImplied(node)) return [];
  const able = Object.entries(members).filter(([, member]) => {
    const properties = propertiesOf(member);
    const needs = Object.keys(properties).filter((key) => key !== tag && isRequired(member, key));
    return (
      isAvailable(member) &&
      [...keys, ...needs].every((key) => Object.hasOwn(properties, key)) &&
      needs.every((key) => keys.includes(key))
    );
  });
  const [only, ...others] = able;
  if (only === undefined || others.length > 0 || extraOf(only[1]).feature === undefined) return [];
  const json = JSON.stringify(only[0]);
  const title = text(`Add ${JSON.stringify(tag)}: ${json}`, `添加 ${JSON.stringify(tag)}: ${json}`);
  return [{ title, edits: [addMember(source, node, tag, { json, snippet: json })] }];
}
