/** Boxes as the data writes them ↔ corners x1 y1 x2 y2 in image fractions, the one form losses and metrics use. */

export type BoxFormat = 'xyxy' | 'cxcywh' | 'xywh';

export interface BoxScheme {
  readonly format: BoxFormat;
  /** Width and height that count as 1: `[1, 1]` for `scale: "unit"`, the image's size for `pixels`. */
  readonly size: readonly [width: number, height: number];
}

type Four = readonly [number, number, number, number];

/** Four numbers of the data → corners in fractions. */
export function toCorners(box: ArrayLike<number>, { format, size: [width, height] }: BoxScheme): Four {
  const [a, b, c, d] = [(box[0] ?? 0) / width, (box[1] ?? 0) / height, (box[2] ?? 0) / width, (box[3] ?? 0) / height];
  if (format === 'xyxy') return [a, b, c, d];
  if (format === 'xywh') return [a, b, a + c, b + d];
  return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
}

/** Corners in fractions → four numbers as the data writes them. */
export function fromCorners(corners: ArrayLike<number>, { format, size: [width, height] }: BoxScheme): Four {
  const [x1, y1, x2, y2] = [corners[0] ?? 0, corners[1] ?? 0, corners[2] ?? 0, corners[3] ?? 0];
  if (format === 'xyxy') return [x1 * width, y1 * height, x2 * width, y2 * height];
  const [w, h] = [(x2 - x1) * width, (y2 - y1) * height];
  if (format === 'xywh') return [x1 * width, y1 * height, w, h];
  return [((x1 + x2) / 2) * width, ((y1 + y2) / 2) * height, w, h];
}

/** cx, cy, w, h in fractions (the head after its sigmoid) → corners. */
export function centersToCorners(box: ArrayLike<number>, at = 0): Four {
  const [cx, cy, w, h] = [box[at] ?? 0, box[at + 1] ?? 0, box[at + 2] ?? 0, box[at + 3] ?? 0];
  return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
}

/** Corners → raw head outputs: ln(p / (1 − p)) of cx, cy, w, h, kept a little away from 0 and 1. */
export function cornersToRaw([x1, y1, x2, y2]: Four): readonly number[] {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1].map((value) => {
    const share = Math.min(Math.max(value, 1e-4), 1 - 1e-4);
    return Math.log(share / (1 - share));
  });
}
