/** How raw outputs follow from the values of a fitted line (conventions 5). */
import { columnOf, weightedQuantile, weightsInColumn } from '../constants.ts';
import type { LinearLabels, Link } from './contract.ts';

/** ln of the line's value, which may not fall below a hundredth of the mean label (Poisson: raw = ln μ). */
export function logarithm(labels: LinearLabels): Link {
  const { targets, targetWidth, present } = labels;
  return (value, rows) => {
    const floor = Array.from({ length: targetWidth }, (_, column) => {
      const known = rows.map((row) => row * targetWidth + column).filter((at) => present?.[at] !== 0);
      const mean = known.reduce((sum, at) => sum + (targets[at] ?? 0), 0) / known.length;
      return Math.max(mean, 1e-6) / 100;
    });
    return (row) => value(row).map((number, column) => Math.log(Math.max(number, floor[column] ?? 1e-8)));
  };
}

/** The line shifted by the quantiles of its residuals on the fitted rows: one raw output a column and quantile. */
export function shifted(labels: LinearLabels, levels: readonly number[]): Link {
  const { targets, targetWidth } = labels;
  return (value, rows) => {
    const residuals = Float64Array.from(
      rows.flatMap((row) =>
        [...value(row)].map((number, column) => (targets[row * targetWidth + column] ?? 0) - number),
      ),
    );
    const shifts = Array.from({ length: targetWidth }, (_, column) => {
      const weights = weightsInColumn(labels, targetWidth, column);
      const own = rows.map((row) => weights[row] ?? 0);
      return levels.map((level) => weightedQuantile(columnOf(residuals, targetWidth, column), own, level));
    });
    return (row) => [...value(row)].flatMap((number, column) => (shifts[column] ?? []).map((shift) => number + shift));
  };
}
