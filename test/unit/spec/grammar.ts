import type { TSchema } from 'typebox';
import { extraOf } from '../../../src/spec/schema/build.ts';
import { spec as root } from '../../../src/spec/schema/spec.ts';
import { formsOf, itemsOf, propertiesOf } from '../../../src/spec/telling/words.ts';

/** All schemas of the grammar, each with the first path that leads to it: tables, keys and lists. */
export function everything(): ReadonlyMap<TSchema, string> {
  const seen = new Map<TSchema, string>();
  const visit = (schema: TSchema, path: string): void => {
    if (seen.has(schema)) return;
    seen.set(schema, path);
    const { lazy, members = {}, values } = extraOf(schema);
    if (lazy !== undefined) visit(lazy(), path);
    if (values !== undefined) visit(values, `${path}/*`);
    for (const [name, member] of Object.entries(members)) visit(member, `${path}:${name}`);
    for (const [key, property] of Object.entries(propertiesOf(schema))) visit(property, `${path}/${key}`);
    for (const form of formsOf(schema)) visit(form, path);
    if ((schema as { items?: unknown }).items !== undefined) visit(itemsOf(schema), `${path}/0`);
  };
  visit(root, '');
  return seen;
}
