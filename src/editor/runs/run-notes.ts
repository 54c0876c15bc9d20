import * as vscode from 'vscode';
import { longestName, longestNote, pinRun as pin, writeNotes } from '../../runs/notes.ts';
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

/** Pins a run, or takes its pin away. */
export async function pinRun(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (!run) return;
  const others = store.entries.filter(
    ({ specFile, directory }) => specFile === run.specFile && directory !== run.directory,
  );
  if (run.notes.pinned) writeNotes(run.directory, { pinned: false });
  else
    pin(
      run.directory,
      others.map(({ directory }) => directory),
    );
  store.scan();
}

/** An empty text takes what was said away. */
function ask(title: string, value: string, longest: number): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    ...{ title, value },
    validateInput: (text) => (text.length <= longest ? undefined : vscode.l10n.t('At most {0} characters.', longest)),
  });
}
