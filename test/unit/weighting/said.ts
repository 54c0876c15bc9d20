/** What a strategy has to say of a step, in English; the Chinese sentence must be one, and of the same strategy. */
import assert from 'node:assert/strict';
import type { Text } from '../../../src/common/text.ts';

export function said({ problems = [] }: { readonly problems?: readonly Text[] }): string[] {
  return problems.map(({ en, zh }) => {
    const [name = ''] = /^(?:observed: )?[\w-]+(?=:)/u.exec(en) ?? [];
    assert.doesNotMatch(zh, /undefined/);
    assert.match(zh, new RegExp(`^${name.replace('observed: ', '观察：')}：.*\\p{Script=Han}.*。$`, 'u'));
    return en;
  });
}
