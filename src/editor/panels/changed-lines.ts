/** One edit that makes a text another one. Pure. */
import type { TextEdit } from '../../spec/index.ts';

/** What stands between the lines that both begin with and those that both end with. */
export function changedLines(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  // Back to the start of a line: an edit must not begin within a character of two units, or within \r\n.
  start = before.slice(0, start).lastIndexOf('\n') + 1;
  let end = 0;
  // One character more than is left: that a line ends there, in both, says that the common end is whole lines.
  while (end <= most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const line = before.indexOf('\n', before.length - end);
  end = line < 0 ? 0 : before.length - line - 1;
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}
