import * as vscode from 'vscode';
import { request } from '../../runs/control.ts';
import { runPaths } from '../../runs/layout.ts';
import { stopRun } from '../../runs/launch.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { report } from '../window/log.ts';
import { isLive } from '../../common/run-state.ts';
import { isResumable, stateText } from './run-text.ts';
import type { RunEntry, RunStore } from './run-store.ts';
import { directoryOf } from './runs-tree.ts';
import { confirms, showInformation, showWarning } from '../window/say.ts';

/** What may be done with a run from the tree, the loss panel, the status bar and the palette. */

const by = 'editor';
const stopGrace = 30_000;

/**
 * The run that a command means: its argument (a tree node, a directory), the run on show, or one that is picked.
 *
 * @param fits runs that the command makes sense for
 */
export async function runFor(
  store: RunStore,
  argument: unknown,
  fits: (entry: RunEntry) => boolean,
): Promise<RunEntry | undefined> {
  const directory = directoryOf(argument);
  if (directory !== undefined) {
    // Somebody may know of a run sooner than the next look at the folders.
    if (!store.entry(directory)) store.scan();
    const entry = store.entry(directory);
    if (!entry) throw new Error(vscode.l10n.t('This run is not there any more.'));
    return entry;
  }
  const shown = store.shown && store.entry(store.shown.directory);
  if (shown && fits(shown)) return shown;
  return pickRun(store.entries.filter(fits));
}

async function pickRun(entries: readonly RunEntry[]): Promise<RunEntry | undefined> {
  if (entries.length === 0) {
    void showInformation(vscode.l10n.t('There is no run for which this makes sense.'));
    return undefined;
  }
  const items = entries
    .toSorted((a, b) => b.created - a.created)
    .map((entry) => ({
      label: plainLabel(entry.name),
      description: `${stateText(vscode.l10n.t, entry.state)} · ${new Date(entry.created).toLocaleString(vscode.env.language)}`,
      entry,
    }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.entry;
}

const live = (entry: RunEntry): boolean => isLive(entry.state);
const ended = (entry: RunEntry): boolean => !isLive(entry.state) && entry.state !== 'idle';

/** Asks the trainer to write a checkpoint and stop; kills it when it does not within half a minute. */
export async function stop(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, live);
  if (!run) return;
  // Not awaited: stopping shows in the panel, and the person goes on working.
  stopRun(run.directory, { by, grace: stopGrace }).then((outcome) => {
    if (outcome === 'killed') {
      void showWarning(
        vscode.l10n.t(
          '"{0}" did not stop by itself and was ended. It can be resumed from its last checkpoint.',
          run.name,
        ),
      );
    }
  }, report);
}

export async function pause(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, (entry) => entry.state === 'running');
  if (run) request(run.directory, 'pause', { by });
}

export async function resume(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, (entry) => entry.state === 'paused');
  if (run) request(run.directory, 'resume', { by });
}

export async function openLog(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (run) await vscode.window.showTextDocument(vscode.Uri.file(runPaths(run.directory).log), { preview: true });
}

export async function reveal(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, () => true);
  if (!run) return;
  const uri = vscode.Uri.file(run.directory);
  const inBrowser = vscode.env.uiKind === vscode.UIKind.Web || vscode.env.remoteName !== undefined;
  await vscode.commands.executeCommand(inBrowser ? 'revealInExplorer' : 'revealFileInOS', uri);
}

/** Moves a run to the trash, or deletes it where there is none and the person agrees. */
export async function remove(store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, ended);
  if (!run) return;
  if (isLive(run.state)) throw new Error(vscode.l10n.t('"{0}" is live. Stop it first.', run.name));
  const yes = vscode.l10n.t('Move to Trash');
  const question = vscode.l10n.t('Delete the run "{0}" with its model and checkpoints?', run.name);
  if (!(await confirms(question, yes))) return;
  // What stands there now, not what did when the list was drawn: a link put in its place is no run.
  store.scan();
  if (!store.entry(run.directory)) throw new Error(vscode.l10n.t('This run is not there any more.'));
  const uri = vscode.Uri.file(run.directory);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    const forGood = vscode.l10n.t('Delete Permanently');
    const noTrash = vscode.l10n.t('There is no trash here. Delete "{0}" for good?', run.name);
    if (!(await confirms(noTrash, forGood))) return;
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
  }
  store.forget(run.directory);
}

/** A run whose model can be used: it has ended, or has at least been interrupted. */
export async function usableRun(store: RunStore, argument: unknown): Promise<RunEntry | undefined> {
  return runFor(store, argument, ended);
}

export async function resumableRun(store: RunStore, argument: unknown): Promise<RunEntry | undefined> {
  return runFor(store, argument, ({ state }) => isResumable(state));
}
