/** Errors whose sentences are for people, in both languages, and what any other error says. */
import { text, type Text } from './text.ts';

/**
 * Something that a person has to know or mend: what, where, what next. `message` is the English sentence, for logs,
 * records and programs; `text` has both. What only a fault of the program can cause is a plain `Error` instead.
 */
export class ToldError extends Error {
  readonly text: Text;

  constructor(told: Text, options?: ErrorOptions) {
    super(told.en, options);
    this.text = told;
  }
}

/**
 * Both languages of what was thrown. Asked for by form, not by class: an error may come from another bundle. A system
 * error (a full disk, a file without the right to read it) is told by its code. What else has one language keeps it: in
 * Chinese, English words are those of a program, and are quoted.
 */
export function textOfError(error: unknown): Text {
  const told = toldText(error);
  if (told) return told;
  const reason = systemText(error);
  const message = error instanceof Error ? error.message : String(error);
  if (!reason) return { en: message, zh: isChinese(message) ? message : `“${message}”` };
  return text(`${capitalized(reason.en)} (${message})`, `${reason.zh}（“${message}”）`);
}

const isChinese = (words: string): boolean => /\p{Script=Han}/u.test(words);

const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The text of an error that was made for people; undefined for others. */
export function toldText(error: unknown): Text | undefined {
  if (!(error instanceof Error) || !('text' in error)) return undefined;
  return isText(error.text) ? error.text : undefined;
}

function isText(value: unknown): value is Text {
  if (typeof value !== 'object' || value === null || !('en' in value) || !('zh' in value)) return false;
  return typeof value.en === 'string' && typeof value.zh === 'string';
}

/** Node's `code` of a failed system call, or an empty string. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const systemTexts: Readonly<Record<string, Text>> = {
  ENOENT: text('there is no such file', '文件不存在'),
  ENOTDIR: text('a part of the path is not a folder', '路径中有一部分不是文件夹'),
  EISDIR: text('it is a folder', '这是文件夹'),
  EACCES: text('this user has no permission', '当前用户没有权限'),
  EPERM: text('this user has no permission', '当前用户没有权限'),
  EROFS: text('the file system is read-only', '文件系统为只读'),
  ELOOP: text('its symbolic links run in a circle', '符号链接形成循环'),
  ENAMETOOLONG: text('the name is too long', '名称过长'),
  ENOSPC: text('the disk is full', '磁盘已满'),
  EDQUOT: text("the user's share of the disk is used up", '磁盘配额已用完'),
  EMFILE: text('this process has too many open files', '本进程打开的文件过多'),
  ENFILE: text('the system has too many open files', '系统打开的文件过多'),
  EBUSY: text('another program uses it', '正被其他程序使用'),
  EIO: text('the device failed to read or write', '设备读写失败'),
};

/** Why a system call failed, as a clause; undefined for a code that is not known. */
export function systemText(error: unknown): Text | undefined {
  const code = systemCode(error);
  return Object.hasOwn(systemTexts, code) ? systemTexts[code] : undefined;
}
