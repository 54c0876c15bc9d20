/** Text → values with the ranges where they stand. Objects are Maps in source order; nothing here throws. */
import { createScanner, visit } from 'jsonc-parser';
import { mistake, token } from './jsonc-numbers.ts';
import { syntaxFixes } from './syntax-fixes.ts';
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';
import type { Fix, Problem, Range } from '../problem.ts';

export type Scalar = string | number | boolean | null;

export interface Member {
  readonly key: string;
  /** The key with its quotes. */
  readonly keyRange: Range;
  readonly value: SpecNode;
  /** Where the comma after it stands, if there is one. */
  readonly comma?: number;
  /** Not in the text: the short form stands for it. */
  readonly implied?: boolean;
}

export interface ObjectNode extends Range {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Member>;
  /** Members whose key was there before; the first one counts. */
  readonly duplicates: readonly Member[];
}

export interface ArrayNode extends Range {
  readonly kind: 'array';
  readonly items: readonly SpecNode[];
}

export interface ScalarNode extends Range {
  readonly kind: 'scalar';
  readonly value: Scalar;
}

/** A key without a value, while it is being typed. */
export interface NothingNode extends Range {
  readonly kind: 'nothing';
}

export type SpecNode = ObjectNode | ArrayNode | ScalarNode | NothingNode;

export const limits = { characters: 5 * 1024 * 1024, depth: 64 } as const;

export interface Parsed {
  readonly tree?: SpecNode;
  readonly problems: readonly Problem[];
}

const messages: Readonly<Record<number, Text>> = {
  [mistake.symbol]: text(
    'This word means nothing in JSON; texts stand in double quotes.',
    '此处的词在 JSON 中没有意义；文本须用双引号括起。',
  ),
  [mistake.number]: text('This is not a number as JSON writes it.', '这不是 JSON 格式的数。'),
  [mistake.key]: text('A key in double quotes is expected here.', '此处应为双引号括起的键。'),
  [mistake.value]: text('A value is expected here.', '此处应有一个值。'),
  [mistake.colon]: text('A colon is expected after the key.', '键之后应有冒号。'),
  [mistake.comma]: text('A comma is missing before this.', '此处之前缺少逗号。'),
  [mistake.closeBrace]: text('A closing `}` is missing.', '缺少右花括号 `}`。'),
  [mistake.closeBracket]: text('A closing `]` is missing.', '缺少右方括号 `]`。'),
  [mistake.end]: text('The spec has ended before this.', '描述文件在此之前已结束。'),
  [mistake.endOfComment]: text('This comment is not closed by `*/`.', '此注释没有用 `*/` 结束。'),
  [mistake.endOfText]: text('This text is not closed by a quotation mark.', '此文本缺少结束的引号。'),
  [mistake.endOfNumber]: text('This number is not finished.', '此数没有写完。'),
  [mistake.unicode]: text('`\\u` needs four hexadecimal digits.', '`\\u` 之后须有四位十六进制数字。'),
  [mistake.escape]: text(
    'There is no such escape; a backslash is written `\\\\`.',
    '没有这样的转义；反斜杠写作 `\\\\`。',
  ),
  [mistake.character]: text(
    'This character may not stand in a text; write it as `\\u` and four hexadecimal digits.',
    '此字符不能直接写在文本中；请写作 `\\u` 加四位十六进制数字。',
  ),
};

const syntaxProblem = (message: Text, range: Range, fixes: readonly Fix[] = [], code = 'syntax'): Problem => ({
  code,
  message,
  severity: 'error',
  range,
  pointer: '',
  fixes,
});

/** Offset of the first bracket that is deeper than the limit, or −1. The parser recurses, so this comes first. */
function tooDeepAt(source: string): number {
  const scanner = createScanner(source, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== token.end; kind = scanner.scan()) {
    if (kind === token.openBrace || kind === token.openBracket) {
      depth += 1;
      if (depth > limits.depth) return scanner.getTokenOffset();
    } else if (kind === token.closeBrace || kind === token.closeBracket) {
      depth -= 1;
    }
  }
  return -1;
}

interface Open {
  readonly start: number;
  readonly members?: Map<string, Member>;
  readonly duplicates: Member[];
  readonly items?: SpecNode[];
  key?: { readonly name: string; readonly range: Range } | undefined;
  /** The member that was added last, until a comma closes it. */
  last?: { -readonly [Key in keyof Member]: Member[Key] } | undefined;
}

/** Builds the tree from the visitor's calls. */
class Builder {
  readonly open: Open[] = [];
  root: SpecNode | undefined;

