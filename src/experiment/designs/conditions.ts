/** Factors that apply only where others have certain levels (`when`), and settings without those that do not. */
import type { Json } from '../../common/checks.ts';
import type { Factor, Setting } from './contract.ts';
import { countOf, indexOf, textOf, valueOf } from './values.ts';

/** The factors that a factor's condition names. */
const namedBy = (factor: Factor): readonly string[] => [...(factor.when?.keys() ?? [])];

/** Does the factor apply where these values are set? All of its conditions must hold; one on an absent factor does not. */
export function applies(factor: Factor, setting: Setting): boolean {
  return [...(factor.when ?? [])].every(([name, levels]) => {
    const value = setting.get(name);
    return value !== undefined && levels.some((level) => textOf(level) === textOf(value));
  });
}

/**
 * The factors so that each stands after those its condition names; otherwise in the order of the text. `loop`: names that
 * wait for one another. Conditions on factors that are not there are left to `problemsOf`.
 */
export function conditionOrder(factors: readonly Factor[]): {
  readonly order: readonly Factor[];
  readonly loop: readonly string[];
} {
  const names = new Set(factors.map(({ name }) => name));
  const order: Factor[] = [];
  const placed = new Set<string>();
  for (let left = factors; left.length > 0;) {
    const ready = left.find((factor) => namedBy(factor).every((name) => placed.has(name) || !names.has(name)));
    if (ready === undefined) return { order, loop: left.map(({ name }) => name) };
    order.push(ready);
    placed.add(ready.name);
    left = left.filter((factor) => factor !== ready);
  }
  return { order, loop: [] };
}

/**
 * The setting in which each factor that applies has the value `choose` gives; names in the order of the factors.
 * `choose` is asked in an order in which conditions are known, and only for factors that apply.
 */
export function chosen(factors: readonly Factor[], choose: (factor: Factor, setting: Setting) => Json): Setting {
  const values = new Map<string, Json>();
  for (const factor of conditionOrder(factors).order) {
    if (applies(factor, values)) values.set(factor.name, choose(factor, values));
  }
  return new Map(
    factors.flatMap(({ name }) => {
      const value = values.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The setting at a point of the unit cube, one coordinate for every factor in their order. */
export function settingAt(factors: readonly Factor[], point: ArrayLike<number>): Setting {
  const units = new Map(factors.map((factor, index) => [factor, point[index] ?? 0]));
  return chosen(factors, (factor) => valueOf(factor, units.get(factor) ?? 0));
}

/** Texts of settings, which do not change: a search asks for those of its whole history at every step. */
const texts = new WeakMap<Setting, string>();

/** The one text of a setting. */
export function settingText(setting: Setting): string {
  const known = texts.get(setting);
  if (known !== undefined) return known;
  const written = textOf(setting);
  texts.set(setting, written);
  return written;
}

/** Settings without repetitions, each where it stood first. */
export function withoutRepetitions(settings: readonly Setting[]): {
  readonly settings: readonly Setting[];
  readonly merged: number;
} {
  const found = new Map<string, Setting>();
  for (const setting of settings) {
    const written = settingText(setting);
    if (!found.has(written)) found.set(written, setting);
  }
  return { settings: [...found.values()], merged: settings.length - found.size };
}

/**
 * How many settings differ; infinite where a range of real numbers can apply. Counted over the factors that conditions
 * name, the others multiply; above `most` combinations of those it is counted no further, and null is given.
 */
export function combinations(factors: readonly Factor[], most = 100_000): number | null {
  const named = new Set(factors.flatMap(namedBy));
  const deciding = conditionOrder(factors).order.filter(({ name }) => named.has(name));
  let partial: Setting[] = [new Map()];
  for (const factor of deciding) {
    const count = countOf(factor);
    if (count === Infinity) return Infinity;
    if (partial.length * count > most) return null;
    partial = partial.flatMap((setting) =>
      applies(factor, setting)
        ? Array.from({ length: count }, (_, index) => new Map(setting).set(factor.name, valueAtIndex(factor, index)))
        : [setting],
    );
  }
  return partial.reduce((total, setting) => {
    const others = factors.filter((factor) => !named.has(factor.name) && applies(factor, setting));
    return total + others.reduce((product, factor) => product * countOf(factor), 1);
  }, 0);
}

const valueAtIndex = (factor: Factor, index: number): Json => valueOf(factor, (index + 0.5) / countOf(factor));

/** Condition levels that their factor cannot have: `[factor, named factor, level]`. */
export function impossibleLevels(factors: readonly Factor[]): readonly (readonly [string, string, Json])[] {
  const byName = new Map(factors.map((factor) => [factor.name, factor]));
  return factors.flatMap((factor) =>
    [...(factor.when ?? [])].flatMap(([name, levels]) => {
      const other = byName.get(name);
      if (other === undefined || countOf(other) === Infinity) return [];
      return levels
        .filter((level) => indexOf(other, level) === null)
        .map((level) => [factor.name, name, level] as const);
    }),
  );
}
