/** Looking before the end: at which look one is, and what a p-value is worth there. */
import { obrienFleming, sequentialP } from '../statistics/looks.ts';
import { countOf, type Contest, type ContestArm } from './contest.ts';

export interface Look {
  /** Seeds of each arm that the tests see; null for all. */
  readonly seeds: number | null;
  /** Shares of the information of this look and those before; empty where no looks were declared. */
  readonly information: readonly number[];
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
 * The newest declared look for which both arms have all their runs: tests see the seeds up to it and no further, so that nobody
 * looks at a moment that suits them.
 */
export function lookAt({ looks }: Contest, arms: readonly ContestArm[], task: string): Look {
  const whole = { seeds: null, information: [], early: false };
  if (looks === null) return whole;
  const planned = Math.min(...arms.map(({ seeds }) => seeds.length));
  const needed = [...new Set(looks.map((share) => Math.max(1, Math.ceil(share * planned - 1e-9))))];
  const ended = (first: number): boolean =>
    arms.every(({ rows }) => countOf((rows.get(task) ?? []).slice(0, first), 'missing') === 0);
  const reached = needed.filter(ended);
  const seeds = reached.at(-1);
  if (seeds === undefined) return { seeds: 0, information: [], early: true };
  // The only look at the end is no look before it.
  const information = needed.slice(0, needed.indexOf(seeds) + 1).map((first) => first / planned);
  return { seeds, information: information.length === 1 && information[0] === 1 ? [] : information, early: false };
}

/** A p that may be compared with any alpha, as one without looks (see `sequentialP`). */
export function spentP(p: number | null, { information }: Look): number | null {
  return p === null || information.length === 0 ? p : sequentialP(p, information);
}

/** The level at which a look's own interval holds what `alpha` promises over all looks. */
export function nominalAlpha(alpha: number, { information }: Look): number {
  if (information.length === 0) return alpha;
  return obrienFleming(information, alpha).nominalP.at(-1) ?? alpha;
}
