/** A sentence in both languages of the interface. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;

export const text = (en: string, zh: string): Text => ({ en, zh });

/** The sentence without the sign at its end, to be the middle of another one. */
export const withoutEnd = ({ en, zh }: Text): Text => text(en.replace(/\.$/, ''), zh.replace(/。$/, ''));

/** Several in a row. */
export const joined = (texts: readonly Text[]): Text =>
  text(texts.map(({ en }) => en).join('; '), texts.map(({ zh }) => zh).join('；'));

/** `Formula: ` – what stands before a value on a page. */
export const labeled = (label: Text, language: 'en' | 'zh'): string =>
  language === 'zh' ? `${label.zh}：` : `${label.en}: `;

/** `1 run`, `3 runs`: English has a singular, 中文 has none. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;
