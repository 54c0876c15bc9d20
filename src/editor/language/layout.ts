import type * as vscode from 'vscode';
import { layoutEdits, parseTree } from '../../spec/index.ts';
import { toTextEdit } from '../window/ranges.ts';

/** *Format Document*: indents and spaces; lines stay, so that a layer on one line stays on one line. */
export class LayoutOfSpec implements vscode.DocumentFormattingEditProvider {
  provideDocumentFormattingEdits(
    document: vscode.TextDocument,
    { tabSize, insertSpaces }: vscode.FormattingOptions,
  ): vscode.TextEdit[] {
    const text = document.getText();
    // In a broken text depth is a guess.
    if (parseTree(text).problems.length > 0) return [];
    return layoutEdits(text, { tabSize, insertSpaces }).map((edit) => toTextEdit(document, edit));
  }
}
