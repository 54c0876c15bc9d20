import * as path from 'node:path';
import * as vscode from 'vscode';
import { refusalOf } from '../../data/paths.ts';
import { fileReferences } from '../../spec/index.ts';
import { toRange } from '../window/ranges.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** From the name of a file to the file, in the editor that VS Code has for it. */
export class Links implements vscode.DocumentLinkProvider {
  readonly #documents: SpecDocuments;

  constructor(documents: SpecDocuments) {
    this.#documents = documents;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    // A stranger's text may name anything: what would not be read is no link either (conventions 13.2).
    if (document.uri.scheme === 'untitled' || !vscode.workspace.isTrusted) return [];
    const folder = vscode.Uri.joinPath(document.uri, '..');
    return fileReferences(this.#documents.get(document).reading.tree).flatMap(({ start, end, file }) => {
      if (refusalOf(file) !== undefined) return [];
      const target = vscode.Uri.file(path.resolve(folder.fsPath, file));
      if (vscode.workspace.getWorkspaceFolder(target) === undefined) return [];
      return [new vscode.DocumentLink(toRange(document, { start: start + 1, end: end - 1 }), target)];
    });
  }
}
