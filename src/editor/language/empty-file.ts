import * as vscode from 'vscode';
import type { CommandId } from '../window/ids.ts';

const command = 'mtl.newSpec' satisfies CommandId;

/** The wizard, for a spec in which nothing stands yet: it writes into that file. */
const newFromData = (uri: vscode.Uri): vscode.Command => ({
  command,
  title: vscode.l10n.t('New from a data file…'),
  arguments: [uri],
});

const isEmpty = (document: vscode.TextDocument): boolean => document.getText().trim() === '';

/** What an empty file offers: a lens above it and a quick fix; completion has an entry of its own. */
export class EmptyFile implements vscode.CodeLensProvider, vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isEmpty(document)) return [];
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), newFromData(document.uri))];
  }

  provideCodeActions(document: vscode.TextDocument): vscode.CodeAction[] {
    if (!isEmpty(document)) return [];
    const wizard = newFromData(document.uri);
    const action = new vscode.CodeAction(wizard.title, vscode.CodeActionKind.QuickFix);
    action.command = wizard;
    action.isPreferred = true;
    return [action];
  }
}

/** The entry of completion in an empty file. */
export function newFromDataItem(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem {
  const wizard = newFromData(document.uri);
  const item = new vscode.CompletionItem(wizard.title, vscode.CompletionItemKind.Event);
  item.insertText = '';
  item.range = new vscode.Range(position, position);
  item.filterText = ' ';
  item.sortText = ' ';
  item.preselect = true;
  item.command = wizard;
  item.documentation = vscode.l10n.t('Choose a data file, what is to be predicted, and from what.');
  return item;
}
