import * as vscode from 'vscode';
import {
  nameAt,
  references,
  renameEdits,
  symbols,
  type Definition,
  type Outline,
  type Range,
  type SpecNode,
} from '../../spec/index.ts';
import { pick } from '../window/language.ts';
import { toRange, workspaceEdit } from '../window/ranges.ts';
import { nameText } from '../window/say.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

const symbolKinds: Readonly<Record<Outline['kind'], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Namespace,
  source: vscode.SymbolKind.File,
  input: vscode.SymbolKind.Field,
  block: vscode.SymbolKind.Module,
  task: vscode.SymbolKind.Method,
  weight: vscode.SymbolKind.Number,
};

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

  #tree(document: vscode.TextDocument): SpecNode | undefined {
    return this.#documents.get(document).reading.tree;
  }

  #at(document: vscode.TextDocument, position: vscode.Position): (Definition & { readonly at: Range }) | undefined {
    return nameAt(this.#tree(document), document.offsetAt(position));
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const found = this.#at(document, position);
    if (!found) throw new Error(vscode.l10n.t('Only names of inputs, blocks and tasks can be renamed.'));
    return { range: withoutQuotes(document, found.at), placeholder: found.name };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    name: string,
  ): vscode.WorkspaceEdit | undefined {
    const found = this.#at(document, position);
    if (!found || name === found.name) return undefined;
    const answer = renameEdits(this.#tree(document), found, name);
    if ('mistake' in answer) throw new Error(pick(answer.mistake));
    return workspaceEdit(document, answer.edits);
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const found = this.#at(document, position);
    return found && new vscode.Location(document.uri, withoutQuotes(document, found.keyRange));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.ReferenceContext,
  ): vscode.Location[] {
    const found = this.#at(document, position);
    if (!found) return [];
    const places = this.#uses(document, found);
    const all = context.includeDeclaration ? [found.keyRange, ...places] : places;
    return all.map((range) => new vscode.Location(document.uri, withoutQuotes(document, range)));
  }

  provideDocumentHighlights(document: vscode.TextDocument, position: vscode.Position): vscode.DocumentHighlight[] {
    const found = this.#at(document, position);
    if (!found) return [];
    const { Read, Write } = vscode.DocumentHighlightKind;
    return [
      new vscode.DocumentHighlight(withoutQuotes(document, found.keyRange), Write),
      ...this.#uses(document, found).map((range) => new vscode.DocumentHighlight(withoutQuotes(document, range), Read)),
    ];
  }

  #uses(document: vscode.TextDocument, { name, kind }: Definition): readonly Range[] {
    return references(this.#tree(document), name, kind).map(({ range }) => range);
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return symbols(this.#tree(document)).map((one) => symbolOf(document, one));
  }
}

function withoutQuotes(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return toRange(document, { start: start + 1, end: Math.max(start + 1, end - 1) });
}

function symbolOf(document: vscode.TextDocument, one: Outline): vscode.DocumentSymbol {
  const whole = toRange(document, one.range);
  const symbol = new vscode.DocumentSymbol(
    nameText(one.name),
    nameText(one.detail),
    symbolKinds[one.kind],
    whole,
    toRange(document, one.selection),
  );
  symbol.children = one.children.map((child) => symbolOf(document, child));
  return symbol;
}
