/** The nearest of several names. */

/** Damerau–Levenshtein distance (optimal string alignment) over code points; stops at `limit`. */
export function distance(left: string, right: string, limit = Infinity): number {
  const a = Array.from(left);
  const b = Array.from(right);
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
    if (Math.min(...current) > limit) return Infinity;
  }
  return previous[b.length] ?? 0;
}

const folded = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

/**
 * The most similar of `candidates`, or nothing when none is similar enough: at most a third of the letters (at least
 * one) may differ; case, spaces, `-` and `_` weigh less. Names of a letter or two match only when folding makes them equal.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const length = Math.min(Array.from(name).length, 64);
  const limit = length <= 2 ? 0 : Math.max(1, Math.floor(length / 3));
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const exact = distance(name, candidate, limit + 2);
    const loose = distance(folded(name), folded(candidate), limit);
    const score = Math.min(exact, loose + 0.5);
    const near = exact <= limit || loose <= limit || oneLetterOff(name, candidate);
    if (near && score < least) {
      least = score;
      best = candidate;
    }
  }
  return best;
}

/** Two CJK characters carry as much as a word: 回归 and 回规 are near. */
const oneLetterOff = (name: string, candidate: string): boolean =>
  /[\u3400-\u9fff]/.test(name) && Array.from(name).length >= 2 && distance(name, candidate, 1) <= 1;
