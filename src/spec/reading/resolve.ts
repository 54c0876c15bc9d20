/** A value given as plain JSON in the long form: what is not given has the default of the schema. */
import type { TSchema } from 'typebox';
import type { Conventions } from '../resolved.ts';
import { Reader, unusable } from './reader.ts';
import { nodeOf } from './values.ts';

/**
 * Values that are undefined count as not given.
 *
 * @param what names the value in an error: `The strategy "x"`
 * @throws RangeError where the schema refuses a part of it
 */
export function resolved(
  schema: TSchema,
  given: Readonly<Record<string, unknown>>,
  what: string,
  conventions: Conventions = 'tf',
): unknown {
  const written = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const reader = new Reader('', conventions);
  const node = nodeOf(written);
  const found = reader.read(schema, node, { tokens: [], label: node });
  const [problem] = reader.problems.filter(({ severity }) => severity === 'error');
  if (found === unusable || problem !== undefined) {
    throw new RangeError(`${what}: ${problem?.message.en ?? 'it cannot be read.'}`);
  }
  return found;
}
