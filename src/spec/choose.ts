/** Which form of a union a value is meant as. */
import type { TSchema } from 'typebox';
import { extraOf } from './schema/build.ts';
import type { ObjectNode, SpecNode } from './tree.ts';
import { requiredOf, typeOf } from './words.ts';

/** The word a union is told apart by, as far as the text says it. */
export function tagWord(node: SpecNode | undefined, tag: string): string | undefined {
  const found = node?.kind === 'object' ? node.members.get(tag)?.value : node;
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
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
