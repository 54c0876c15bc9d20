/** Checks that several parts of a saved preparation need, beside those for all rooms. */
import { finite, oneOf, record, satisfying, type Check } from '../common/checks.ts';
import { scalings } from './scaling.ts';

export const size = satisfying(
  'a size',
  (value): value is number => Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1e6,
);

export const index = satisfying(
  'a whole number',
  (value): value is number => Number.isInteger(value) && Number(value) >= 0,
);

export const divisor: Check<number> = (value) =>
  finite(value) ?? (value === 0 ? { path: [], found: 'a divisor is zero' } : null);

export const scaling = record({ method: oneOf(...scalings), shift: finite, divisor });

/** The checks of a table's rows, by the names of the rows. */
export function checksOf(rows: Readonly<Record<string, { readonly check: Check }>>): Readonly<Record<string, Check>> {
  return Object.fromEntries(Object.entries(rows).map(([name, { check }]) => [name, check]));
}
