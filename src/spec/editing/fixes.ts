/** Quick fixes as edits on exact ranges: comments and formatting around them stay. */
import { createScanner } from 'jsonc-parser';
import { token } from '../reading/jsonc-numbers.ts';
import { text } from '../../common/text.ts';
import type { Fix, Range, TextEdit } from '../problem.ts';
import type { Member } from '../reading/tree.ts';

export const replaceFix = (range: Range, written: string): Fix => ({
  title: text(`Change to ${written}`, `改为 ${written}`),
  edits: [{ start: range.start, end: range.end, text: written }],
});

/** Replaces a key or a text by another, quoted. */
export const renameFix = (range: Range, name: string): Fix => replaceFix(range, JSON.stringify(name));

/** Edits that take a member out of its object, with the one comma that belongs to it. */
export function removalOf(source: string, member: Member): readonly TextEdit[] {
  const { keyRange, value } = member;
  const scanner = createScanner(source, true);
  scanner.setPosition(value.end);
  if ((scanner.scan() as number) === token.comma) {
    const end = scanner.getTokenOffset() + 1;
    const rest = /^[ \t]*/.exec(source.slice(end))?.[0].length ?? 0;
    return [{ start: keyRange.start, end: end + rest, text: '' }];
  }
  const before = commaBefore(source, keyRange.start);
  const own = { start: keyRange.start, end: value.end, text: '' };
  return before < 0 ? [own] : [{ start: before, end: before + 1, text: '' }, own];
}

/** Offset of the comma before a position, comments left out of sight; −1 where there is none. */
function commaBefore(source: string, position: number): number {
  const scanner = createScanner(source, false);
  let comma = -1;
  for (
    let kind: number = scanner.scan();
    kind !== token.end && scanner.getTokenOffset() < position;
    kind = scanner.scan()
  ) {
    if (kind === token.comma) comma = scanner.getTokenOffset();
    else if (!isTrivia(kind)) comma = -1;
  }
  return comma;
}

const isTrivia = (kind: number): boolean =>
  kind === token.trivia || kind === token.lineBreak || kind === token.lineComment || kind === token.blockComment;

export const removeFix = (source: string, member: Member): Fix => ({
  title: text(`Remove ${JSON.stringify(member.key)}`, `删除 ${JSON.stringify(member.key)}`),
  edits: removalOf(source, member),
});

/** Applies edits that do not overlap. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  return ordered.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), source);
}

/** The same edits; a line of which nothing but blanks is left goes as a whole. */
export function wholeLines(source: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const removals = edits.filter(({ text: written, start, end }) => written === '' && end > start);
  const wide = removals.flatMap((edit): readonly TextEdit[] => {
    const from = source.lastIndexOf('\n', edit.start - 1) + 1;
    const next = source.indexOf('\n', edit.end);
    const to = next < 0 ? source.length : next + 1;
    const others = edits.filter((one) => one !== edit && one.start < to && one.end >= from);
    // What is written there stays, and so does the line.
    if (from === 0 || others.some((one) => one.text !== '' || one.start < from || one.end > to)) return [];
    const left = applyEdits(
      source.slice(from, to),
      [edit, ...others].map((one) => moved(one, -from)),
    );
    return left.trim() === '' ? [{ start: from, end: to, text: '' }] : [];
  });
  const inside = (edit: TextEdit): boolean => wide.some(({ start, end }) => start <= edit.start && edit.end <= end);
  const distinct = wide.filter((one, index) => wide.findIndex(({ start }) => start === one.start) === index);
  return [...edits.filter((edit) => !inside(edit)), ...distinct];
}

const moved = (edit: TextEdit, by: number): TextEdit => ({ ...edit, start: edit.start + by, end: edit.end + by });
