/** What an examination finds. */

/** A text for people in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export interface Finding {
  readonly name: Words;
  /** Null: information, neither passed nor failed. */
  readonly passed: boolean | null;
  /** Why it failed, or what was found. */
  readonly detail: Words;
}
