import * as vscode from 'vscode';
import { nodeAt } from '../../spec/index.ts';
import { setting } from '../window/config.ts';
import { Disposables } from '../window/disposables.ts';
import type { Shaped, ShapedLine } from './shape-lines.ts';
import { shapeLines } from './shape-lines.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** `→ [32] · 2,080` behind each layer, block and task: what comes out of it, and how many parameters it has. */
export class ShapeHints extends Disposables implements vscode.InlayHintsProvider {
  readonly #documents: SpecDocuments;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(documents: SpecDocuments) {
    super();
    this.#documents = documents;
    this.register(documents.onDidAnalyze(() => this.#changed.fire()));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('mtl.inlayHints.enabled')) this.#changed.fire();
      }),
    );
  }

  provideInlayHints(document: vscode.TextDocument, within: vscode.Range): vscode.InlayHint[] {
    if (!setting('mtl.inlayHints.enabled', document.uri)) return [];
    const { plan, reading } = this.#documents.get(document);
    if (plan === undefined) return [];
    const lines = shapeLines(plan satisfies Shaped, vscode.env.language);
    return lines.flatMap((line) => hintOf(document, reading.tree, line, within) ?? []);
  }
}

function hintOf(
  document: vscode.TextDocument,
  tree: Parameters<typeof nodeAt>[0],
  { pointer, text, whole }: ShapedLine,
  within: vscode.Range,
): vscode.InlayHint | undefined {
  const found = nodeAt(tree, pointer);
  if (found === undefined) return undefined;
  const end = document.positionAt(found.node.end);
  // Of a block or a task over several lines at the end of its first one, where it is seen though the layers fill a screen.
  const first = document.lineAt(document.positionAt(found.member?.keyRange.start ?? found.node.start).line);
  const at = whole && end.line > first.lineNumber ? first.range.end : end;
  if (!within.contains(at)) return undefined;
  const hint = new vscode.InlayHint(at, text);
  hint.paddingLeft = true;
  hint.tooltip = vscode.l10n.t('Shape of one sample · parameters');
  return hint;
}
