import * as vscode from 'vscode';
import { completionsAt, hoverText, type Completion } from '../../spec/index.ts';
import { locale } from '../window/language.ts';
import { toRange, toTextEdit } from '../window/ranges.ts';
import type { DataColumns, KnownColumn } from '../documents/data-columns.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { columnDetail } from './column-text.ts';
import { newFromDataItem } from './empty-file.ts';

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  name: vscode.CompletionItemKind.Reference,
  column: vscode.CompletionItemKind.Field,
  file: vscode.CompletionItemKind.File,
  snippet: vscode.CompletionItemKind.Snippet,
};

/** Characters after which something may follow. */
export const completionTriggers = ['"', ':', ' ', ',', '[', '{'] as const;

/** Keys, words, names, files, the columns of the actual data file, and whole pieces; in broken text, too. */
export class Completions implements vscode.CompletionItemProvider {
  readonly #documents: SpecDocuments;
  readonly #data: DataColumns;

  constructor(documents: SpecDocuments, data: DataColumns) {
    this.#documents = documents;
    this.#data = data;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[]> {
    const [look, files] = await Promise.all([this.#data.of(document), this.#data.filesNear(document)]);
    if (token.isCancellationRequested) return [];
    const { tree } = this.#documents.get(document).reading;
    const columns = new Map((look?.columns ?? []).map((column) => [column.name, column]));
    const known = { columns: [...columns.keys()], files };
    const text = document.getText();
    const found = completionsAt(text, tree, document.offsetAt(position), known);
    const items = found.map((one) => itemOf(document, position, one, columns));
    return text.trim() === '' ? [newFromDataItem(document, position), ...items] : items;
  }
}

function itemOf(
  document: vscode.TextDocument,
  position: vscode.Position,
  one: Completion,
  columns: ReadonlyMap<string, KnownColumn>,
): vscode.CompletionItem {
  const column = one.kind === 'column' ? columns.get(one.label) : undefined;
  const detail = column && columnDetail(vscode.l10n.t, column, vscode.env.language);
  const label = detail === undefined || detail === '' ? one.label : { label: one.label, description: detail };
  const item = new vscode.CompletionItem(label, kinds[one.kind]);
  const range = toRange(document, one.range);
  // A completion replaces within one line; a longer range is a text that was never closed.
  item.range = range.isSingleLine ? range : new vscode.Range(range.start, document.lineAt(range.start.line).range.end);
  item.insertText = new vscode.SnippetString(one.insert);
  const typed = document.getText(new vscode.Range(item.range.start, position));
  const name = one.filter ?? one.label;
  // What is typed in quotes is compared with its quotes.
  item.filterText = typed.startsWith('"') ? JSON.stringify(name) : name;
  item.sortText = `${one.preferred ? '0' : one.kind === 'snippet' ? '2' : '1'}${one.label}`;
  if (one.preferred) item.preselect = true;
  if (one.before) item.additionalTextEdits = [toTextEdit(document, one.before)];
  if (one.description) {
    item.documentation = new vscode.MarkdownString(hoverText([one.description], locale() === 'zh-cn' ? 'zh' : 'en'));
  }
  return item;
}
