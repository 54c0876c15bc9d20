/** Writing down and reading the constants of an optimizer. */
import type { Constants, Conventions, OptimizerParameter, OptimizerRow } from './contract.ts';

export function number(name: string, tf: number, pytorch: number, en: string, zh: string): OptimizerParameter {
  return { name, doc: { en, zh }, default: { tf, pytorch } };
}

export function flag(name: string, value: boolean, en: string, zh: string): OptimizerParameter {
  return { name, doc: { en, zh }, default: { tf: value, pytorch: value } };
}

/** The given constants of a row, and the defaults of the conventions for those that are not given. */
export function constantsOf(
  row: OptimizerRow,
  given: Readonly<Record<string, unknown>>,
  conventions: Conventions,
): Constants {
  const values: Record<string, number | boolean> = {};
  for (const parameter of row.parameters) {
    const value = given[parameter.name];
    const fitting = typeof value === 'number' || typeof value === 'boolean';
    values[parameter.name] = fitting ? value : parameter.default[conventions];
  }
  return {
    values,
    number: (name) => Number(values[name] ?? 0),
    flag: (name) => values[name] === true,
  };
}
