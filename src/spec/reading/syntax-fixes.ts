/** What mends a mistake of the grammar: the comma, the quotes, the bracket that is missing. */
import { createScanner } from 'jsonc-parser';
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';
import type { Fix, Range, TextEdit } from '../problem.ts';
import { mistake, token } from './jsonc-numbers.ts';

type Mend = (source: string, range: Range) => readonly Fix[];

const insert = (at: number, written: string): TextEdit => ({ start: at, end: at, text: written });
const inserting = (title: Text, at: number, written: string): readonly Fix[] => [
  { title, edits: [insert(at, written)] },
];

/** The end of what stands before a position, comments left out of sight. */
function endBefore(source: string, position: number): number {
  const scanner = createScanner(source, true);
  let end = 0;
  for (let kind: number = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    if (scanner.getTokenOffset() >= position) break;
    end = scanner.getTokenOffset() + scanner.getTokenLength();
  }
  return end;
}

/** Before a value alone: without one a colon would only be the next mistake. */
const colon: Mend = (source, { start }) =>
  /^\s*(?:["[{\d-]|true|false|null)/.test(source.slice(start, start + 60))
    ? inserting(text('Insert the colon', '插入冒号'), endBefore(source, start), ':')
    : [];

/** Brackets that are open at a position, the innermost last. */
function openBrackets(source: string, position: number): readonly string[] {
  const scanner = createScanner(source, true);
  const open: string[] = [];
  for (let kind: number = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    if (scanner.getTokenOffset() >= position) break;
    if (kind === token.openBrace) open.push('}');
    else if (kind === token.openBracket) open.push(']');
    else if (
      (kind === token.closeBrace || kind === token.closeBracket) &&
      open.at(-1) === source[scanner.getTokenOffset()]
    )
      open.pop();
  }
  return open;
}

/** At the end of the text everything that is open; elsewhere the innermost. */
const closing: Mend = (source, { start }) => {
  const open = openBrackets(source, start).toReversed();
  const atEnd = source.slice(start).trim() === '';
  const written = atEnd ? open.join('') : (open[0] ?? '');
  if (written === '') return [];
  const at = endBefore(source, start);
  return inserting(text(`Insert \`${written}\``, `插入 \`${written}\``), at, written);
};

/** Before a closing bracket of the other kind it is the right one that is missing. */
const comma: Mend = (source, range) =>
  /[}\]]/.test(source[range.start] ?? '')
    ? closing(source, range)
    : inserting(text('Insert the comma', '插入逗号'), endBefore(source, range.start), ',');

const ours: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['undefined', 'null'],
]);

const replacing = ({ start, end }: Range, written: string): readonly Fix[] => [
  { title: text(`Change to ${written}`, `改为 ${written}`), edits: [{ start, end, text: written }] },
];

/** A word without quotes, or in quotes of another kind. */
const word: Mend = (source, { start }) => {
  const quoted = /^(['‘’“”`])([^'‘’“”`"\n]*)['‘’“”`]/.exec(source.slice(start, start + 300));
  if (quoted !== null) {
    return replacing({ start, end: start + quoted[0].length }, JSON.stringify(quoted[2] ?? ''));
  }
  const [bare = ''] = /^[\p{L}_$][\p{L}\p{N}_.$-]*/u.exec(source.slice(start, start + 300)) ?? [];
  const number = /^[+]?(?=[.\d])(\d*)(\.\d*)?/.exec(source.slice(start, start + 60));
  if (bare === '' && number !== null && number[0] !== '' && Number.isFinite(Number(number[0]))) {
    return replacing({ start, end: start + number[0].length }, String(Number(number[0])));
  }
  return bare === '' ? [] : replacing({ start, end: start + bare.length }, ours.get(bare) ?? JSON.stringify(bare));
};

/** Before the comma or bracket that the open text has swallowed. */
const endOfText: Mend = (source, { start, end }) => {
  const line = source.slice(start, end);
  const at = start + line.replace(/\s*[,}\]\s]*$/, '').length;
  return at <= start ? [] : inserting(text('Insert the closing quote', '插入结束引号'), at, '"');
};

/** Backslashes of a path, each of which stands for itself. */
const escape: Mend = (source, { start, end }) => {
  const written = source.slice(start, end);
  const edits = [...written.matchAll(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g)]
    .filter(({ 0: found }) => found === '\\')
    .map(({ index }) => insert(start + index, '\\'));
  return edits.length === 0 ? [] : [{ title: text('Write `\\\\` for each backslash', '每个反斜杠写作 `\\\\`'), edits }];
};

const character: Mend = (source, { start, end }) => {
  const edits = [...source.slice(start, end).matchAll(/[\u0000-\u001f]/g)].map(({ index, 0: found }) => ({
    start: start + index,
    end: start + index + 1,
    text: JSON.stringify(found).slice(1, -1),
  }));
  return edits.length === 0 ? [] : [{ title: text('Write it as an escape', '写作转义字符'), edits }];
};

const endOfComment: Mend = (source, { end }) =>
  inserting(text('Close the comment with `*/`', '用 `*/` 结束注释'), Math.min(end, source.length), ' */');

const mends: Readonly<Record<number, Mend>> = {
  [mistake.symbol]: word,
  [mistake.number]: word,
  [mistake.key]: word,
  [mistake.value]: word,
  [mistake.colon]: colon,
  [mistake.comma]: comma,
  [mistake.closeBrace]: closing,
  [mistake.closeBracket]: closing,
  [mistake.endOfText]: endOfText,
  [mistake.endOfComment]: endOfComment,
  [mistake.escape]: escape,
  [mistake.character]: character,
};

/** Fixes of one mistake that the parser has found; none where more than one thing may be meant. */
export const syntaxFixes = (code: number, source: string, range: Range): readonly Fix[] =>
  mends[code]?.(source, range) ?? [];
