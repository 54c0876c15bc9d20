/** A sentence in both languages of the interface. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;

export const text = (en: string, zh: string): Text => ({ en, zh });

/** `Formula: ` – what stands before a value on a page. */
export const labeled = (label: Text, language: 'en' | 'zh'): string =>
  language === 'zh' ? `${label.zh}：` : `${label.en}: `;
