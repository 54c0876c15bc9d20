/** What lies under a chart's own curves: those of other runs. They keep their own places on the x axis. Pure. */
import { runStroke, type RunStroke } from './run-stroke.ts';
import type { Scale } from './scale.ts';
import type { Picture, Underlay } from './source.ts';

/** The picture with room on its x axis for what lies under it: a first and a last point at which it has no values itself. */
export function withRoom(picture: Picture, under: readonly Underlay[]): Picture {
  const near = Math.min(...under.map(({ x }) => x[0] ?? Infinity));
  const far = Math.max(...under.map(({ x }) => x.at(-1) ?? -Infinity));
  const before = near < (picture.x[0] ?? Infinity) ? [near] : [];
  const last = Math.max(picture.x.at(-1) ?? -Infinity, before[0] ?? -Infinity);
  const after = Number.isFinite(far) && far > last ? [far] : [];
  if (before.length + after.length === 0) return picture;
  return {
    ...picture,
    x: Float64Array.from([...before, ...picture.x, ...after]),
    curves: picture.curves.map((curve) => ({
      ...curve,
      values: [...before.map(() => null), ...Array.from(curve.values), ...after.map(() => null)],
    })),
  };
}

/** The last value that a curve had at a place of the x axis; null before its beginning, after its end and in a gap. */
export function underlayAt({ x, y }: Pick<Underlay, 'x' | 'y'>, place: number): number | null {
  if (!(place <= (x.at(-1) ?? -Infinity))) return null;
  const at = x.findLastIndex((one) => one <= place);
  return at < 0 ? null : (y[at] ?? null);
}

/** How it is drawn, on the screen and in saved pictures: another run by its own line, an arm by the task's. */
export function strokeOfUnderlay({ style, run }: Pick<Underlay, 'style' | 'run'>, dash: readonly number[]): RunStroke {
  if (style === 'other') return runStroke(run ?? 1);
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
