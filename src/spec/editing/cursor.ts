/**
 * Where one is writing, told from what stands before: in a key or in a value, and of what. Unlike the tree it needs no text
 * that parses, since what is being written seldom does.
 */
import { createScanner } from 'jsonc-parser';
import { token } from '../reading/jsonc-numbers.ts';
import type { Range } from '../problem.ts';
import type { Token } from './pointer.ts';

export interface Cursor {
  /** Of a key: of the object that it stands in. Of a value: of the value itself. */
  readonly path: readonly Token[];
  readonly within: 'key' | 'value';
  /** What is replaced: the text in quotes, the word or number under the cursor, or nothing. */
  readonly range: Range;
  /** What has been typed of it. */
  readonly typed: string | undefined;
  /** Where the comma was forgotten before this: the end of what it should follow. */
  readonly commaAt?: number;
}

type Waiting = 'key' | 'colon' | 'value' | 'comma';

interface Frame {
  readonly list: boolean;
  key: string;
  /** Members or items that are complete. */
  count: number;
  waiting: Waiting;
}

interface Piece extends Range {
  readonly kind: number;
  readonly text: string;
}

/** The cursor at an offset; nothing in a comment, right behind a finished value, and after the end. Never throws. */
export function cursorAt(source: string, offset: number): Cursor | undefined {
  const scanner = createScanner(source, false);
  const frames: Frame[] = [];
  let end = 0;
  let finished = false;
  for (let kind: number = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    const start = scanner.getTokenOffset();
    if (start >= offset) break;
    const piece = { kind, start, end: start + scanner.getTokenLength(), text: scanner.getTokenValue() };
    if (isComment(kind)) {
      if (offset < piece.end || (offset === piece.end && !closes(source, piece))) return undefined;
      continue;
    }
    if (isBlank(kind)) continue;
    const under = pieceUnder(source, piece, offset);
    if (under !== undefined) return place(frames, under, under.typed, end, finished);
    finished = take(frames, piece) || finished;
    end = piece.end;
  }
  if (end === offset && !mayFollowAtOnce(frames)) return undefined;
  return place(frames, { start: offset, end: offset }, undefined, end, finished);
}

const isBlank = (kind: number): boolean => kind === token.trivia || kind === token.lineBreak;
const isComment = (kind: number): boolean => kind === token.lineComment || kind === token.blockComment;
const isText = (kind: number): boolean => kind === token.text;
/** `true`, `false`, `null`, a number, or a word that JSON does not know. */
const isWord = (kind: number): boolean =>
  (kind >= token.null && kind < token.text) || kind === token.number || kind === token.unknown;

const closes = (source: string, { kind, end }: Piece): boolean =>
  kind === token.blockComment && source.slice(end - 2, end) === '*/';

/** The part of a text or word that is being written, where the cursor is in it. */
function pieceUnder(source: string, piece: Piece, offset: number): (Range & { readonly typed: string }) | undefined {
  const { start, kind } = piece;
  if (isWord(kind)) return offset <= piece.end ? { start, end: piece.end, typed: piece.text } : undefined;
  if (!isText(kind)) return undefined;
  const end = endOfText(source, piece, offset);
  const open = end < piece.end || source[piece.end - 1] !== '"' || piece.end === start + 1;
  if (offset > end || (offset === end && !open)) return undefined;
  return { start, end, typed: source.slice(start + 1, open ? end : end - 1) };
}

/**
 * Where a text ends that may lack its closing quote: then the scanner reads on to the next quote or the end of the line, and
 * only what looks like the word itself is meant.
 */
function endOfText(source: string, { start, end }: Piece, offset: number): number {
  const closed = end > start + 1 && source[end - 1] === '"';
  if (closed && /^\s*(?:[,:}\]]|$|\/[/*])|^\s*\n\s*"/.test(source.slice(end, end + 200))) return end;
  if (offset > end) return end;
  const rest = /^[^\s,:}\]"]*/.exec(source.slice(offset, end))?.[0].length ?? 0;
  return offset + rest;
}

/** Follows one piece of the text. @returns whether the whole text's value is complete */
function take(frames: Frame[], { kind, text }: Piece): boolean {
  const top = frames.at(-1);
  if (kind === token.openBrace || kind === token.openBracket) {
    if (top?.waiting === 'comma') top.waiting = 'value';
    const list = kind === token.openBracket;
    frames.push({ list, key: '', count: 0, waiting: list ? 'value' : 'key' });
    return false;
  }
  if (kind === token.closeBrace || kind === token.closeBracket) {
    const list = kind === token.closeBracket;
    const opened = frames.findLastIndex((frame) => frame.list === list);
    if (opened < 0) return false;
    frames.length = opened;
    return complete(frames.at(-1));
  }
  if (top === undefined) return isText(kind) || isWord(kind);
  if (kind === token.colon) {
    if (!top.list) top.waiting = 'value';
  } else if (kind === token.comma) {
    top.waiting = top.list ? 'value' : 'key';
  } else if (!top.list && (top.waiting === 'key' || top.waiting === 'comma')) {
    top.key = text;
    top.waiting = 'colon';
  } else {
    complete(top);
  }
  return false;
}

function complete(top: Frame | undefined): boolean {
  if (top === undefined) return true;
  top.count += 1;
  top.waiting = 'comma';
  return false;
}

/** Behind a bracket, a colon or a comma one may go on without a space. */
const mayFollowAtOnce = (frames: readonly Frame[]): boolean => {
  const waiting = frames.at(-1)?.waiting;
  return waiting === undefined || waiting === 'key' || waiting === 'value';
};

function place(
  frames: readonly Frame[],
  { start, end }: Range,
  typed: string | undefined,
  before: number,
  finished: boolean,
): Cursor | undefined {
  const top = frames.at(-1);
  const found = { range: { start, end }, typed };
  if (top === undefined) return finished ? undefined : { ...found, path: [], within: 'value' };
  const path = frames.slice(0, -1).map(stepOf);
  const forgotten = top.waiting === 'comma' ? { commaAt: before } : {};
  if (top.list) return { ...found, ...forgotten, path: [...path, top.count], within: 'value' };
  if (top.waiting === 'value') return { ...found, path: [...path, top.key], within: 'value' };
  // A key that waits for its colon is read on as one.
  if (top.waiting === 'colon') return undefined;
  return { ...found, ...forgotten, path, within: 'key' };
}

const stepOf = ({ list, key, count }: Frame): Token => (list ? count : key);
