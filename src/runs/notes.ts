/**
 * `notes.json`: what a person says of a run – a name, a note, whether it is the reference. It is written by the editor and
 * `mtl runs` only, whole and renamed into place; nothing that is trained depends on it, and a stranger's is believed within
 * its limits.
 */
import { isFields } from '../common/checks.ts';
import { readJson, replaceFile } from '../files/plain.ts';
import { RunError } from './error.ts';
import { orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';
import { refuseLink, refuseLinkedRun } from './links.ts';
import { readRunRecord } from './frozen.ts';

export interface RunNotes {
  /** Shown instead of the name that the run was made with. */
  readonly name: string | null;
  readonly note: string | null;
  /** The run that others are compared with. */
  readonly pinned: boolean;
}

export const noNotes: RunNotes = { name: null, note: null, pinned: false };

/** In characters. */
export const longestName = 200;
export const longestNote = 4000;

/** What is said of a run; what is no note of ours counts as nothing said. Never throws. */
export function readNotes(directory: string): RunNotes {
  const value = readJson(runPaths(directory).notes);
  if (!isFields(value) || value['v'] !== 1) return noNotes;
  const { name, note, pinned } = value;
  return {
    name: within(name, longestName) ? name : null,
    note: within(note, longestNote) ? note : null,
    pinned: pinned === true,
  };
}

const within = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest;

/**
 * Changes what is said of a run; an empty text takes it away.
 *
 * @throws RunError `not-a-run`, `name` where a text is too long, `link`, `unwritable`
 */
export function writeNotes(directory: string, change: Partial<RunNotes>): RunNotes {
  readRunRecord(directory);
  refuseLinkedRun(directory);
  const { notes } = runPaths(directory);
  refuseLink(notes);
  const next = { ...readNotes(directory), ...change };
  const [name, note] = [next.name?.trim() ?? '', next.note?.trim() ?? ''];
  refuseLong(name, longestName);
  refuseLong(note, longestNote);
  const whole: RunNotes = { name: name === '' ? null : name, note: note === '' ? null : note, pinned: next.pinned };
  try {
    replaceFile(notes, `${orderedText({ v: 1, ...whole })}\n`);
  } catch (error) {
    throw unwritable(directory, error);
  }
  return whole;
}

/** One reference a spec: a run that is pinned takes the pin from the others. */
export function pinRun(directory: string, others: readonly string[]): RunNotes {
  for (const other of others) if (readNotes(other).pinned) writeNotes(other, { pinned: false });
  return writeNotes(directory, { pinned: true });
}

function refuseLong(text: string, longest: number): void {
  if (text.length <= longest) return;
  throw new RunError(
    'name',
    `This text is too long: at most ${longest} characters are kept with a run.`,
    `文本过长：随运行保存的文本最多 ${longest} 个字符。`,
  );
}
