/**
 * Areas under the ROC curves, one class against the rest. An area is the share of pairs (a sample of the class, one of the
 * others) in which the first has the higher score, ties counting half (Mann–Whitney). Only the scores of a class's own
 * samples are sorted; where each other sample stands among them is found by halving. So n samples of K classes take
 * n·K·log(n/K) comparisons in one pass over the scores, not K sorts of n.
 *
 * @param scores [n × K], row by row
 * @param labels [n], the class of each sample
 * @returns by class; null where there is no sample of it, or none of another
 */
export function areasUnderRoc(scores: Float32Array, labels: Float32Array, classes: number): (number | null)[] {
  const own = scoresByClass(scores, labels, classes);
  // Twice the number of pairs won: whole numbers, exact.
  const won = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    for (let k = 0; k < classes; k++) {
      const of = own[k];
      if (k === labels[row] || of === undefined || of.length === 0) continue;
      const score = scores[row * classes + k] ?? NaN;
      won[k] = (won[k] ?? 0) + 2 * of.length - countBelow(of, score, false) - countBelow(of, score, true);
    }
  }
  return own.map(({ length: positives }, k) => {
    const negatives = labels.length - positives;
    return positives === 0 || negatives === 0 ? null : (won[k] ?? 0) / 2 / (positives * negatives);
  });
}

/** Of each class the scores that its own samples have, ascending. */
function scoresByClass(scores: Float32Array, labels: Float32Array, classes: number): Float32Array[] {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const own = Array.from(counts, (count) => new Float32Array(count));
  counts.fill(0);
  labels.forEach((label, row) => {
    const place = counts[label] ?? 0;
    const list = own[label];
    if (list) list[place] = scores[row * classes + label] ?? NaN;
    counts[label] = place + 1;
  });
  return own.map((list) => list.sort());
}

/** How many of the ascending numbers are below the score, or not above it. */
function countBelow(ascending: Float32Array, score: number, orEqual: boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = ascending[middle] ?? NaN;
    if (value < score || (orEqual && value === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}
