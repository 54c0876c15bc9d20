/** Cell means of two factors as lines: which levels, and where they stand. Pure. */
import type { FactorView, Interaction } from '../../src/experiment/comparison/contract.ts';

type Cell = Interaction['cells'][number];

/** Two factors in the order in which they are drawn: the first along the axis, a line for each level of the second. */
export interface Ordered {
  readonly name: string;
  readonly factors: readonly [string, string];
  readonly cells: readonly Cell[];
}

/** Every pair in both orders. */
export function orderedPairs({ interactions }: FactorView): readonly Ordered[] {
  return interactions.flatMap(({ factors: [a, b], cells }) => [
    { name: `${a} × ${b}`, factors: [a, b], cells },
    {
      ...{ name: `${b} × ${a}`, factors: [b, a] },
      cells: cells.map(({ levels: [first, second], ...cell }) => ({ ...cell, levels: [second, first] as const })),
    },
  ]);
}

export interface InteractionLine {
  /** Of the second factor. */
  readonly level: string;
  /** One a level of the first factor, in its order. */
  readonly cells: readonly Cell[];
}

/** Levels along the axis, and the lines over them. */
export function linesOf({ cells }: Ordered): {
  readonly along: readonly string[];
  readonly lines: readonly InteractionLine[];
} {
  const along = sorted(cells.map(({ levels: [first] }) => first));
  const lines = sorted(cells.map(({ levels: [, second] }) => second)).map((level) => ({
    level,
    cells: along.flatMap((first) => cells.find(({ levels }) => levels[0] === first && levels[1] === level) ?? []),
  }));
  return { along, lines };
}

/** Numbers by size where all are numbers, else in the order in which they came. */
function sorted(levels: readonly string[]): readonly string[] {
  const distinct = [...new Set(levels)];
  const numbers = distinct.every((level) => level.trim() !== '' && Number.isFinite(Number(level)));
  return numbers ? distinct.toSorted((a, b) => Number(a) - Number(b)) : distinct;
}

/** η² of their interaction; null where it cannot be told. */
export function shareOf({ effects }: FactorView, [a, b]: Ordered['factors']): number | null {
  const found = effects.find(({ factors }) => factors.length === 2 && factors.includes(a) && factors.includes(b));
  return found?.etaSquared ?? null;
}
