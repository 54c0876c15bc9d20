import * as vscode from 'vscode';
import { nameMistake } from '../spec/names.ts';
import { pick } from './language.ts';
import { toRange, workspaceEdit } from './ranges.ts';
import type { SpecDocuments } from './spec-documents.ts';
import {
  isTaken,
  occurrenceAt,
  occurrencesIn,
  renameEdits,
  sameAs,
  type NameKind,
  type Occurrence,
} from './symbol-names.ts';

interface Place {
  readonly all: readonly Occurrence[];
  readonly here: Occurrence;
}

/** Rename, go to definition, find references and the outline, for inputs, blocks and tasks. */
export class Names
  implements
    vscode.RenameProvider,
    vscode.DefinitionProvider,
    vscode.ReferenceProvider,
    vscode.DocumentHighlightProvider,
    vscode.DocumentSymbolProvider
{
  readonly #documents: SpecDocuments;

  constructor(documents: SpecDocuments) {
    this.#documents = documents;
  }

  #all(document: vscode.TextDocument): readonly Occurrence[] {
    return occurrencesIn(this.#documents.get(document).reading.tree);
  }

  #at(document: vscode.TextDocument, position: vscode.Position): Place | undefined {
    const all = this.#all(document);
    const here = occurrenceAt(all, document.offsetAt(position));
    return here && { all, here };
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const place = this.#at(document, position);
    if (!place) throw new Error(vscode.l10n.t('Only names of inputs, blocks and tasks can be renamed.'));
    const { range, name } = place.here;
    // A monitor holds more than the name: the whole text is shown as the place, the name alone as the text to change.
    return { range: toRange(document, range), placeholder: name };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    name: string,
  ): vscode.WorkspaceEdit | undefined {
    const place = this.#at(document, position);
    if (!place || name === place.here.name) return undefined;
    const mistake = nameMistake(name);
    if (mistake) throw new Error(pick(mistake));
    if (isTaken(place.all, place.here, name)) throw new Error(vscode.l10n.t('"{0}" exists already.', name));
    return workspaceEdit(document, renameEdits(place.all, place.here, name));
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location[] {
    const place = this.#at(document, position);
    if (!place) return [];
    const definitions = sameAs(place.all, place.here).filter(({ definition }) => definition);
    return definitions.map(({ range }) => new vscode.Location(document.uri, toRange(document, range)));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.ReferenceContext,
  ): vscode.Location[] {
    const place = this.#at(document, position);
    if (!place) return [];
    const wanted = sameAs(place.all, place.here).filter(({ definition }) => context.includeDeclaration || !definition);
    return wanted.map(({ range }) => new vscode.Location(document.uri, toRange(document, range)));
  }

  provideDocumentHighlights(document: vscode.TextDocument, position: vscode.Position): vscode.DocumentHighlight[] {
    const place = this.#at(document, position);
    if (!place) return [];
    return sameAs(place.all, place.here).map(({ range, definition }) => {
      const kind = definition ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
      return new vscode.DocumentHighlight(toRange(document, range), kind);
    });
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return this.#all(document)
      .filter(({ definition }) => definition)
      .map(({ kind, name, whole, range }) => {
        const label = name.trim() === '' ? '?' : name;
        const all = toRange(document, whole);
        return new vscode.DocumentSymbol(label, kindName(kind), symbolKinds[kind], all, toRange(document, range));
      });
  }
}

const symbolKinds: Readonly<Record<NameKind, vscode.SymbolKind>> = {
  input: vscode.SymbolKind.Field,
  block: vscode.SymbolKind.Module,
  task: vscode.SymbolKind.Method,
};

function kindName(kind: NameKind): string {
  switch (kind) {
    case 'input':
      return vscode.l10n.t('input');
    case 'block':
      return vscode.l10n.t('block');
    case 'task':
      return vscode.l10n.t('task');
  }
}
