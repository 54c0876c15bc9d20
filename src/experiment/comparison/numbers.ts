/** Numbers as people read them, the same in every format. */

/** Four significant digits; a minus sign that is one. */
export function shortNumber(value: number): string {
  const short = Number(value.toPrecision(4));
  const size = Math.abs(short);
  const written = size !== 0 && (size < 1e-4 || size >= 1e7) ? short.toExponential() : String(short);
  return written.replace(/^-/, '−');
}

/** With its sign, for differences. */
export const signedNumber = (value: number): string => (value > 0 ? `+${shortNumber(value)}` : shortNumber(value));

/** `0.012`, `< 0.001`; `–` for none. */
export function pText(p: number | null): string {
  if (p === null) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

export const valueText = (value: number | null): string => (value === null ? '–' : shortNumber(value));

/** `[0.1, 0.2]`; `–` for none. */
export function intervalText(interval: readonly [number, number] | null, write = shortNumber): string {
  return interval === null ? '–' : `[${write(interval[0])}, ${write(interval[1])}]`;
}

/** `95 %`. */
export const percent = (share: number): string => `${String(Number((100 * share).toPrecision(4)))} %`;

/** `12.3 s`, `4.2 min`, `1.5 h`. */
export function timeText(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 90) return `${shortNumber(seconds)} s`;
  return seconds < 5400 ? `${shortNumber(seconds / 60)} min` : `${shortNumber(seconds / 3600)} h`;
}
