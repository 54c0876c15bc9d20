/** Numbers as they read beside their uncertainty: as many decimals as the interval lets mean something. Pure. */
import type { Interval } from '../../src/experiment/statistics/contract.ts';

/** What stands where there is no number. */
export const none = '–';

/** More decimals than this are said with a power of ten. */
const mostDecimals = 9;

/** Decimals that show two significant digits of a half-width. */
export function decimalsFor(half: number): number {
  if (!(half > 0) || !Number.isFinite(half)) return 0;
  // Rounded to two digits first: 0.0996 is 0.10.
  return Math.max(0, 1 - Math.floor(Math.log10(Number(half.toPrecision(2)))));
}

/** `0.913`, `−2`: with a minus sign, never a hyphen; no `−0`. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A number by itself: four significant digits. */
export function plain(value: number | null): string {
  if (value === null || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2).replaceAll('-', '−');
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** The same with its sign, for differences. */
export const signed = (value: number | null): string => withSign(value, plain(value));

function withSign(value: number | null, text: string): string {
  return value !== null && value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/**
 * `0.913 ± 0.021`, with two significant digits of the half-width; `0.913 [0.89, 0.95]` where the mean is not in the middle.
 *
 * @param sign differences show theirs
 */
export function estimate(mean: number | null, interval: Interval | null, sign = false): string {
  const single = sign ? signed(mean) : plain(mean);
  if (mean === null || interval === null || !Number.isFinite(mean)) return single;
  const [low, high] = interval;
  const half = (high - low) / 2;
  if (!(half > 0) || !Number.isFinite(half)) return single;
  const decimals = decimalsFor(half);
  const huge = decimals > mostDecimals || Math.abs(mean) >= 1e9;
  const write = (value: number): string =>
    huge ? value.toExponential(2).replaceAll('-', '−') : fixed(value, decimals);
  const middle = sign ? withSign(mean, write(mean)) : write(mean);
  const off = Math.abs(mean - (low + high) / 2) > half / 50;
  return off ? `${middle} [${write(low)}, ${write(high)}]` : `${middle} ± ${write(half)}`;
}

/** `[0.89, 0.95]` with the decimals that its width gives; `–` where there is none. */
export function range(interval: Interval | null): string {
  if (interval === null) return none;
  const [low, high] = interval;
  const half = (high - low) / 2;
  const decimals = decimalsFor(half);
  if (!(half > 0) || decimals > mostDecimals) return `[${plain(low)}, ${plain(high)}]`;
  return `[${fixed(low, decimals)}, ${fixed(high, decimals)}]`;
}

/** A p value: three digits, and never 0. */
export function probability(p: number | null): string {
  if (p === null) return none;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** A share as percent with one decimal. */
export const percent = (share: number | null): string => (share === null ? none : `${fixed(share * 100, 1)} %`);

/** `3.2 s`, `41 s`, `5:07`, `2:05:09`. */
export function clock(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return none;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
