/** Looking before the end: at which look one is, and what a p-value is worth there. */
import { sequentialP } from '../statistics/looks.ts';
import { countOf, type Contest } from './contest.ts';

export interface Look {
  /** Seeds of each arm that the tests see; null for all. */
  readonly seeds: number | null;
  /** Shares of the information of this look and those before; null where there is one look, at the end. */
  readonly information: readonly number[] | null;
  /** Looks were declared, and the first one has not come yet. */
  readonly early: boolean;
}

/** Shares at which one looks, the end among them. */
export function sharesOf(looks: number | readonly number[] | undefined): readonly number[] | null {
  if (looks === undefined) return null;
  const shares = typeof looks === 'number' ? Array.from({ length: looks }, (_, k) => (k + 1) / looks) : looks;
  const sorted = [...new Set(shares)].toSorted((a, b) => a - b);
  return sorted.at(-1) === 1 ? sorted : [...sorted, 1];
}

/**
 * The newest declared look for which every confirmed arm has all its runs: tests see the seeds up to it and no further, so that
 * nobody looks at a moment that suits them.
 */
export function lookAt({ looks, arms }: Contest): Look {
  const confirmed = arms.filter((arm) => arm.confirmed);
  if (looks === null || confirmed.length === 0) return { seeds: null, information: null, early: false };
  const planned = Math.min(...confirmed.map(({ seeds }) => seeds.length));
  const needed = [...new Set(looks.map((share) => Math.max(1, Math.ceil(share * planned - 1e-9))))];
  const rows = confirmed.flatMap((arm) => [...arm.rows.values()]);
  const seeds = needed.filter((first) => rows.every((cells) => countOf(cells.slice(0, first), 'missing') === 0)).at(-1);
  if (seeds === undefined) return { seeds: 0, information: null, early: true };
  const information = needed.slice(0, needed.indexOf(seeds) + 1).map((first) => first / planned);
  // The only look at the end is no look before it.
  return { seeds, information: information[0] === 1 ? null : information, early: false };
}

/** The p of a one-sided test, made good for the looks as that of a two-sided one is. */
export function oneSidedAt(p: number | null, { information }: Look): number | null {
  return p === null || information === null ? p : sequentialP(Math.min(1, 2 * p), information) / 2;
}
