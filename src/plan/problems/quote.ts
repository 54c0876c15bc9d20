/** Names in running text, in both languages. */
import { text, type Text } from '../../spec/index.ts';

/** `"a", "b"` and `“a”、“b”`. */
export function listOf(names: readonly string[]): Text {
  return text(names.map((name) => `"${name}"`).join(', '), names.map((name) => `“${name}”`).join('、'));
}
