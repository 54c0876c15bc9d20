/** Tidies the layout of a spec without changing its lines: a layer on one line stays on one line. */
import { format } from 'jsonc-parser';
import type { TextEdit } from '../problem.ts';

export interface Layout {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/**
 * Edits that indent every line by its depth and put one space where people write one. Line breaks, comments and brackets of
 * lists on one line (`["a", "b"]`) stay as they are. Text that does not parse is left alone.
 */
export function layoutEdits(source: string, { tabSize, insertSpaces }: Layout): readonly TextEdit[] {
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  const edits = format(source, undefined, { tabSize, insertSpaces, eol, keepLines: true, insertFinalNewline: true });
  return edits
    .map(({ offset, length, content }) => ({ start: offset, end: offset + length, text: content }))
    .filter((edit) => !besideBracket(source, edit) && source.slice(edit.start, edit.end) !== edit.text);
}

/** The inner side of a list's bracket, on its line. */
function besideBracket(source: string, { start, end, text }: TextEdit): boolean {
  if (/\n/.test(text) || /\n/.test(source.slice(start, end))) return false;
  return source[start - 1] === '[' || source[end] === ']';
}
