/** Which form of a union a value is meant as. */
import type { TSchema } from 'typebox';
import { nearestName } from './nearest.ts';
import { extraOf } from '../schema/build.ts';
import type { ObjectNode, SpecNode } from './tree.ts';
import { propertiesOf, requiredOf, typeOf } from '../telling/words.ts';

/** The word a union is told apart by, as far as the text says it. */
export function tagWord(node: SpecNode | undefined, tag: string): string | undefined {
  const found = node?.kind === 'object' ? node.members.get(tag)?.value : node;
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/**
 * The word that is meant where the tag is left out: the member with a key of its own name, as in `{"constant": 0}`. Not
 * where a key looks like the tag, or belongs to other members: then the tag is what is missing, and that alone is told.
 */
export function inferredWord(
  members: Readonly<Record<string, TSchema>>,
  tag: string,
  node: ObjectNode,
): string | undefined {
  const keys = [...node.members.keys()];
  if (keys.some((key) => nearestName(key, [tag]) === tag)) return undefined;
  const owns = (name: string, key: string) => Object.hasOwn(propertiesOf(members[name] ?? {}), key);
  const names = Object.keys(members);
  const foreign = (name: string) => keys.some((key) => !owns(name, key) && names.some((other) => owns(other, key)));
  return names.find((name) => keys.includes(name) && owns(name, name) && !foreign(name));
}

/** The member of a union told apart by keys: the first one whose key is there. */
export function keyedMember(members: Readonly<Record<string, TSchema>>, node: ObjectNode): string {
  return Object.keys(members).find((key) => key !== '' && node.members.has(key)) ?? '';
}

/** The form of an `either` that a value is meant as. */
export function formFor(forms: readonly TSchema[], node: SpecNode): TSchema | undefined {
  if (node.kind === 'object') {
    const objects = forms.filter((form) => typeOf(form) === 'object' || extraOf(form).members !== undefined);
    return objects.find((form) => requiredOf(form).some((key) => node.members.has(key))) ?? objects[0];
  }
  if (node.kind === 'array') return forms.find((form) => typeOf(form) === 'array');
  if (node.kind === 'nothing' || node.value === null) return undefined;
  const kind = typeof node.value;
  return forms.find((form) => typeOf(form) === kind || (kind === 'number' && typeOf(form) === 'integer'));
}
