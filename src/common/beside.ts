/** Numbers of several runs beside those of a reference. Pure arithmetic: nothing is judged by it. */

export interface Beside {
  /** Value − that of the reference; null where one of the two has none, and for the reference itself. */
  readonly delta: number | null;
  /** None of the others is better; never where all that have a value have the same. */
  readonly best: boolean;
}

/**
 * @param values one a run; null where there is none, which is never taken for 0
 * @param reference place of the run that others are compared with
 */
export function besideReference(
  values: readonly (number | null)[],
  reference: number,
  higherIsBetter: boolean,
): readonly Beside[] {
  const known = values.filter((value) => value !== null);
  const top = higherIsBetter ? Math.max(...known) : Math.min(...known);
  const differs = known.some((value) => value !== top);
  const of = values[reference] ?? null;
  return values.map((value, at) => ({
    delta: value === null || of === null || at === reference ? null : value - of,
    best: differs && value === top,
  }));
}
