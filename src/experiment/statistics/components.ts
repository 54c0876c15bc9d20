/** Where the variance of an experiment comes from: the split, the seed, and arms that react differently to splits. */

/** A variance component by moments. */
export interface Component {
  /** Not below 0. */
  readonly variance: number;
  /** As the moments give it; below 0 where the component is too small to be seen. */
  readonly raw: number;
}

export interface VarianceComponents {
  readonly split: Component | null;
  readonly armBySplit: Component | null;
  readonly seed: Component | null;
  /** Arm × split and seed together, where a cell has one run and they cannot be told apart. */
  readonly armBySplitAndSeed: Component | null;
  /** Why something is null; null where all is identified. */
  readonly reason: 'empty' | 'unbalanced' | 'not-finite' | 'one-split' | 'one-arm' | 'one-seed' | null;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const component = (raw: number): Component => ({ variance: Math.max(0, raw), raw });
const none = { split: null, armBySplit: null, seed: null, armBySplitAndSeed: null };

/**
 * y_{ijk} = μ + aᵢ + bⱼ + (ab)ᵢⱼ + e_{ijk}: arms fixed, splits random and crossed with arms, seeds within cells; by the moments of
 * the balanced two-way analysis of variance, E MS_split = σ² + Kσ²_ab + AKσ²_b, E MS_{arm×split} = σ² + Kσ²_ab, E MS_within = σ²
 * (Searle, Casella and McCulloch 1992, ch. 4, unrestricted form).
 *
 * With one seed a cell, arm × split and seed are one component; with one arm, a split's own and its arm's reaction are one
 * (`split` holds both); with one split only the seeds' variance is there. A negative moment is shown as `raw`, its variance is
 * 0. Cells of different sizes, or with a value that is not finite: null, with the reason.
 *
 * @param cells [arm][split][seed]
 */
export function varianceComponents(cells: readonly (readonly (readonly number[])[])[]): VarianceComponents {
  const [arms, splits, seeds] = [cells.length, cells[0]?.length ?? 0, cells[0]?.[0]?.length ?? 0];
  if (arms === 0 || splits === 0 || seeds === 0) return { ...none, reason: 'empty' };
  if (cells.some((row) => row.length !== splits || row.some((cell) => cell.length !== seeds))) {
    return { ...none, reason: 'unbalanced' };
  }
  if (!cells.flat(2).every(Number.isFinite)) return { ...none, reason: 'not-finite' };
  const means = cells.map((row) => row.map(mean));
  const armMeans = means.map(mean);
  const splitMeans = Array.from({ length: splits }, (_, j) => mean(means.map((row) => row[j] ?? NaN)));
  const grand = mean(armMeans);
  const within = cells.flatMap((row, i) =>
    row.flatMap((cell, j) => cell.map((y) => (y - (means[i]?.[j] ?? NaN)) ** 2)),
  );
  const crossed = means.flatMap((row, i) =>
    row.map((value, j) => (value - (armMeans[i] ?? NaN) - (splitMeans[j] ?? NaN) + grand) ** 2),
  );
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const msWithin = seeds > 1 ? sum(within) / (arms * splits * (seeds - 1)) : null;
  if (splits === 1) return { ...none, seed: msWithin === null ? null : component(msWithin), reason: 'one-split' };
  const msSplit = (arms * seeds * sum(splitMeans.map((value) => (value - grand) ** 2))) / (splits - 1);
  if (arms === 1) {
    if (msWithin === null) return { ...none, reason: 'one-arm' };
    return { ...none, split: component((msSplit - msWithin) / seeds), seed: component(msWithin), reason: 'one-arm' };
  }
  const msCrossed = (seeds * sum(crossed)) / ((arms - 1) * (splits - 1));
  const split = component((msSplit - msCrossed) / (arms * seeds));
  if (msWithin === null) return { ...none, split, armBySplitAndSeed: component(msCrossed), reason: 'one-seed' };
  return {
    ...none,
    split,
    armBySplit: component((msCrossed - msWithin) / seeds),
    seed: component(msWithin),
    reason: null,
  };
}
