/** What may be a name of an input, a block, a task or an arm (conventions 8). */
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';

const reserved = new Set(['__proto__', 'constructor', 'prototype']);
const control = /\p{Cc}|[\u2028\u2029]/u;
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a name, or nothing. */
export function nameMistake(name: string): Text | undefined {
  if (name === '') return text('A name may not be empty.', '名称不能为空。');
  if (Array.from(name).length > 100) return text('A name has at most 100 characters.', '名称最多 100 个字符。');
  if (/\p{Surrogate}/u.test(name)) return text('This name holds half a character.', '名称中含有不完整的字符。');
  if (control.test(name))
    return text('A name may not hold control characters or line breaks.', '名称不能含控制字符或换行。');
  if (bidi.test(name))
    return text('A name may not hold characters that turn the direction of writing.', '名称不能含改变书写方向的字符。');
  if (name.trim() !== name) return text('A name may not begin or end with a space.', '名称首尾不能有空格。');
  if (name.normalize('NFC') !== name) {
    return text('This name is not in Unicode form NFC; write it again.', '名称不是 Unicode NFC 形式；请重新输入。');
  }
  if (reserved.has(name)) return text('This name is reserved; take another.', '此名称为保留名称，请换一个。');
  if (name.startsWith('task:')) {
    return text(
      'A name may not begin with `task:`; that means the prediction of a task.',
      '名称不能以 `task:` 开头；它表示某任务的预测。',
    );
  }
  return undefined;
}
