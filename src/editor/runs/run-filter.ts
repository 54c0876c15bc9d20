/** Which runs the tree shows. Pure. */
import type { RunEntry } from './run-store.ts';
import type { Translate } from '../weights/lens-text.ts';
import { stateText } from './run-text.ts';

/**
 * Whether a run fits every word of a filter: in its name, note, directory, spec, strategy or state (in the window's language or
 * in English). Capital letters do not matter.
 */
export function fitsFilter(entry: RunEntry, filter: string, t: Translate): boolean {
  const { name, id, notes, specFile = '', strategy, state } = entry;
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  const places = [
    name,
    id,
    notes.note ?? '',
    specFile,
    strategy,
    state,
    stateText(t, state),
    ...(notes.pinned ? ['pinned'] : []),
  ];
  const searched = places.join('\n').toLowerCase();
  return words.every((word) => searched.includes(word));
}
