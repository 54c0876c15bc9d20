import * as path from 'node:path';
import * as vscode from 'vscode';
import { editWeights } from '../spec/index.ts';
import { isSpec, specFor } from './arguments.ts';
import { runCli } from './cli.ts';
import { setting } from './config.ts';
import { plainLabel } from './lens-text.ts';
import { toRange } from './ranges.ts';
import { rootOf } from './run-folders.ts';
import type { RunStore } from './run-store.ts';
import { isRefusal, readSuggestions, weightsText, type Refusal, type Suggestion } from './suggestions.ts';
import { trusted } from './trust.ts';
import { languageArguments } from './verbs.ts';

/**
 * `mtl.suggestWeights(uri, method?)`: what the methods of `mtl suggest` propose, each with its numbers; the chosen one is
 * shown as a change to be confirmed and then written as one undo step, comments kept.
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
  await preview(document, chosen, note);
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

/** The editor's refactoring preview: the change with its reasons, applied by the person. */
async function preview(
  document: vscode.TextDocument,
  { by, formula, weights, details }: Suggestion,
  note: string,
): Promise<void> {
  const edits = editWeights(document.getText(), weights);
  if (edits.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('These weights stand there already.'));
    return;
  }
  const metadata: vscode.WorkspaceEditEntryMetadata = {
    needsConfirmation: true,
    label: vscode.l10n.t('Weights {0}', methodName(by)),
    description: [formula, ...details].join(' · '),
  };
  const edit = new vscode.WorkspaceEdit();
  for (const one of edits) edit.replace(document.uri, toRange(document, one), one.text, metadata);
  if (await vscode.workspace.applyEdit(edit, { isRefactoring: true })) {
    void vscode.window.setStatusBarMessage(note, 10_000);
  }
}
