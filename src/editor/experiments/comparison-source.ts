/** What a comparison's tab shows, and where it comes from. */
import type { Text } from '../../common/text.ts';
import type { Comparison } from '../../experiment/comparison/contract.ts';
import type { WeightSurface } from '../../experiment/surface/contract.ts';
import type { Progress } from '../../messages/comparison.ts';

/** What a tab is opened for: the directory of an experiment, or those of some runs. */
export type Compared = { readonly experiment: string } | { readonly runs: readonly string[] };

/** One look. */
export interface Found {
  /** The same object as at the last look where nothing of it has changed; null where nothing can be compared. */
  readonly comparison: Comparison | null;
  /** Found with the comparison: the same object as long as that is; null where no run tells of weights. */
  readonly surface: WeightSurface | null;
  /** Why there is no comparison. */
  readonly problem: Text | null;
  /** Null for runs that no experiment planned. */
  readonly progress: Progress | null;
}

/** Works in a thread of its own: many arms take their time. */
export interface ComparisonSource {
  /**
   * @param baseline as the person chose it; null: as planned
   * @param tell how far the experiment is, before anything is compared
   */
  readonly look: (baseline: string | null, tell?: (progress: Progress) => void) => Found;
  /** Shows from now on what is there of the test split. */
  readonly reveal: () => void;
}

/** What the thread is asked. */
export interface Question {
  readonly baseline: string | null;
  readonly reveal: boolean;
}

/** What it says: first how far the experiment is, then what was found, or what went wrong. */
export type Answer =
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** `same`: comparison and surface are those that were given last. */
  | { readonly kind: 'found'; readonly same: boolean; readonly found: Found }
  | { readonly kind: 'failed'; readonly message: string };
