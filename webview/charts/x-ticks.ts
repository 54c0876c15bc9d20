/** Where the horizontal axis of a picture has lines. Pure. */
import { tick } from './scale.ts';

/**
 * @param whole steps and epochs are whole: no line stands between two of them
 * @param most lines at most, as far as round numbers allow
 */
export function wholeTicks(
  [from, to]: readonly [number, number],
  whole: boolean,
  most: number,
): readonly { readonly at: number; readonly text: string }[] {
  const rough = (to - from) / most;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const step = whole ? Math.max(1, round) : round;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = (first + index) * step;
    return { at, text: tick(Number(at.toPrecision(12))) };
  });
}
