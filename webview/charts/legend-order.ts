/** What the rows of a legend say, and their order. Pure. */

export interface LegendEntry {
  /** Place in the spec; null: of all tasks. */
  readonly task: number | null;
  readonly name: string;
  /** Null where there is none yet. */
  readonly value: number | null;
  /** Falls, flat, rises; null where that is not known. */
  readonly trend: -1 | 0 | 1 | null;
  /** Since when there is no finite number. */
  readonly broken?: { readonly step: number; readonly word: string };
}

export const sortKeys = ['task', 'value', 'trend'] as const;
export type SortKey = (typeof sortKeys)[number];
/** `-` before it: the other way round; '': in the order of the spec. */
export type Sort = SortKey | `-${SortKey}` | '';

/** Rows in their order; what has no value stands at the end either way, the total at the very end of the spec's order. */
export function sorted(entries: readonly LegendEntry[], sort: Sort): readonly LegendEntry[] {
  const key = sortKeys.find((one) => sort === one || sort === `-${one}`);
  if (key === undefined) return entries;
  const direction = sort.startsWith('-') ? -1 : 1;
  if (key === 'task') return entries.toSorted((one, other) => direction * one.name.localeCompare(other.name));
  const of = (entry: LegendEntry): number => {
    const number = entry.broken === undefined ? (entry[key] ?? NaN) : Infinity;
    return Number.isNaN(number) ? direction * Infinity : number;
  };
  return entries.toSorted((one, other) => (of(one) === of(other) ? 0 : direction * (of(one) < of(other) ? -1 : 1)));
}
