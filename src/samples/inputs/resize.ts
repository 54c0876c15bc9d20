/**
 * Images of another size: bilinear with antialiasing, as Pillow's `Image.resize(…, BILINEAR)` on float pixels. Each output pixel is
 * a weighted mean of the source pixels under a triangle as wide as the reduction, so thin strokes survive shrinking.
 */
export type Resize = 'stretch' | 'fit' | 'crop';

interface Taps {
  readonly from: number;
  readonly weights: Float64Array;
}

/** Where the source pixels of each output position begin, and their weights (which sum to 1). */
function tapsOf(source: number, target: number): Taps[] {
  const scale = source / target;
  const support = Math.max(1, scale);
  return Array.from({ length: target }, (_, index) => {
    const center = (index + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const to = Math.min(source, Math.trunc(center + support + 0.5));
    const weights = Float64Array.from({ length: to - from }, (_unused, tap) =>
      Math.max(0, 1 - Math.abs((from + tap - center + 0.5) / support)),
    );
    const total = weights.reduce((a, b) => a + b, 0);
    return { from, weights: weights.map((weight) => weight / total) };
  });
}

/** [h, w, channels] → [height, width, channels]. */
function stretch(pixels: Float64Array, [h, w]: Size, [height, width]: Size, channels: number): Float64Array {
  const columns = tapsOf(w, width);
  const rows = tapsOf(h, height);
  const narrow = new Float64Array(h * width * channels);
  for (let y = 0; y < h; y++) {
    for (const [x, { from, weights }] of columns.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++)
          sum += (weights[tap] ?? 0) * (pixels[(y * w + from + tap) * channels + channel] ?? 0);
        narrow[(y * width + x) * channels + channel] = sum;
      }
    }
  }
  const out = new Float64Array(height * width * channels);
  const line = width * channels;
  for (const [y, { from, weights }] of rows.entries()) {
    for (let tap = 0; tap < weights.length; tap++) {
      for (let at = 0; at < line; at++)
        out[y * line + at] = (out[y * line + at] ?? 0) + (weights[tap] ?? 0) * (narrow[(from + tap) * line + at] ?? 0);
    }
  }
  return out;
}

export type Size = readonly [number, number];

/**
 * `stretch` fills the target; `fit` keeps the proportions and puts black bars around; `crop` keeps them and cuts the middle out.
 * @param pixels [h, w, channels]
 * @returns [target height, target width, channels]
 */
export function resizeImage(
  pixels: Float64Array,
  source: Size,
  target: Size,
  channels: number,
  how: Resize,
): Float64Array {
  if (source[0] === target[0] && source[1] === target[1]) return pixels;
  if (how === 'stretch') return stretch(pixels, source, target, channels);
  const ratios = [target[0] / source[0], target[1] / source[1]];
  const scale = how === 'fit' ? Math.min(...ratios) : Math.max(...ratios);
  const inner: Size = [Math.max(1, Math.round(source[0] * scale)), Math.max(1, Math.round(source[1] * scale))];
  const scaled = stretch(pixels, source, inner, channels);
  const out = new Float64Array(target[0] * target[1] * channels);
  const top = Math.floor((target[0] - inner[0]) / 2);
  const left = Math.floor((target[1] - inner[1]) / 2);
  for (let y = Math.max(0, top); y < Math.min(target[0], top + inner[0]); y++) {
    const [x0, x1] = [Math.max(0, left), Math.min(target[1], left + inner[1])];
    const from = ((y - top) * inner[1] + x0 - left) * channels;
    out.set(scaled.subarray(from, from + (x1 - x0) * channels), (y * target[1] + x0) * channels);
  }
  return out;
}
