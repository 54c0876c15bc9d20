/** Hints at what was probably meant, for as many names as that costs little. */
import { maxComparisons } from './limits.ts';
import { nearestName } from './nearest.ts';

/**
 * The nearest of several names, as `nearestName` finds it, until so many comparisons have been made: a spec of thousands of
 * unknown names is told what is wrong, and hints for the first of them are enough.
 */
export class Guesses {
  #left: number;

  constructor(comparisons = maxComparisons) {
    this.#left = comparisons;
  }

  nearest(name: string, candidates: readonly string[]): string | undefined {
    if (candidates.length > this.#left) return undefined;
    this.#left -= candidates.length;
    return nearestName(name, candidates);
  }
}
