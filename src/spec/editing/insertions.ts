/** What is added to an object or taken out of a list, laid out as what stands there already. */
import { createScanner } from 'jsonc-parser';
import { token } from '../reading/jsonc-numbers.ts';
import { text } from '../../common/text.ts';
import type { Fix, TextEdit } from '../problem.ts';
import type { ArrayNode, ObjectNode } from '../reading/tree.ts';

/** A value, and the same with places to type at. */
export interface Written {
  readonly json: string;
  /** In VS Code's snippet syntax. */
  readonly snippet: string;
}

/** Adds a member at the end of an object that the text writes as one: on a line of its own where the last one has one. */
export function addMember(source: string, node: ObjectNode, key: string, { json, snippet }: Written): TextEdit {
  const members = [...node.members.values(), ...node.duplicates];
  const last = members.reduce<(typeof members)[number] | undefined>(
    (found, one) => (found === undefined || one.value.end > found.value.end ? one : found),
    undefined,
  );
  const name = JSON.stringify(key);
  const edit = (at: number, before: string, after: string): TextEdit => ({
    ...{ start: at, end: at, text: `${before}${name}: ${json}${after}` },
    snippet: `${escape(before)}${escape(name)}: ${snippet}${escape(after)}`,
  });
  if (last === undefined) return edit(node.start + 1, ' ', /^\s*\}/.test(source.slice(node.start + 1)) ? ' ' : '');
  const indent = /(?:^|\n)([ \t]*)$/.exec(source.slice(0, last.keyRange.start))?.[1];
  const gap = indent === undefined ? ' ' : `${lineEnd(source)}${indent}`;
  return last.comma === undefined ? edit(last.value.end, `,${gap}`, '') : edit(last.comma + 1, gap, ',');
}

const escape = (written: string): string => written.replace(/[\\$}]/g, '\\$&');
const lineEnd = (source: string): string => (source.includes('\r\n') ? '\r\n' : '\n');

/** Takes an item out of a list, with the comma that belongs to it; comments stay. */
function removeItem(source: string, list: ArrayNode, index: number): readonly TextEdit[] {
  const item = list.items[index];
  if (item === undefined) return [];
  const own = { start: item.start, end: item.end, text: '' };
  const scanner = createScanner(source, true);
  const commaFrom = (position: number): TextEdit | undefined => {
    scanner.setPosition(position);
    const found = (scanner.scan() as number) === token.comma;
    const at = scanner.getTokenOffset();
    return found ? { start: at, end: at + 1, text: '' } : undefined;
  };
  const behind = commaFrom(item.end);
  if (behind !== undefined) {
    const blank = /^[ \t]*/.exec(source.slice(behind.end))?.[0].length ?? 0;
    return behind.start === item.end ? [{ ...own, end: behind.end + blank }] : [own, behind];
  }
  const before = list.items[index - 1];
  const comma = before === undefined ? undefined : commaFrom(before.end);
  return comma === undefined ? [own] : [comma, own];
}

export const removeItemFix = (source: string, list: ArrayNode, index: number): Fix => {
  const item = list.items[index];
  const shown = item === undefined ? '' : source.slice(item.start, item.end);
  return { title: text(`Remove ${shown}`, `删除 ${shown}`), edits: removeItem(source, list, index) };
};
