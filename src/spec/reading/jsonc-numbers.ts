/** jsonc-parser's numbers for tokens and errors (it declares them as ambient const enums, which modules cannot read). */
export const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  end: 17,
} as const;

export const mistake = {
  symbol: 1,
  number: 2,
  key: 3,
  value: 4,
  colon: 5,
  comma: 6,
  closeBrace: 7,
  closeBracket: 8,
  end: 9,
  comment: 10,
  endOfComment: 11,
  endOfText: 12,
  endOfNumber: 13,
  unicode: 14,
  escape: 15,
  character: 16,
} as const;