  begin(start: number, members: boolean): void {
    this.open.push({ start, duplicates: [], ...(members ? { members: new Map<string, Member>() } : { items: [] }) });
  }

  property(name: string, range: Range): void {
    const top = this.open.at(-1);
    if (top?.members === undefined) return;
    this.settle(top);
    top.key = { name, range };
  }

  /** A key whose value never came. */
  settle(top: Open): void {
    const { key } = top;
    if (key !== undefined) this.add({ kind: 'nothing', start: key.range.end, end: key.range.end });
  }

  add(node: SpecNode): void {
    const top = this.open.at(-1);
    if (top === undefined) {
      this.root ??= node;
    } else if (top.items !== undefined) {
      top.items.push(node);
    } else if (top.members !== undefined && top.key !== undefined) {
      const member: Member = { key: top.key.name, keyRange: top.key.range, value: node };
      if (top.members.has(member.key)) top.duplicates.push(member);
      else top.members.set(member.key, member);
      top.key = undefined;
      top.last = member;
    }
  }

  comma(offset: number): void {
    const last = this.open.at(-1)?.last;
    if (last !== undefined) last.comma ??= offset;
  }

  end(end: number): void {
    const top = this.open.at(-1);
    if (top === undefined) return;
    if (top.members !== undefined) this.settle(top);
    this.open.pop();
    const { start, members, items, duplicates } = top;
    if (members !== undefined) this.add({ kind: 'object', start, end, members, duplicates });
    else this.add({ kind: 'array', start, end, items: items ?? [] });
  }
}

function build(source: string, onError: (code: number, range: Range) => void): SpecNode | undefined {
  const builder = new Builder();
  visit(
    source,
    {
      onObjectBegin: (offset) => {
        builder.begin(offset, true);
      },
      onObjectProperty: (name, offset, length) => builder.property(name, { start: offset, end: offset + length }),
      onObjectEnd: (offset, length) => builder.end(offset + length),
      onArrayBegin: (offset) => {
        builder.begin(offset, false);
      },
      onArrayEnd: (offset, length) => builder.end(offset + length),
      onLiteralValue: (value: Scalar, offset, length) =>
        builder.add({ kind: 'scalar', start: offset, end: offset + length, value }),
      onSeparator: (character, offset) => {
        if (character === ',') builder.comma(offset);
      },
      onError: (code, offset, length) => onError(code, { start: offset, end: offset + Math.max(length, 1) }),
    },
    { allowTrailingComma: true },
  );
  while (builder.open.length > 0) builder.end(source.length);
  return builder.root;
}

/** The texts that were read last, each with what came of it; and how long one may be to be kept. */
const lately: { readonly source: string; readonly parsed: Parsed }[] = [];
const keptTexts = 3;
const keptCharacters = 1e6;

/**
 * Reads JSON with comments and trailing commas. After a syntax error the rest is a guess, so only the first is told;
 * the tree is built as far as it goes. At every key several features ask for the same text: it is read once.
 */
export function parseTree(source: string): Parsed {
  const known = lately.find((one) => one.source === source);
  if (known !== undefined) return known.parsed;
  const parsed = parse(source);
  if (source.length > keptCharacters) return parsed;
  lately.unshift({ source, parsed });
  lately.splice(keptTexts);
  return parsed;
}

function parse(source: string): Parsed {
  if (source.length > limits.characters) {
    const message = text('A spec has at most 5 MB.', '描述文件最大 5 MB。');
    return { problems: [syntaxProblem(message, { start: 0, end: 1 }, [], 'too-large')] };
  }
  const deep = tooDeepAt(source);
  if (deep >= 0) {
    const message = text('Nested more than 64 deep.', '嵌套超过 64 层。');
    return { problems: [syntaxProblem(message, { start: deep, end: deep + 1 }, [], 'too-deep')] };
  }
  let first: Problem | undefined;
  const tree = build(source.replace(/^\uFEFF/, ' '), (code, range) => {
    const empty = source.trim() === '';
    const message = empty
      ? text(
          'The file is empty; a spec is an object: `{ "data": …, "network": …, "tasks": … }`.',
          '文件为空；描述文件是一个对象：`{ "data": …, "network": …, "tasks": … }`。',
        )
      : (messages[code] ?? text('This is not JSON.', '这不是 JSON。'));
    const end = Math.min(range.end, Math.max(source.length, range.start));
    const place = { start: Math.min(range.start, source.length), end };
    first ??= syntaxProblem(message, place, empty ? [] : syntaxFixes(code, source, place));
  });
  return { ...(tree === undefined ? {} : { tree }), problems: first === undefined ? [] : [first] };
}
