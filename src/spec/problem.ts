/** What is wrong with a spec, where, and how it can be mended. */
import type { Text } from '../common/text.ts';

/** Offsets into the text of a spec: `start` is the first character, `end` the one after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Replace the characters from `start` to `end` by `text`; the edits of one fix do not overlap. */
export interface TextEdit extends Range {
  readonly text: string;
  /** The same with places to type at, in VS Code's snippet syntax, where something is left to choose. */
  readonly snippet?: string;
}

export interface Fix {
  readonly title: Text;
  readonly edits: readonly TextEdit[];
}

export type Severity = 'error' | 'warning' | 'information';

/** One thing that is wrong with a spec, or worth knowing: what (`code`, `message`), where (`range`, `pointer`), what next (`fixes`). */
export interface Problem {
  readonly code: string;
  readonly message: Text;
  readonly severity: Severity;
  readonly range: Range;
  /** JSON Pointer of the value in the text that was read. */
  readonly pointer: string;
  readonly fixes: readonly Fix[];
  /** Set where only the rows of the data could tell. */
  readonly origin?: 'rows';
}

/** By where they begin in the text; of two that begin at the same place the shorter one first. */
export function inTextOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
