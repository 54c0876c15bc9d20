/** Checks that several parts of a saved preparation need, beside those for all rooms. */
import { finite, oneOf, record, satisfying, type Check } from '../common/checks.ts';
import { text as both } from '../common/text.ts';
import { scalings } from './scaling.ts';

export const size = satisfying(
  both('a size', '尺寸'),
  (value): value is number => Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1e6,
);

export const index = satisfying(
  both('a whole number', '不小于 0 的整数'),
  (value): value is number => Number.isInteger(value) && Number(value) >= 0,
);

export const divisor: Check<number> = (value) =>
  finite(value) ?? (value === 0 ? { path: [], found: both('a divisor is zero', '除数为零') } : null);

export const scaling = record({ method: oneOf(...scalings), shift: finite, divisor });

/** The checks of a table's rows, by the names of the rows. */
export function checksOf(rows: Readonly<Record<string, { readonly check: Check }>>): Readonly<Record<string, Check>> {
  return Object.fromEntries(Object.entries(rows).map(([name, { check }]) => [name, check]));
}
