/**
 * JSON whose objects keep the order they were written in. A plain JavaScript object moves keys such as "10" and "2" to
 * the front in numeric order, but tasks and classes may be called so, and source order is the order of everything.
 */

/** A JSON value whose objects are Maps. */
export type OrderedValue =
  string | number | boolean | null | readonly OrderedValue[] | ReadonlyMap<string, OrderedValue>;

/** A number as version 1 of our files writes it: finite, or a string. */
export function jsonNumber(value: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/**
 * JSON text of plain values, arrays, objects and Maps (written as objects, in their order). Members that are undefined
 * are left out; numbers that are not finite become the strings of `jsonNumber`.
 *
 * @throws TypeError for values that JSON has no form for (functions, symbols, bigint)
 */
export function orderedText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return JSON.stringify(jsonNumber(value));
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} cannot be written as JSON.`);
  if (Array.isArray(value)) return `[${value.map(orderedText).join(',')}]`;
  const members: string[] = [];
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  for (const [key, member] of entries) {
    if (member !== undefined) members.push(`${JSON.stringify(String(key))}:${orderedText(member)}`);
  }
  return `{${members.join(',')}}`;
}

// A key that looks like an array index. A quote after `{` or `,` and digits is always the start of a key: inside a
// string a quote is escaped, and what follows the end of a string is never a digit.
const indexKey = /(?<=[{,]\s*)"(\d+)"(?=\s*:)/g;
const mark = '\u0001';

/**
 * Parses JSON into Maps in source order.
 *
 * @throws SyntaxError as JSON.parse; RangeError when nested deeper than `depth`
 */
export function parseOrdered(text: string, depth = 64): OrderedValue {
  // Marked keys are no indices any more, so that JSON.parse keeps them where they stand.
  return toOrdered(JSON.parse(text.replace(indexKey, `"\\u0001$1"`)), depth);
}

function toOrdered(value: unknown, depth: number): OrderedValue {
  if (depth < 0) throw new RangeError('The JSON is nested too deeply.');
  if (Array.isArray(value)) return value.map((item) => toOrdered(item, depth - 1));
  if (typeof value === 'object' && value !== null) {
    return new Map(
      Object.entries(value).map(([key, member]) => [
        key.startsWith(mark) ? key.slice(1) : key,
        toOrdered(member, depth - 1),
      ]),
    );
  }
  return value as string | number | boolean | null;
}

/** Own property of an unknown value that may be an object. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** `instanceof Map` that keeps the types of an ordered value. */
export function isOrderedMap(value: OrderedValue | undefined): value is ReadonlyMap<string, OrderedValue> {
  return value instanceof Map;
}
