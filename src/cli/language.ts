/** English or Chinese: from `--lang`, else from the environment's locale, as POSIX orders its variables. */
import type { Language, Text } from '../common/text.ts';

export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return locale?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}

let current: Language = languageOf(process.env);

export function language(): Language {
  return current;
}

export function setLanguage(wanted: Language): void {
  current = wanted;
}

/** Picks the text of the current language. */
export function say(text: Text): string {
  return text[current];
}

export function t(en: string, zh: string): string {
  return current === 'zh' ? zh : en;
}
