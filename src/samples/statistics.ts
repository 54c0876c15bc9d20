/** Statistics of one column. Missing values are NaN and are left out; sums run in double precision. */

/** Mean and population standard deviation (divided by n, not n − 1), in two passes. NaN for both where nothing is present. */
export function moments(values: Iterable<number>): { readonly n: number; readonly mean: number; readonly sd: number } {
  let n = 0;
  let sum = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n++;
    sum += value;
  }
  const mean = sum / n;
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    squares += (value - mean) ** 2;
    rest += value - mean;
  }
  // The rest is zero but for rounding; taking it out keeps the variance of nearly equal numbers exact (Chan et al. 1983).
  return { n, mean, sd: Math.sqrt(Math.max(0, (squares - (rest * rest) / n) / n)) };
}

/** The values that are present, ascending. */
export function sorted(values: Iterable<number>): Float64Array {
  const present: number[] = [];
  for (const value of values) if (!Number.isNaN(value)) present.push(value);
  return Float64Array.from(present).sort();
}

/** Linear interpolation between order statistics (numpy's default, type 7 of Hyndman & Fan 1996); NaN of nothing. */
export function quantile(ascending: Float64Array, q: number): number {
  const at = (ascending.length - 1) * q;
  const below = ascending[Math.floor(at)] ?? NaN;
  const above = ascending[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** The most frequent value, the smallest of several; NaN of nothing. */
export function mode(ascending: Float64Array): number {
  let [best, bestCount, count] = [NaN, 0, 0];
  for (const [index, value] of ascending.entries()) {
    count = index > 0 && ascending[index - 1] === value ? count + 1 : 1;
    if (count > bestCount) [best, bestCount] = [value, count];
  }
  return best;
}
