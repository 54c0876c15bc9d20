/** The forms of a box: as the data writes it, as corners x1 y1 x2 y2 in image fractions (losses, metrics), as the head gives it. */
import { type Box, type BoxFormat, fromCorners } from '../../samples/targets/box.ts';

export type { Box, BoxFormat };

export interface BoxScheme {
  readonly format: BoxFormat;
  /** Width and height that count as 1: `[1, 1]` for `scale: "unit"`, the image's size for `pixels`. */
  readonly size: readonly [width: number, height: number];
}

/** Corners in fractions → four numbers as the data writes them. */
export function asWritten(corners: ArrayLike<number>, { format, size: [width, height] }: BoxScheme): Box {
  const [x1, y1, x2, y2] = [corners[0] ?? 0, corners[1] ?? 0, corners[2] ?? 0, corners[3] ?? 0];
  return fromCorners([x1 * width, y1 * height, x2 * width, y2 * height], format);
}

/** cx, cy, w, h in fractions (the head after its sigmoid) → corners. */
export function centersToCorners(box: ArrayLike<number>): Box {
  const [cx, cy, w, h] = [box[0] ?? 0, box[1] ?? 0, box[2] ?? 0, box[3] ?? 0];
  return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
}

/** Corners → raw head outputs: ln(p / (1 − p)) of cx, cy, w, h, kept a little away from 0 and 1. */
export function cornersToRaw([x1, y1, x2, y2]: Box): readonly number[] {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1].map((value) => {
    const share = Math.min(Math.max(value, 1e-4), 1 - 1e-4);
    return Math.log(share / (1 - share));
  });
}
