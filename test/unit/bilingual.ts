/** A text for people is English in one language and Chinese in the other; names of the user's stand in quotes. */
import assert from 'node:assert/strict';
import type { Text } from '../../src/common/text.ts';

const chinese = /[\u3400-\u9fff]/;
const quoted = /“[^”]*”|"(?:[^"\\]|\\.)*"|`[^`]*`|‘[^’]*’/g;

export function assertBilingual({ en, zh }: Text): void {
  assert.doesNotMatch(en.replace(quoted, ''), chinese, `not English: ${en}`);
  assert.match(zh.replace(quoted, ''), chinese, `not Chinese: ${zh}`);
  // A word that was left out of a sentence.
  assert.doesNotMatch(zh.replace(quoted, ''), /\bundefined\b/, `a word is missing: ${zh}`);
}
