/**
 * Krum and Multi-Krum (Blanchard et al., NeurIPS 2017): each gradient is scored by the sum of its distances to its
 * T − byzantine − 2 nearest others; the `selected` lowest scores are averaged, the rest is dropped. Euclidean distances, as
 * in TorchJD (the paper squares them). Equal scores: the earlier task.
 */
import { tooFew } from '../parts/too-few.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { at, entry, filled, sum } from '../../numbers/linear.ts';
import type { Matrix } from '../../numbers/linear.ts';

/** Score of every row; distances come from G alone. */
export function krumScores(gram: Matrix, byzantine: number): number[] {
  const neighbors = gram.length - byzantine - 2;
  return gram.map((values, i) => {
    const distances = values.map((value, j) =>
      Math.sqrt(Math.max(entry(gram, i, i) + entry(gram, j, j) - 2 * value, 0)),
    );
    const sorted = [...distances].sort((a, b) => a - b);
    return sum(sorted.slice(1, neighbors + 1));
  });
}

export const krum = gramStrategy<'krum'>((gram, _, parameters) => {
  const { byzantine, selected } = parameters;
  if (gram.length < byzantine + 3 || gram.length < selected) {
    const problems = [tooFew('krum', gram.length, Math.max(byzantine + 3, selected))];
    return { weights: filled(gram.length, 1 / gram.length), problems };
  }
  const ranked = krumScores(gram, byzantine).map((score, index) => ({ score, index }));
  ranked.sort((a, b) => a.score - b.score || a.index - b.index);
  const weights = filled(gram.length, 0);
  for (let k = 0; k < selected; k += 1) {
    const chosen = ranked[k];
    if (chosen) weights[chosen.index] = 1 / selected;
  }
  return { weights };
});

/** Sum of scores of a choice, which ties share. */
export const scoreOf = (scores: readonly number[], weights: readonly number[]): number =>
  sum(weights.flatMap((weight, i) => (weight > 0 ? [at(scores, i)] : [])));
