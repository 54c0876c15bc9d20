/** What a cell of text must look like to be a number, and what to do about one that does not. */

import type { Text } from '../common/text.ts';

export type Decimal = '.' | ',';
export type Thousands = ',' | '.' | ' ' | "'";

/** How a file writes its numbers. */
export interface NumberMarks {
  /** A point where not given. */
  readonly decimal?: Decimal | undefined;
  /** What groups the digits before it by threes; nothing does where not given. */
  readonly thousands?: Thousands | undefined;
}

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A mark as it is typed, and the signs that typesetting puts in its place. */
const spelled: Readonly<Record<Thousands, string>> = { ',': ',', '.': '.', ' ': ' \u00a0\u2009\u202f', "'": "'\u2019" };

interface Grouping {
  readonly grouped: RegExp;
  readonly mark: RegExp;
}

const groupings = new Map<string, Grouping>();

function groupingOf(thousands: Thousands, decimal: Decimal): Grouping {
  const key = thousands + decimal;
  const known = groupings.get(key);
  if (known !== undefined) return known;
  const mark = `[${spelled[thousands]}]`;
  const made = {
    grouped: new RegExp(`^[+-]?[1-9]\\d{0,2}(?:${mark}\\d{3})+(?:[${decimal}]\\d*)?$`),
    mark: new RegExp(mark, 'g'),
  };
  groupings.set(key, made);
  return made;
}

/**
 * The finite number a cell writes, or undefined. Spaces around it are allowed; hexadecimal and Infinity are not numbers here, nor
 * are digits grouped in another way than by threes.
 */
export function parseNumber(cell: string, decimal: Decimal = '.', thousands?: Thousands): number | undefined {
  let text = cell.trim();
  if (thousands !== undefined) {
    const { grouped, mark } = groupingOf(thousands, decimal);
    if (grouped.test(text)) text = text.replace(mark, '');
  }
  if (decimal === ',') text = text.includes('.') ? '' : text.replace(',', '.');
  if (!plainNumber.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `1,257` or `12.345.678`, with or without a fraction after the other sign: `mark` may group thousands. */
export function isGrouped(cell: string, mark: Thousands, decimal: Decimal = mark === '.' ? ',' : '.'): boolean {
  return groupingOf(mark, decimal).grouped.test(cell.trim());
}

export interface Advice {
  /** Two readings are possible, and they give different numbers. */
  readonly ambiguous: boolean;
  readonly text: Text;
}

/**
 * What to do about a cell that is no number.
 * @param csv the marks can be set for the file
 */
export function adviceFor(cell: string, { decimal = '.', thousands }: NumberMarks, csv: boolean): Advice {
  const text = cell.trim();
  const other = otherSign(decimal);
  const decimalFits = parseNumber(text, other, thousands) !== undefined;
  if (csv && decimalFits && isGrouped(text, other)) return { ambiguous: true, text: ambiguousText(other) };
  return { ambiguous: false, text: (csv ? markAdvice(text, decimal, decimalFits) : undefined) ?? cellAdvice(text) };
}

function otherSign(decimal: Decimal): Decimal {
  return decimal === '.' ? ',' : '.';
}

/** Which marks would make a number of it. */
function markAdvice(text: string, decimal: Decimal, decimalFits: boolean): Text | undefined {
  const other = otherSign(decimal);
  if (decimalFits)
    return {
      en: `If “${other}” is the decimal sign, set data.csv.decimal to "${other}".`,
      zh: `若 “${other}” 是小数点，请将 data.csv.decimal 设为 "${other}"。`,
    };
  const fits = ([',', '.', ' ', "'"] as const)
    .flatMap((mark) => ([decimal, other] as const).map((sign) => ({ mark, sign })))
    .find(({ mark, sign }) => mark !== sign && isGrouped(text, mark, sign));
  if (fits === undefined) return undefined;
  const settings = [
    `data.csv.thousands ${JSON.stringify(fits.mark)}`,
    ...(fits.sign === decimal ? [] : [`data.csv.decimal "${fits.sign}"`]),
  ];
  return {
    en: `If its digits are grouped by thousands, set ${settings.join(' and ')}.`,
    zh: `若其中的数字按千位分组，请设置 ${settings.join(' 与 ')}。`,
  };
}

function ambiguousText(mark: ',' | '.'): Text {
  return {
    en: `“${mark}” may be the decimal sign or group thousands. Set data.csv.decimal "${mark}" or data.csv.thousands "${mark}".`,
    zh: `“${mark}” 可能是小数点，也可能是千位分隔符。请设置 data.csv.decimal 为 "${mark}"，或 data.csv.thousands 为 "${mark}"。`,
  };
}

function cellAdvice(text: string): Text {
  if (/^[+-]?(?:inf|infinity|∞)$/i.test(text) || plainNumber.test(text))
    return {
      en: 'Nothing can be learned from an infinite value. Correct the cell, or list it in data.missingTokens.',
      zh: '无穷大的值无法用于学习。请修改单元格，或列入 data.missingTokens。',
    };
  const digits = text.replace(/^[+-]?\s*[\p{Sc}%‰]\s*|\s*[\p{Sc}%‰]$/gu, '');
  if (digits !== text && /^[+-]?\d[\d.,'\s]*$/.test(digits))
    return {
      en: 'Write the digits alone, without the sign of a percentage or currency; the unit belongs into the name of the column.',
      zh: '请只写数字，不带百分号或货币符号；单位应写在列名中。',
    };
  return {
    en: 'Correct the cell, list it in data.missingTokens, or use the column as a category.',
    zh: '请修改单元格、列入 data.missingTokens，或将该列用作类别。',
  };
}
