/** Reading a loss's parameters; their types were checked by the schema. */
import { RefusedError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import { listNames } from '../../../data/table.ts';
import { canonicalLabel } from '../../../spec/index.ts';
import type { LossContext, Parameters } from './types.ts';

export function numberParameter(parameters: Parameters, name: string, otherwise: number): number {
  const value = parameters[name];
  return typeof value === 'number' ? value : otherwise;
}

/** A list of numbers: given, or from an object by the names of its keys, or one number for all. */
export function numbersParameter(parameters: Parameters, name: string): readonly number[] | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((entry): entry is number => typeof entry === 'number') : undefined;
}

/** A map from names to numbers, given as a Map or as an object. */
export function mapParameter(parameters: Parameters, name: string): ReadonlyMap<string, number> | undefined {
  const value = parameters[name];
  if (value instanceof Map) return value as ReadonlyMap<string, number>;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/**
 * A number for each class, from a map by their names, which are compared as labels are.
 * @param otherwise for classes that the map does not name
 * @throws RefusedError for a name that is no class
 */
export function numbersByClass(
  map: ReadonlyMap<string, number>,
  parameter: string,
  { width, classes = [] }: LossContext,
  otherwise: number,
): readonly number[] {
  const names = Array.from({ length: width }, (_, index) => classes[index] ?? String(index));
  const given = new Map([...map].map(([name, value]) => [canonicalLabel(name), value]));
  const known = new Set(names.map(canonicalLabel));
  for (const name of map.keys()) {
    if (known.has(canonicalLabel(name))) continue;
    throw new RefusedError(
      text(
        `"${parameter}" names the class "${name}", but the classes are ${listNames(names)}.`,
        `“${parameter}”所指的类别“${name}”不存在：类别为 ${listNames(names, 'zh')}。`,
      ),
    );
  }
  return names.map((name) => given.get(canonicalLabel(name)) ?? otherwise);
}
