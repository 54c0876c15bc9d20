/** Parameters of losses that are given by class. */
import { RefusedError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import { listNames } from '../../../data/table.ts';
import { canonicalLabel } from '../../../spec/index.ts';
import type { LossContext } from './contract.ts';

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
