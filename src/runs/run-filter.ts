/** Which runs a person looks for, in the editor and on the command line. Pure. */
import { runStateTexts, type RunState } from '../common/run-state.ts';
import type { RunNotes } from './notes.ts';

interface Searched {
  /** Directory name. */
  readonly id: string;
  readonly name: string;
  readonly notes: RunNotes;
  /** File of the spec. */
  readonly spec: string;
  readonly strategy: string;
  readonly state: RunState;
}

/** Whether a run fits every word of a filter, in either language; capital letters do not matter. */
export function fitsFilter({ id, name, notes, spec, strategy, state }: Searched, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  const { en, zh } = runStateTexts[state];
  const pinned = notes.pinned ? ['pinned', '已固定'] : [];
  const searched = [name, id, notes.note ?? '', spec, strategy, state, en, zh, ...pinned].join('\n').toLowerCase();
  return words.every((word) => searched.includes(word));
}
