import * as vscode from 'vscode';
import { completionsAt, hoverText, type Completion } from '../../spec/index.ts';
import { locale } from '../window/language.ts';
import { toRange } from '../window/ranges.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  name: vscode.CompletionItemKind.Reference,
  column: vscode.CompletionItemKind.Field,
};

/** Characters after which something may follow. */
export const completionTriggers = ['"', ':', ' ', ',', '[', '{'] as const;

/** Keys, words, names and the columns of the actual data file. */
export class Completions implements vscode.CompletionItemProvider {
  readonly #documents: SpecDocuments;

  constructor(documents: SpecDocuments) {
    this.#documents = documents;
  }

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const { tree } = this.#documents.get(document).reading;
    const columns = this.#documents.columnsOf(document);
    const offset = document.offsetAt(position);
    const found = completionsAt(document.getText(), tree, offset, { columns });
    return found.map((one) => itemOf(document, one));
  }
}

function itemOf(document: vscode.TextDocument, one: Completion): vscode.CompletionItem {
  const item = new vscode.CompletionItem(one.label, kinds[one.kind]);
  const range = toRange(document, one.range);
  // A completion replaces within one line; a longer range is a text that was never closed.
  item.range = range.isSingleLine ? range : new vscode.Range(range.start, document.lineAt(range.start.line).range.end);
  item.insertText = new vscode.SnippetString(one.insert);
  // Typed with its quotes, so it is filtered with them, too.
  item.filterText = one.insert.startsWith('"') ? JSON.stringify(one.label) : one.label;
  item.sortText = `${one.preferred ? '0' : '1'}${one.label}`;
  if (one.preferred) item.preselect = true;
  if (one.description) {
    item.documentation = new vscode.MarkdownString(hoverText([one.description], locale() === 'zh-cn' ? 'zh' : 'en'));
  }
  return item;
}
