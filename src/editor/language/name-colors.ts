import * as vscode from 'vscode';
import { referencesOf, type Named } from '../../spec/index.ts';
import { toRange } from '../window/ranges.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** Standard types, which every theme has colors for. */
const types: Readonly<Record<Named['kind'], string>> = {
  input: 'parameter',
  block: 'class',
  task: 'function',
  source: 'namespace',
  column: 'property',
};
const legend = new vscode.SemanticTokensLegend([...new Set(Object.values(types))], ['declaration']);

/** Colors of names: the same where one is given and wherever it is used. */
export class NameColors implements vscode.DocumentSemanticTokensProvider {
  static readonly legend = legend;
  readonly #documents: SpecDocuments;

  constructor(documents: SpecDocuments) {
    this.#documents = documents;
  }

  provideDocumentSemanticTokens(document: vscode.TextDocument): vscode.SemanticTokens {
    const tokens = new vscode.SemanticTokensBuilder(legend);
    for (const { kind, range, definition } of referencesOf(this.#documents.get(document).reading.tree)) {
      const place = toRange(document, { start: range.start + 1, end: Math.max(range.start + 1, range.end - 1) });
      if (place.isSingleLine && !place.isEmpty) tokens.push(place, types[kind], definition ? ['declaration'] : []);
    }
    return tokens.build();
  }
}
