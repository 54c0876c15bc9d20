/** Offsets, lines and paths. */
import type { Token } from './pointer.ts';
import { parsePointer } from './pointer.ts';
import type { Range } from '../problem.ts';
import type { Member, SpecNode } from '../reading/tree.ts';

/** Where an offset stands in a tree. */
export interface Place {
  /** From the root to the innermost value, or to the member whose key it is. */
  readonly path: readonly Token[];
  /** In the key of a member, in or at a value, or between the members of an object or the items of a list. */
  readonly within: 'key' | 'value' | 'gap';
  readonly node: SpecNode;
  readonly member?: Member;
}

const holds = (range: Range, offset: number): boolean => range.start <= offset && offset <= range.end;

/** The innermost place of an offset; nothing outside of the tree. */
export function pathAt(tree: SpecNode | undefined, offset: number): Place | undefined {
  if (tree === undefined || !holds(tree, offset)) return undefined;
  return inner(tree, offset, [], undefined);
}

function inner(node: SpecNode, offset: number, path: readonly Token[], member: Member | undefined): Place {
  const own = member === undefined ? {} : { member };
  if (node.kind === 'object') {
    for (const one of [...node.members.values(), ...node.duplicates]) {
      const to = [...path, one.key];
      if (holds(one.keyRange, offset)) return { path: to, within: 'key', node: one.value, member: one };
      if (holds(one.value, offset) && one.value.kind !== 'nothing') return inner(one.value, offset, to, one);
    }
    return { path, within: strictly(node, offset) ? 'gap' : 'value', node, ...own };
  }
  if (node.kind === 'array') {
    const index = node.items.findIndex((item) => holds(item, offset));
    const item = node.items[index];
    if (item !== undefined) return inner(item, offset, [...path, index], undefined);
    return { path, within: strictly(node, offset) ? 'gap' : 'value', node, ...own };
  }
  return { path, within: 'value', node, ...own };
}

const strictly = (range: Range, offset: number): boolean => range.start < offset && offset < range.end;

/** The value at a pointer or path as the text has it (short forms as they are written). */
export function nodeAt(
  tree: SpecNode | undefined,
  at: string | readonly Token[],
): { readonly node: SpecNode; readonly member?: Member } | undefined {
  const tokens = typeof at === 'string' ? parsePointer(at) : at;
  if (tree === undefined || tokens === undefined) return undefined;
  let found: { node: SpecNode; member?: Member } = { node: tree };
  for (const token of tokens) {
    const { node } = found;
    if (node.kind === 'object') {
      const member = node.members.get(String(token));
      if (member === undefined) return undefined;
      found = { node: member.value, member };
    } else if (node.kind === 'array') {
      const item = /^(0|[1-9]\d*)$/.test(String(token)) ? node.items[Number(token)] : undefined;
      if (item === undefined) return undefined;
      found = { node: item };
    } else {
      return undefined;
    }
  }
  return found;
}

/** The nearest place of the text for a pointer into the long form: the value itself, or what stands for it. */
export function nearestAt(
  tree: SpecNode | undefined,
  at: string | readonly Token[],
): { readonly node: SpecNode; readonly member?: Member } | undefined {
  const tokens = typeof at === 'string' ? (parsePointer(at) ?? []) : at;
  for (let length = tokens.length; length >= 0; length -= 1) {
    const found = nodeAt(tree, tokens.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface LineColumn {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface Lines {
  positionOf(offset: number): LineColumn;
  offsetOf(position: LineColumn): number;
  readonly count: number;
}

/** Converts offsets to lines and columns; a line ends with \n, \r\n or \r. */
export function lineColumn(source: string): Lines {
  const starts = [0];
  for (const { index, 0: end } of source.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    count: starts.length,
    positionOf: (offset) => {
      const inside = Math.max(0, Math.min(offset, source.length));
      const line = lineOf(inside);
      return { line: line + 1, column: inside - (starts[line] ?? 0) + 1 };
    },
    offsetOf: ({ line, column }) => {
      const index = Math.max(0, Math.min(line - 1, starts.length - 1));
      const start = starts[index] ?? 0;
      const next = starts[index + 1] ?? source.length + 1;
      return Math.min(start + Math.max(0, column - 1), next - 1);
    },
  };
}
