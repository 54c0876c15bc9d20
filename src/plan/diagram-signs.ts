/** The signs that tell in a picture of two specs what only one of them has: read where color and dashes are not. */
import { nameLine } from './diagram-sketch.ts';
import type { Line } from './mermaid.ts';
import type { Change } from './plan.ts';

export const signs: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '≠' };

/** As entities: Mermaid's markdown would take a plus at the beginning of a line for a list. */
const encodedSigns: Readonly<Record<Change, string>> = { added: '#43;', removed: '#8722;', changed: '#8800;' };

/** A line with the sign before it; the sign alone where the line is empty. */
export function signed(change: Change, { text, encoded }: Line): Line {
  if (text === '') return { text: signs[change], encoded: encodedSigns[change] };
  return { text: `${signs[change]} ${text}`, encoded: `${encodedSigns[change]} ${encoded}` };
}

/** The same for names of a spec. */
export const signedName = (change: Change, name: string): Line => signed(change, nameLine(name));
