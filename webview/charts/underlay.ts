/** What lies under a chart's own curves: those of other runs. They keep their own places on the x axis. Pure. */
import type { Scale } from './scale.ts';
import type { Picture, Underlay } from './source.ts';

/** The picture with room on its x axis for what lies under it: a last point at which it has no values itself. */
export function withRoom(picture: Picture, under: readonly Underlay[]): Picture {
  const far = Math.max(...under.map(({ x }) => x.at(-1) ?? -Infinity));
  if (!Number.isFinite(far) || far <= (picture.x.at(-1) ?? -Infinity)) return picture;
  return {
    ...picture,
    x: Float64Array.of(...picture.x, far),
    curves: picture.curves.map((curve) => ({ ...curve, values: [...Array.from(curve.values), null] })),
  };
}

/** How each style is drawn, on the screen and in saved pictures. */
export function strokeOfUnderlay(
  { style }: Pick<Underlay, 'style'>,
  dash: readonly number[],
): { readonly width: number; readonly dash: readonly number[]; readonly alpha: number } {
  if (style === 'other') return { width: 1, dash: [6, 3, 1, 3], alpha: 0.6 };
  return { width: style === 'mean' ? 2 : 1, dash, alpha: style === 'mean' ? 0.9 : 0.25 };
}

/** Smallest and largest drawn value, those of the underlays between two places of the x axis included. */
export function reachOf(
  under: readonly Underlay[],
  scale: Scale,
  [from, to]: readonly [number, number],
  [min, max]: readonly [number | null, number | null],
): [number | null, number | null] {
  let [low, high] = [min ?? Infinity, max ?? -Infinity];
  for (const { x, y, sd } of under) {
    x.forEach((place, at) => {
      const value = y[at];
      if (place < from || place > to || typeof value !== 'number') return;
      const spread = sd?.[at] ?? 0;
      for (const one of [value - spread, value, value + spread]) {
        const drawn = scale.draw(one);
        if (drawn === null) continue;
        low = Math.min(low, drawn);
        high = Math.max(high, drawn);
      }
    });
  }
  return low <= high ? [low, high] : [min, max];
}
