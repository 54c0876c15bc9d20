/** Which part of the x axis is shown. Pure. */
import type { Zoom } from './source.ts';

/** A part that is so much wider (above 1) or narrower around a place, within what there is; null: all of it. */
export function zoomed({ from, to }: Zoom, around: number, factor: number, reach: Zoom): Zoom | null {
  const width = (to - from) * factor;
  if (!(width < reach.to - reach.from)) return null;
  // The place stays where it is on the screen.
  return within({ from: around - (around - from) * factor, to: around + (to - around) * factor }, reach);
}

/** The part that far to the right (below 0: to the left), as wide as before, within what there is. */
export function panned({ from, to }: Zoom, by: number, reach: Zoom): Zoom {
  return within({ from: from + by, to: to + by }, reach);
}

function within({ from, to }: Zoom, reach: Zoom): Zoom {
  const shift = Math.max(0, reach.from - from) - Math.max(0, to - reach.to);
  return { from: from + shift, to: to + shift };
}
