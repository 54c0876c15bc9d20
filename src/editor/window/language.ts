import * as vscode from 'vscode';
import type { Text } from '../../common/text.ts';
import type { Locale } from '../../messages/protocol.ts';
import { visible } from '../../spec/telling/visible.ts';

/** The interface's language, as far as we speak it. */
export function locale(): Locale {
  return vscode.env.language.toLowerCase().startsWith('zh') ? 'zh-cn' : 'en';
}

/** The half of a bilingual text that the person reads; names in it are a stranger's. */
export function pick(text: Text): string {
  return visible(locale() === 'zh-cn' ? text.zh : text.en);
}
