/**
 * A preparation as it comes out of a saved model's preprocessing.json. Models come from strangers, so every value is checked on the way in; nothing
 * of the file is used before all of it has been found right.
 */
import { DataError } from '../data/error.ts';
import type { Preparation } from './preparation.ts';
import { scalings } from './scaling.ts';

/** A check says what is wrong with a value, or nothing. */
type Check = (value: unknown) => string | undefined;

/**
 * A preparation out of parsed JSON.
 * @throws DataError `not-fitted` saying where the file is wrong
 */
export function readPreparation(value: unknown): Preparation {
  const version = isRecord(value) ? value['version'] : undefined;
  const wrong = version === 1 ? preparation(value) : `version ${String(version).slice(0, 20)} instead of 1`;
  if (wrong === undefined) return value as Preparation;
  throw new DataError(
    'not-fitted',
    `preprocessing.json of this model is damaged (${wrong}). Train the model again, or copy its folder again.`,
    { file: 'preprocessing.json' },
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text: Check = (value) => (typeof value === 'string' ? undefined : 'a text is expected');
const truth: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false is expected');
const finite: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : 'a number is expected';
const size: Check = (value) =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1e6 ? undefined : 'a size is expected';
const index: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : 'a whole number is expected';
const divisor: Check = (value) => finite(value) ?? (value === 0 ? 'a divisor is zero' : undefined);

const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : `one of ${words.join(', ')} is expected`;

const list =
  (check: Check, length?: number): Check =>
  (value) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) return 'a list is expected';
    for (const [at, entry] of value.entries()) {
      const wrong = check(entry);
      if (wrong !== undefined) return `${at}: ${wrong}`;
    }
    return undefined;
  };

const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!isRecord(value)) return 'an object is expected';
    for (const key of Object.keys(value)) if (!Object.hasOwn(fields, key)) return `${key.slice(0, 40)}: unknown key`;
    for (const [key, check] of Object.entries(fields)) {
      const wrong = check(Object.hasOwn(value, key) ? value[key] : undefined);
      if (wrong !== undefined) return `${key}: ${wrong}`;
    }
    return undefined;
  };

const byType =
  (types: ReadonlyMap<unknown, Check>): Check =>
  (value) => {
    const check = isRecord(value) ? types.get(value['type']) : undefined;
    return check === undefined ? 'type: unknown' : check(value);
  };

const either =
  (first: Check, second: Check): Check =>
  (value) =>
    first(value) === undefined ? undefined : second(value);

const scaling = record({ method: oneOf(...scalings), shift: finite, divisor });
const bounds = record({ low: finite, high: finite, action: oneOf('clip', 'drop', 'missing') });
const feature = record({ column: text, index, bounds: nullable(bounds), fill: nullable(finite), scaling });
const categories = record({ column: text, values: list(text), fill: nullable(text) });

const input = byType(
  new Map<unknown, Check>([
    ['number', record({ type: text, name: text, indicator: truth, features: list(feature) })],
    [
      'category',
      record({
        type: text,
        name: text,
        encoding: oneOf('one-hot', 'index'),
        missing: oneOf('class', 'drop', 'fill'),
        indicator: truth,
        columns: list(categories),
      }),
    ],
    [
      'image',
      record({
        type: text,
        name: text,
        column: text,
        source: list(size, 2),
        shape: list(size, 3),
        resize: oneOf('stretch', 'fit', 'crop'),
        fill: nullable(finite),
        scalings: list(scaling),
      }),
    ],
  ]),
);

const target = byType(
  new Map<unknown, Check>([
    ['classification', record({ type: text, name: text, column: text, classes: list(text), given: truth })],
    ['regression', record({ type: text, name: text, columns: list(text), scalings: list(scaling) })],
    [
      'box',
      record({
        type: text,
        name: text,
        columns: list(text),
        format: oneOf('xyxy', 'cxcywh', 'xywh'),
        unit: list(divisor, 2),
      }),
    ],
  ]),
);

const tokens: Check = (value) => {
  const pair: Check = (entry) =>
    Array.isArray(entry) && entry.length === 2 ? (text(entry[0]) ?? list(text)(entry[1])) : 'a pair is expected';
  return either(list(text), list(pair))(value);
};

const preparation = record({
  version: index,
  missingTokens: tokens,
  decimal: optional(oneOf(',')),
  inputs: list(input),
  tasks: list(
    record({
      target,
      sampleWeight: optional(text),
      when: optional(record({ column: text, values: list(text) })),
      demands: optional(list(record({ domain: oneOf('non-negative'), by: text }))),
    }),
  ),
});
