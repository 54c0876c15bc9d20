/** Learning curves of an arm's seeds, and their mean with a band. Pure. */
import type { RunCurve } from '../../src/messages/comparison.ts';

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
export function bandOf(curves: readonly RunCurve[]): Band {
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

/** A curve as a path with gaps where there is no number; a lone point becomes a dot. */
export function pathOf(
  x: readonly number[],
  y: readonly (number | null)[],
  at: (x: number, y: number) => readonly [number, number],
): string {
  let path = '';
  let open = false;
  x.forEach((epoch, index) => {
    const value = y[index] ?? null;
    if (value === null) {
      open = false;
      return;
    }
    const [left, top] = at(epoch, value).map((place) => Math.round(place * 10) / 10);
    const alone = !open && (y[index + 1] ?? null) === null;
    path += `${open ? 'L' : 'M'}${String(left)} ${String(top)}${alone ? 'h0' : ''}`;
    open = true;
  });
  return path;
}
