/** Several tests at once. */

function check(p: readonly (number | null)[]): void {
  const wrong = p.findIndex((value) => value !== null && !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new RangeError(`A p-value lies between 0 and 1: number ${wrong + 1} is ${String(p[wrong])}.`);
}

/**
 * Holm's step-down adjustment (Holm 1979): sorted, p₍ᵢ₎ is multiplied by m − i + 1 and never below the one before; at most 1.
 * In the order given. A null (a test that could not be made) keeps its place in the family, as if its p were 1, and stays null:
 * a test that fails makes no other one easier.
 *
 * @throws RangeError for a p outside [0, 1]
 */
export function holm(p: readonly (number | null)[]): (number | null)[] {
  check(p);
  const order = p.map((_, index) => index).sort((a, b) => (p[a] ?? 1) - (p[b] ?? 1));
  const adjusted: (number | null)[] = p.map(() => null);
  let least = 0;
  for (const [place, index] of order.entries()) {
    const value = p[index] ?? null;
    if (value === null) continue;
    least = Math.max(least, Math.min(1, value * (p.length - place)));
    adjusted[index] = least;
  }
  return adjusted;
}

/** alpha/m: what the smallest p must not exceed, and what power is promised for. */
export function holmFirstStep(alpha: number, tests: number): number {
  if (!(Number.isInteger(tests) && tests > 0)) throw new RangeError(`A family has 1 test or more, not ${tests}.`);
  return alpha / tests;
}

/**
 * Intersection–union (Berger 1982): that *all* hold is claimed at alpha where each test rejects at alpha, without correction;
 * the p of the claim is the largest. Null where a test could not be made, and for no test.
 *
 * @throws RangeError for a p outside [0, 1]
 */
export function intersectionUnion(p: readonly (number | null)[]): number | null {
  check(p);
  const known = p.filter((value) => value !== null);
  return known.length === p.length && p.length > 0 ? Math.max(...known) : null;
}
