/**
 * Parzen estimators over settings (Bergstra et al. 2011): a mixture of one kernel for every setting observed and one for the
 * prior. A kernel is a product over the factors (multivariate, as in Optuna), so that what goes well together stays together.
 *
 * Ordered factors, on the unit interval: a normal density around the setting's place, cut off at 0 and 1; whole numbers and
 * ordered levels have the mass of their cell. Its width is the larger of the distances to the next places on either side
 * (Bergstra et al. 2011), held between 1/min(100, n + 2) and 1. Levels without order: one observation more for the setting's own
 * level, beside 1/(n + 1) for every level. The prior is a normal density of width 1 around the middle, and all levels alike.
 * Where an observed setting lacks a factor (its condition did not hold), its kernel is the prior's. (The constants are those
 * of Optuna 5.)
 */
import type { Json } from '../../common/checks.ts';
import type { Random } from '../../numbers/random.ts';
import { normalCdf } from '../../numbers/normal.ts';
import type { Factor, Setting } from './contract.ts';
import { chosen } from './conditions.ts';
import { cellAt, cellOf, countOf, indexOf, isOrdered, unitOf, valueOf, type Cell } from './values.ts';

/** One factor of one kernel. `inside`: the mass of the normal density between 0 and 1. */
type Part =
  | { readonly kind: 'normal'; readonly mean: number; readonly width: number; readonly inside: number }
  | { readonly kind: 'levels'; readonly shares: readonly number[] };
type Kernel = ReadonlyMap<string, Part>;

export interface Parzen {
  readonly factors: readonly Factor[];
  readonly kernels: readonly Kernel[];
}

const below = (x: number, mean: number, width: number): number => normalCdf((x - mean) / width);

const normalPart = (mean: number, width: number): Part => ({
  kind: 'normal',
  mean,
  width,
  inside: below(1, mean, width) - below(0, mean, width),
});

const priorPart = (factor: Factor): Part =>
  isOrdered(factor)
    ? normalPart(0.5, 1)
    : { kind: 'levels', shares: Array.from({ length: countOf(factor) }, () => 1 / countOf(factor)) };

/** The width of the density around each of the places, which ascend. */
function widthsOf(places: readonly number[]): readonly number[] {
  const least = 1 / Math.min(100, places.length + 2);
  return places.map((place, index) => {
    const [before, after] = [places[index - 1], places[index + 1]];
    const gaps = [before === undefined ? 0 : place - before, after === undefined ? 0 : after - place];
    // A place alone is as wide as the interval.
    const widest = places.length === 1 ? Math.max(place, 1 - place) : Math.max(...gaps);
    return Math.min(1, Math.max(least, widest));
  });
}

/** The part of each setting for an ordered factor; the prior's where it has none. */
function orderedParts(factor: Factor, settings: readonly Setting[]): readonly Part[] {
  const found = settings.flatMap((setting, index) => {
    const place = unitOf(factor, setting.get(factor.name));
    return place === null ? [] : [{ index, place }];
  });
  const sorted = found.toSorted((a, b) => a.place - b.place);
  const widths = widthsOf(sorted.map(({ place }) => place));
  const parts = settings.map(() => priorPart(factor));
  sorted.forEach(({ index, place }, order) => (parts[index] = normalPart(place, widths[order] ?? 1)));
  return parts;
}

function levelPart(factor: Factor, setting: Setting, observed: number): Part {
  const own = indexOf(factor, setting.get(factor.name));
  if (own === null || !setting.has(factor.name)) return priorPart(factor);
  const prior = 1 / (observed + 1);
  const count = countOf(factor);
  const shares = Array.from({ length: count }, (_, index) => (prior + (index === own ? 1 : 0)) / (count * prior + 1));
  return { kind: 'levels', shares };
}

/** The estimator of settings; without any it is the prior. */
export function parzenOf(factors: readonly Factor[], settings: readonly Setting[]): Parzen {
  const parts = new Map(
    factors.map((factor) => [
      factor.name,
      isOrdered(factor)
        ? orderedParts(factor, settings)
        : settings.map((setting) => levelPart(factor, setting, settings.length)),
    ]),
  );
  const kernels = [...settings.keys()].map(
    (index) =>
      new Map(factors.map((factor) => [factor.name, parts.get(factor.name)?.[index] ?? priorPart(factor)] as const)),
  );
  return { factors, kernels: [...kernels, new Map(factors.map((factor) => [factor.name, priorPart(factor)]))] };
}

/** What one part gives to a value: the share of its level or cell, or the density at its point. */
function shareOf(part: Part, { low, high }: Cell, level: number): number {
  if (part.kind === 'levels') return part.shares[level] ?? 0;
  const { mean, width, inside } = part;
  if (high > low) return (below(high, mean, width) - below(low, mean, width)) / inside;
  const z = (low - mean) / width;
  return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * width * inside);
}

/** Density of a setting over the factors that it has. */
export function density({ factors, kernels }: Parzen, setting: Setting): number {
  const places = factors.flatMap((factor) => {
    const value = setting.get(factor.name);
    const cell = value === undefined ? null : cellOf(factor, value);
    return cell === null ? [] : [{ name: factor.name, cell, level: indexOf(factor, value) ?? -1 }];
  });
  const total = kernels.reduce((sum, kernel) => {
    const product = places.reduce((value, { name, cell, level }) => {
      const part = kernel.get(name);
      return part === undefined ? value : value * shareOf(part, cell, level);
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
  // The mean lies inside and no kernel is wider than the interval, so that at least every third draw does too.
  for (;;) {
    const u = random.normal(part.mean, part.width);
    if (u >= 0 && u <= 1) return valueOf(factor, u);
  }
}
