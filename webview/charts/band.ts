/** Curves of several runs as one: their mean, and how far they lie apart. Pure. */

export interface Band {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  /** Standard deviation over the seeds (n − 1); 0 for a single one. */
  readonly sd: readonly number[];
  readonly n: number;
}

/**
 * Mean and spread at the epochs at which every one of the curves has a value: where some have ended, the mean of the others
 * would be that of those which lasted.
 */
export function bandOf(
  curves: readonly { readonly x: readonly number[]; readonly y: readonly (number | null)[] }[],
): Band {
  const known = curves.map(
    ({ x, y }) => new Map(x.flatMap((epoch, at) => (typeof y[at] === 'number' ? [[epoch, y[at]] as const] : []))),
  );
  const [first] = known;
  const x = [...(first?.keys() ?? [])].filter((epoch) => known.every((curve) => curve.has(epoch)));
  const moments = x.map((epoch) => momentsOf(known.map((curve) => curve.get(epoch) ?? NaN)));
  return { x, mean: moments.map(({ mean }) => mean), sd: moments.map(({ sd }) => sd), n: curves.length };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
}
