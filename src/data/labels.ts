/** The labels of a column: which spellings are one, what they are called, how they are sorted. */
import { canonicalLabel } from '../spec/reading/labels.ts';
import { parseNumber } from './numbers.ts';

/** Different spellings with the number of rows of each. */
export type Spellings = ReadonlyMap<string, number>;

export interface LabelNames {
  /** What each spelling is called: itself, or where several are one label its shortest form. */
  readonly names: ReadonlyMap<string, string>;
  /** Spellings that are one label. */
  readonly merged: readonly Spellings[];
  /** Labels that stay apart though they are the same number, or the same but for capitals. */
  readonly alike: readonly Spellings[];
}

/** One name for each label of a column. */
export function namesOf(spellings: Spellings): LabelNames {
  const names = new Map<string, string>();
  const merged: Spellings[] = [];
  for (const [label, group] of grouped(spellings, canonicalLabel)) {
    const single = group.size === 1;
    for (const text of group.keys()) names.set(text, single ? text : label);
    if (!single) merged.push(group);
  }
  const counts = new Map<string, number>();
  for (const [text, count] of spellings) {
    const name = names.get(text) ?? text;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const alike = [...grouped(counts, lookOf).values()].filter((group) => group.size > 1);
  return { names, merged, alike };
}

/** The same for labels that a person may have meant as one. Beyond 15 digits numbers would be rounded. */
function lookOf(label: string): string {
  const value = label.length <= 15 ? parseNumber(label) : undefined;
  return value === undefined ? label.toLowerCase() : `${value}`;
}

function grouped(spellings: Spellings, keyOf: (text: string) => string): Map<string, Map<string, number>> {
  const groups = new Map<string, Map<string, number>>();
  for (const [text, count] of spellings) {
    const key = keyOf(text);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, new Map([[text, count]]));
    else group.set(text, count);
  }
  return groups;
}

/** Sorted as people expect: by value where all are numbers, otherwise by code point; the order never depends on the locale. */
export function sortLabels(labels: Iterable<string>): string[] {
  const all = [...new Set(labels)];
  const numbers = new Map(all.map((label) => [label, parseNumber(label)]));
  const numeric = all.every((label) => numbers.get(label) !== undefined);
  const byText = (a: string, b: string): number => compareCodePoints(a, b);
  if (!numeric) return all.sort(byText);
  return all.sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0) || byText(a, b));
}

/** By Unicode code point; plain `<` compares UTF-16 units and puts U+FF21 after an emoji. */
export function compareCodePoints(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const difference = (x[index]?.codePointAt(0) ?? 0) - (y[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
