/**
 * Parzen estimators over settings (Bergstra et al. 2011): a mixture of one kernel for every setting observed and one for the
 * prior. A kernel is a product over the factors (multivariate, as in Optuna), so that what goes well together stays together.
 *
 * Ordered factors, on the unit interval: a normal density around the setting's place, cut off at 0 and 1; whole numbers and
 * ordered levels have the mass of their cell. Its width is 0.2 · n^(−1/(d+4)), at least 1/min(100, n+1) (Optuna's
 * multivariate TPE). Levels without order: one observation more for the setting's own level than for each other of the prior's
 * 1/n_levels. The prior is a normal density of width 1 around the middle, and all levels alike. Where an observed setting lacks
 * a factor (its condition did not hold), its kernel is the prior's.
 */
import type { Json } from '../../common/checks.ts';
import type { Random } from '../../numbers/random.ts';
import { normalCdf } from '../../numbers/normal.ts';
import type { Factor, Setting } from './contract.ts';
import { chosen } from './conditions.ts';
import { cellAt, cellOf, countOf, indexOf, isOrdered, unitOf, valueOf, type Cell } from './values.ts';

/** One factor of one kernel. */
type Part =
  | { readonly kind: 'normal'; readonly mean: number; readonly width: number }
  | { readonly kind: 'levels'; readonly shares: readonly number[] };
type Kernel = ReadonlyMap<string, Part>;

export interface Parzen {
  readonly factors: readonly Factor[];
  readonly kernels: readonly Kernel[];
}

const priorPart = (factor: Factor): Part =>
  isOrdered(factor)
    ? { kind: 'normal', mean: 0.5, width: 1 }
    : { kind: 'levels', shares: Array.from({ length: countOf(factor) }, () => 1 / countOf(factor)) };

function partOf(factor: Factor, setting: Setting, observed: number, dimensions: number): Part {
  const value = setting.get(factor.name);
  if (value === undefined) return priorPart(factor);
  if (isOrdered(factor)) {
    const mean = unitOf(factor, value);
    const scott = 0.2 * Math.max(1, observed) ** (-1 / (dimensions + 4));
    return mean === null
      ? priorPart(factor)
      : { kind: 'normal', mean, width: Math.max(scott, 1 / Math.min(100, observed + 1)) };
  }
  const own = indexOf(factor, value);
  const count = countOf(factor);
  const prior = 1 / (observed + 1);
  const shares = Array.from({ length: count }, (_, index) => (prior + (index === own ? 1 : 0)) / (count * prior + 1));
  return own === null ? priorPart(factor) : { kind: 'levels', shares };
}

/** The estimator of settings; without any it is the prior. */
export function parzenOf(factors: readonly Factor[], settings: readonly Setting[]): Parzen {
  const kernel = (part: (factor: Factor) => Part): Kernel =>
    new Map(factors.map((factor) => [factor.name, part(factor)]));
  const own = settings.map((setting) => kernel((factor) => partOf(factor, setting, settings.length, factors.length)));
  return { factors, kernels: [...own, kernel(priorPart)] };
}

/** Mass of a cell, or density at a point, of a normal density cut off at 0 and 1. */
function normalShare({ low, high }: Cell, mean: number, width: number): number {
  const below = (x: number): number => normalCdf((x - mean) / width);
  const inside = below(1) - below(0);
  if (high > low) return (below(high) - below(low)) / inside;
  const z = (low - mean) / width;
  return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * width * inside);
}

/** Density of a setting over the factors that it has. */
export function density({ factors, kernels }: Parzen, setting: Setting): number {
  const total = kernels.reduce((sum, kernel) => {
    const product = factors.reduce((value, factor) => {
      const part = kernel.get(factor.name);
      const own = setting.get(factor.name);
      if (part === undefined || own === undefined) return value;
      if (part.kind === 'levels') return value * (part.shares[indexOf(factor, own) ?? -1] ?? 0);
      return value * normalShare(cellOf(factor, own) ?? { low: 0, high: 0 }, part.mean, part.width);
    }, 1);
    return sum + product;
  }, 0);
  return total / kernels.length;
}

/** A setting drawn from the mixture, every kernel as likely as another. */
export function drawn({ factors, kernels }: Parzen, random: Random): Setting {
  const kernel = kernels[random.integer(kernels.length)];
  return chosen(factors, (factor) => drawnValue(factor, kernel?.get(factor.name) ?? priorPart(factor), random));
}

function drawnValue(factor: Factor, part: Part, random: Random): Json {
  if (part.kind === 'levels') {
    let left = random.uniform();
    const index = part.shares.findIndex((share) => (left -= share) < 0);
    const cell = cellAt(factor, index < 0 ? part.shares.length - 1 : index);
    return valueOf(factor, (cell.low + cell.high) / 2);
  }
  // At least every fourth draw lies inside: the mean does, and the widest kernel is the prior's.
  for (;;) {
    const u = random.normal(part.mean, part.width);
    if (u >= 0 && u <= 1) return valueOf(factor, u);
  }
}
