import * as vscode from 'vscode';
import { longestName, longestNote, writeNotes } from '../../runs/notes.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { runFor } from './run-commands.ts';
import type { RunStore } from './run-store.ts';

/** What a person says of a run: a name, a note, that it is the reference. Kept beside its records (`notes.json`). */

export async function renameRun(store: RunStore, argument: unknown, given?: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (!run) return;
  const name =
    typeof given === 'string' ? given : await ask(vscode.l10n.t('Name of {0}', run.id), run.name, longestName);
  if (name === undefined) return;
  writeNotes(run.directory, { name });
  store.scan();
}

export async function noteRun(store: RunStore, argument: unknown, given?: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (!run) return;
  const title = vscode.l10n.t('Note on {0}', plainLabel(run.name));
  const note = typeof given === 'string' ? given : await ask(title, run.notes.note ?? '', longestNote);
  if (note === undefined) return;
  writeNotes(run.directory, { note });
  store.scan();
}

/** One reference a spec: a run that is pinned takes the pin from the others. */
export async function pinRun(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (!run) return;
  const pinned = !run.notes.pinned;
  for (const other of store.entries) {
    const same = other.specFile === run.specFile && other.directory !== run.directory;
    if (pinned && same && other.notes.pinned) writeNotes(other.directory, { pinned: false });
  }
  writeNotes(run.directory, { pinned });
  store.scan();
}

/** An empty text takes what was said away. */
function ask(title: string, value: string, longest: number): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ...{ title, value },
    validateInput: (text) => (text.length <= longest ? undefined : vscode.l10n.t('At most {0} characters.', longest)),
  });
}
