/** The page's words in the language of the window. */
import type { Locale } from '../../src/messages/protocol.ts';
import { en } from './en.ts';
import type { Strings } from './strings.ts';
import { zh } from './zh.ts';

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}
