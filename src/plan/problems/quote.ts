/** Names in running text, in both languages. */

import { text, type Text } from '../../common/text.ts';

const mostListed = 8;
const longestName = 40;

/** `"a", "b"` and `“a”、“b”`; of a long list its beginning, and how many more there are. */
export function listOf(names: readonly string[]): Text {
  const shown = names
    .slice(0, mostListed)
    .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name));
  const more = names.length - shown.length;
  return text(
    shown.map((name) => `"${name}"`).join(', ') + (more > 0 ? ` and ${String(more)} more` : ''),
    shown.map((name) => `“${name}”`).join('、') + (more > 0 ? `等 ${String(names.length)} 个` : ''),
  );
}
