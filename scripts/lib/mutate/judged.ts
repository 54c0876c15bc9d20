// Faults that a person judged to change nothing that anybody could meet. They are known by their file, the text of their line
// and the change, so that they stay known when lines move.
import type { Fault } from './faults.ts';

export interface Judged {
  readonly file: string;
  /** The line, without the spaces around it. */
  readonly line: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Spaces and line breaks aside: a formatter may move them. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

export const entryOf = ({ file, lineText, kind, from, text }: Fault): Omit<Judged, 'reason'> => ({
  file,
  line: plain(lineText),
  kind,
  from: plain(from),
  to: plain(text),
});

/** @returns the reason */
export function judgedEquivalent(fault: Fault, list: readonly Judged[]): string | undefined {
  const entry = entryOf(fault);
  return list.find(
    (each) =>
      each.file === entry.file &&
      each.line === entry.line &&
      each.kind === entry.kind &&
      each.from === entry.from &&
      each.to === entry.to,
  )?.reason;
}
