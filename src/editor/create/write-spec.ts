/** Where a new spec is written: as a file, or into one that is open and empty. */
import * as vscode from 'vscode';
import { isSpec } from '../window/arguments.ts';

/** The open document of a spec in which nothing is written yet. */
export function emptySpec(uri: vscode.Uri): vscode.TextDocument | undefined {
  if (!isSpec(uri)) return undefined;
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return document?.getText().trim() === '' ? document : undefined;
}

export async function write(target: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
  await vscode.window.showTextDocument(target);
}

/** As an edit that can be undone; what has been typed since stays, and is said to be in the way. */
export async function fill(document: vscode.TextDocument, text: string): Promise<void> {
  if (document.getText().trim() !== '') {
    throw new Error(vscode.l10n.t('The file is no longer empty, so nothing was written.'));
  }
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
}
