/**
 * A preparation as it comes out of a saved model's preprocessing.json. Models come from strangers, so every value is checked on the way in; nothing
 * of the file is used before all of it has been found right.
 */
import {
  either,
  finite,
  flag,
  isFields,
  list,
  oneOf,
  optional,
  orNull,
  pair,
  record,
  satisfying,
  tagged,
  text,
  type Check,
  type Fault,
} from '../common/checks.ts';
import { DataError } from '../data/error.ts';
import type { Preparation } from './preparation.ts';
import { scalings } from './scaling.ts';

/**
 * A preparation out of parsed JSON.
 * @throws DataError `not-fitted` saying where the file is wrong
 */
export function readPreparation(value: unknown): Preparation {
  const version = isFields(value) ? value['version'] : undefined;
  const fault: Fault | null =
    version === 1 ? preparation(value) : { path: [], found: `version ${String(version).slice(0, 20)} instead of 1` };
  if (fault === null) return value as Preparation;
  const what = 'expected' in fault ? `${fault.expected} is expected` : fault.found;
  const wrong = [...fault.path, what].join(': ');
  throw new DataError(
    'not-fitted',
    `preprocessing.json of this model is damaged (${wrong}). Train the model again, or copy its folder again.`,
    { file: 'preprocessing.json' },
  );
}

const size = satisfying(
  'a size',
  (value): value is number => Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1e6,
);
const index = satisfying('a whole number', (value): value is number => Number.isInteger(value) && Number(value) >= 0);
const divisor: Check<number> = (value) =>
  finite(value) ?? (value === 0 ? { path: [], found: 'a divisor is zero' } : null);

const scaling = record({ method: oneOf(...scalings), shift: finite, divisor });
const bounds = record({ low: finite, high: finite, action: oneOf('clip', 'drop', 'missing') });
const feature = record({ column: text, index, bounds: orNull(bounds), fill: orNull(finite), scaling });
const categories = record({ column: text, values: list(text), fill: orNull(text) });

const input = tagged('type', {
  number: record({ type: text, name: text, indicator: flag, features: list(feature) }),
  category: record({
    type: text,
    name: text,
    encoding: oneOf('one-hot', 'index'),
    missing: oneOf('class', 'drop', 'fill'),
    indicator: flag,
    columns: list(categories),
  }),
  image: record({
    type: text,
    name: text,
    column: text,
    source: list(size, 2),
    shape: list(size, 3),
    resize: oneOf('stretch', 'fit', 'crop'),
    fill: orNull(finite),
    scalings: list(scaling),
  }),
});

const target = tagged('type', {
  classification: record({ type: text, name: text, column: text, classes: list(text), given: flag }),
  regression: record({ type: text, name: text, columns: list(text), scalings: list(scaling) }),
  box: record({
    type: text,
    name: text,
    columns: list(text),
    format: oneOf('xyxy', 'cxcywh', 'xywh'),
    unit: list(divisor, 2),
  }),
});

const tokens = either(list(text), list(pair(text, list(text))));

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
