/**
 * Plain values as they come out of JSON or over a border between processes, and checks of them. Nothing that others wrote
 * is believed before a check has passed it; its type is then what the check says (`Checked`), so that it stands once.
 */

import { text as both, type Text } from './text.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The members of some object, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object that is no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a value is wrong (keys and places in lists, from the outermost), and what was expected or found there. */
export type Fault = { readonly path: readonly (string | number)[] } & (
  { readonly expected: Text } | { readonly found: Text }
);

/** Null when the value is what is asked for. */
export interface Check<T = unknown> {
  (value: unknown): Fault | null;
  /** For types alone. */
  readonly checked?: T;
}

/** What has passed a check. */
export type Checked<C> = C extends { readonly checked?: infer T } ? T : never;

export function passes<T>(check: Check<T>, value: unknown): value is T {
  return check(value) === null;
}

/** A member that may be missing. */
export interface Optional<T> extends Check<T> {
  readonly optional: true;
}

/** The checks of an object's members. */
export type Shape = Readonly<Record<string, Check>>;

/** An object whose members have passed their checks. */
export type ObjectOf<S extends Shape> = {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? never : K]: Checked<S[K]>;
} & { readonly [K in keyof S as S[K] extends Optional<unknown> ? K : never]?: Checked<S[K]> };

/** @param what as in "is not …": `a count`, `计数` */
export function satisfying<T>(what: Text, holds: (value: unknown) => value is T): Check<T> {
  return (value) => (holds(value) ? null : { path: [], expected: what });
}

export const text = satisfying(both('text', '文本'), (value) => typeof value === 'string');
export const flag = satisfying(both('true or false', '布尔值（true 或 false）'), (value) => typeof value === 'boolean');
export const number = satisfying(both('a number', '数'), (value) => typeof value === 'number');
export const finite = satisfying(both('a number', '数'), (value): value is number => Number.isFinite(value));
export const count = satisfying(
  both('a count', '不小于 0 的整数'),
  (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
);

/** 0 or more, fractions too. */
export const amount = satisfying(
  both('an amount', '不小于 0 的数'),
  (value): value is number => typeof value === 'number' && value >= 0,
);

/** A number as our files write it: JSON has no NaN and no infinity. */
export const numberOrWord = satisfying(
  both('a number or "NaN", "Infinity", "-Infinity"', '数，或 "NaN"、"Infinity"、"-Infinity"'),
  (value): value is number | 'NaN' | 'Infinity' | '-Infinity' =>
    typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity',
);

export function oneOf<const Word extends string>(...words: readonly Word[]): Check<Word> {
  const known: readonly string[] = words;
  return satisfying(
    both(`one of ${words.join(', ')}`, `下列之一：${words.join('、')}`),
    (value): value is Word => typeof value === 'string' && known.includes(value),
  );
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === null ? null : check(value));
}

export function optional<T>(check: Check<T>): Optional<T> {
  return Object.assign((value: unknown) => (value === undefined ? null : check(value)), { optional: true as const });
}

/** The first that passes; otherwise what the second one says. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value) => (first(value) === null ? null : second(value));
}

export function list<T>(check: Check<T>, length?: number): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      return expected(both('a list', '列表'));
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index]);
      if (fault !== null) return within(index, fault);
    }
    return null;
  };
}

export function pair<A, B>(first: Check<A>, second: Check<B>): Check<readonly [A, B]> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return expected(both('a pair', '成对的值'));
    const [a, b] = [first(value[0]), second(value[1])];
    return a !== null ? within(0, a) : b !== null ? within(1, b) : null;
  };
}

/** An object of any keys with values of one kind. */
export function named<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isFields(value)) return expected(both('an object', '对象'));
    for (const key of Object.keys(value)) {
      const fault = check(value[key]);
      if (fault !== null) return within(key, fault);
    }
    return null;
  };
}

/** An object with these members; further ones are left alone, so that an older reader opens a newer file. */
export function object<S extends Shape>(shape: S): Check<ObjectOf<S>> {
  const members = Object.entries(shape);
  return (value) => {
    if (!isFields(value)) return expected(both('an object', '对象'));
    for (const [key, check] of members) {
      const fault = check(Object.hasOwn(value, key) ? value[key] : undefined);
      if (fault !== null) return within(key, fault);
    }
    return null;
  };
}

/** An object with these members and no others. */
export function record<S extends Shape>(shape: S): Check<ObjectOf<S>> {
  const members = object(shape);
  return (value) => {
    if (isFields(value)) {
      const strange = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
      if (strange !== undefined) return { path: [strange.slice(0, 40)], found: both('unknown key', '未知的键') };
    }
    return members(value);
  };
}

/** An object whose member `tag` says by which of these checks it is to be checked. */
export function tagged<Table extends Readonly<Record<string, Check>>>(
  tag: string,
  table: Table,
): Check<Checked<Table[keyof Table]>> {
  return (value) => {
    const word = isFields(value) ? value[tag] : undefined;
    const check = typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
    return check === undefined ? { path: [tag], found: both('unknown', '未知') } : check(value);
  };
}

/** What came out of `JSON.parse` needs no further look to be JSON. */
export const json: Check<Json> = () => null;

/** Believed to be a `T` as soon as its outline is right: it was checked where it came into the program. */
export function trusted<T>(outline: Check): Check<T> {
  return (value) => outline(value);
}

function expected(what: Text): Fault {
  return { path: [], expected: what };
}

function within(key: string | number, fault: Fault): Fault {
  return { ...fault, path: [key, ...fault.path] };
}
