/** What the ways of sharing are called. */
import type { Text } from '../common/text.ts';
import type { SharingSpec } from './resolved.ts';
import { extraOf } from './schema/build.ts';
import { sharings } from './schema/network.ts';

/** `Multi-gate mixture of experts`; the word of the spec where it has no title. */
export function sharingTitle(type: SharingSpec['type']): Text {
  return extraOf(sharings[type]).title ?? { en: type, zh: type };
}
