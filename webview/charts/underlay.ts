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

/** The last value that a curve had at a place of the x axis; null before its beginning, after its end and in a gap. */
export function underlayAt({ x, y }: Pick<Underlay, 'x' | 'y'>, place: number): number | null {
  if (!(place <= (x.at(-1) ?? -Infinity))) return null;
  const at = x.findLastIndex((one) => one <= place);
  return at < 0 ? null : (y[at] ?? null);
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
