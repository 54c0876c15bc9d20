import * as path from 'node:path';
import * as vscode from 'vscode';
import { applyEdits, editWeights } from '../../spec/index.ts';
import { isSpec, specFor } from '../window/arguments.ts';
import { languageArguments, runCli } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import { plainLabel } from './lens-text.ts';
import { workspaceEdit } from '../window/ranges.ts';
import { rootOf } from '../runs/run-folders.ts';
import type { RunStore } from '../runs/run-store.ts';
import { showInformation } from '../window/say.ts';
import { isRefusal, readSuggestions, weightsText, type Refusal, type Suggestion } from './suggestions.ts';
import { trusted } from '../window/trust.ts';

/**
 * `mtl.suggestWeights(uri, method?)`: what the methods of `mtl suggest` propose, each with its numbers; the chosen one is
 * shown as a difference, and written as one undo step when the person agrees, comments kept.
 */
export async function suggestWeights(
  extension: vscode.Uri,
  store: RunStore,
  argument: unknown,
  method: unknown,
): Promise<void> {
  const uri = await specFor(argument);
  if (!uri || !isSpec(uri) || !(await trusted())) return;
  const document = await vscode.workspace.openTextDocument(uri);
  // The command reads the file: what it weighs is what stands on disk.
  if (document.isDirty && !(await document.save())) return;
  const { stdout } = await runCli(
    extension,
    vscode.l10n.t('Suggesting weights for {0}', path.basename(uri.fsPath)),
    commandLine(document.uri, store),
    path.dirname(uri.fsPath),
  );
  const { found, note } = readSuggestions(stdout);
  const chosen = typeof method === 'string' ? found.find(({ by }) => by === method) : await choose(found, note);
  if (!chosen) return;
  if (isRefusal(chosen)) throw new Error(chosen.refused);
  await preview(document, chosen);
}

function commandLine(uri: vscode.Uri, store: RunStore): readonly string[] {
  const file = uri.fsPath;
  const lifted = setting('mtl.paths.allowOutsideWorkspace', uri);
  const run = store.newestEntry(file);
  return [
    ...['suggest', file, '--json', '--root', rootOf(file), ...languageArguments()],
    ...(lifted ? ['--allow-outside'] : []),
    ...(run ? ['--run', run.directory] : []),
  ];
}

interface Item extends vscode.QuickPickItem {
  readonly one: Suggestion | Refusal;
}

async function choose(
  found: readonly (Suggestion | Refusal)[],
  note: string,
): Promise<Suggestion | Refusal | undefined> {
  const items = found.map((one): Item => {
    if (isRefusal(one)) return { label: `$(circle-slash) ${methodName(one.by)}`, detail: plainLabel(one.refused), one };
    return {
      label: `$(law) ${methodName(one.by)}`,
      description: plainLabel(weightsText(one.weights)),
      detail: plainLabel([one.formula, ...one.details, ...one.warnings].filter((line) => line !== '').join(' · ')),
      one,
    };
  });
  const options = { title: note, placeHolder: vscode.l10n.t('Which weights to start from?'), matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.one;
}

function methodName(by: string): string {
  switch (by) {
    case 'initial-loss':
      return vscode.l10n.t('by initial loss');
    case 'complexity':
      return vscode.l10n.t('by complexity (harder tasks weigh more)');
    case 'data':
      return vscode.l10n.t('by amount of data (more labels weigh more)');
    case 'performance':
      return vscode.l10n.t('by performance (worse tasks weigh more)');
    default:
      return by;
  }
}

/** The text as it would be beside the text as it is, and a question. What is applied is one undo step. */
async function preview(document: vscode.TextDocument, suggestion: Suggestion): Promise<void> {
  const { by, formula, weights, details, warnings } = suggestion;
  const proposed = applyEdits(document.getText(), editWeights(document.getText(), weights));
  if (proposed === document.getText()) {
    void showInformation(vscode.l10n.t('These weights stand there already.'));
    return;
  }
  const file = path.basename(document.uri.fsPath);
  const title = vscode.l10n.t('{0}: weights {1}', file, methodName(by));
  const shown = await showDiff(document, proposed, title);
  try {
    // Above the difference, until it is answered: a notification would hide itself.
    const numbers = [formula, ...details, ...warnings].filter((line) => line !== '').map(plainLabel);
    const apply = { label: `$(check) ${vscode.l10n.t('Apply')}`, detail: numbers.join(' · ') };
    const discard = { label: `$(close) ${vscode.l10n.t('Discard')}` };
    const options = { title: vscode.l10n.t('Take these weights?'), ignoreFocusOut: true };
    if ((await vscode.window.showQuickPick([apply, discard], options)) !== apply) return;
    // Of the text as it is now: somebody may have typed in the meantime.
    await vscode.workspace.applyEdit(workspaceEdit(document, editWeights(document.getText(), weights)));
  } finally {
    await shown.close();
  }
  await vscode.window.showTextDocument(document);
}

const previewScheme = 'mtl-preview';

async function showDiff(
  document: vscode.TextDocument,
  proposed: string,
  title: string,
): Promise<{ readonly close: () => Promise<void> }> {
  const uri = document.uri.with({ scheme: previewScheme, query: '' });
  const provider = vscode.workspace.registerTextDocumentContentProvider(previewScheme, {
    provideTextDocumentContent: () => proposed,
  });
  await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title, { preview: true });
  const close = async (): Promise<void> => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const isOurs = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString();
    await vscode.window.tabGroups.close(tabs.filter(isOurs));
    provider.dispose();
  };
  return { close };
}
