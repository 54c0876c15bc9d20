import * as vscode from 'vscode';
import { wholeLines, type Range, type TextEdit } from '../../spec/index.ts';

/** The editor's range of two offsets; an empty one is widened to be seen. */
export function toRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function toTextEdit(document: vscode.TextDocument, edit: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(toRange(document, edit), edit.text);
}

/** All edits of one fix as one undo step. */
export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const replacements = wholeLines(document.getText(), edits).map((one) =>
    one.snippet === undefined
      ? toTextEdit(document, one)
      : new vscode.SnippetTextEdit(toRange(document, one), new vscode.SnippetString(one.snippet)),
  );
  edit.set(document.uri, replacements);
  return edit;
}
