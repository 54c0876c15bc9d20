/** What an examination finds. */

import type { Text } from '../../common/text.ts';

export interface Finding {
  readonly name: Text;
  /** Null: information, neither passed nor failed. */
  readonly passed: boolean | null;
  /** Why it failed, or what was found. */
  readonly detail: Text;
}
