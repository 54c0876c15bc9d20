/** Sizes of memory as people write them: `512 MB`, `1.5 GB`; a megabyte is 2²⁰ bytes, as everywhere in this program. */

const units: Readonly<Record<string, number>> = {
  mb: 2 ** 20,
  mib: 2 ** 20,
  gb: 2 ** 30,
  gib: 2 ** 30,
  tb: 2 ** 40,
  tib: 2 ** 40,
};

/** Bytes; undefined for what is no size. */
export function parseSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^\s*(\d{1,9}(?:\.\d{1,9})?)\s*([MGT]i?B)\s*$/i.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (units[unit.toLowerCase()] ?? NaN));
  return digits !== '' && bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `512 MB`, `1.5 GB`. */
export function sizeText(bytes: number): string {
  const large = bytes >= 2 ** 30;
  const value = bytes / (large ? 2 ** 30 : 2 ** 20);
  return `${String(Number(value.toFixed(value < 10 ? 1 : 0)))} ${large ? 'GB' : 'MB'}`;
}
