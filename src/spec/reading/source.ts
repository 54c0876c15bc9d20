/** Which data files a text names, though the rest of it is no spec yet. */
import type { TSchema } from 'typebox';
import type { DataSpec } from '../resolved.ts';
import { spec as root } from '../schema/spec.ts';
import { childOf } from '../telling/walk.ts';
import { propertiesOf } from '../telling/words.ts';
import { Reader, unusable } from './reader.ts';
import type { SpecNode } from './tree.ts';

/** What is needed to look at the columns of the data. */
export type Source = Pick<DataSpec, 'format' | 'csv' | 'missingTokens'> & {
  /** Relative to the spec; the rows of all of them have the same columns. */
  readonly files: readonly string[];
};

/** The source that a tree names, as far as it can be read; nothing where it names none. */
export function sourceOf(tree: SpecNode | undefined): Source | undefined {
  const written = childOf(tree, 'data');
  const schema = propertiesOf(root)['data'] ?? {};
  const read = <Key extends 'source' | 'format' | 'csv' | 'missingTokens'>(key: Key): DataSpec[Key] | undefined => {
    const property: TSchema = propertiesOf(schema)[key] ?? {};
    const node = childOf(written, key);
    const reader = new Reader('', 'tf');
    const value =
      node === undefined
        ? reader.fallback(property, new Map())
        : reader.read(property, node, { tokens: [], label: node });
    const bad = value === unusable || reader.problems.some(({ severity }) => severity === 'error');
    return (bad ? reader.fallback(property, new Map()) : value) as DataSpec[Key] | undefined;
  };
  const source = read('source');
  const files = [...(source?.train ?? []), ...(source?.validation ?? []), ...(source?.test ?? [])];
  const [csv, missingTokens, format] = [read('csv'), read('missingTokens'), read('format')];
  if (files.length === 0 || csv === undefined || missingTokens === undefined) return undefined;
  return { files, csv, missingTokens, ...(format === undefined ? {} : { format }) };
}
