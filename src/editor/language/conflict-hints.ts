import * as vscode from 'vscode';
import type { Problem } from '../../spec/index.ts';
import { conflictRemark } from '../weights/conflicts.ts';
import { actionsOf, diagnosticOf } from './diagnostics.ts';
import { Disposables, Throttled } from '../window/disposables.ts';
import { diagnosticSource } from '../window/ids.ts';
import { toRange } from '../window/ranges.ts';
import type { RunStore, TrackedRun } from '../runs/run-store.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** Numbers in a remark move seldom: nobody reads one that changes under the eye. */
const refreshEvery = 10_000;

/**
 * Remarks on conflicting tasks of open specs, with "try …" as quick fixes. They come from the last run's measurements,
 * not from the text: so they are no problem of `mtl check`, and only information.
 */
export class ConflictHints extends Disposables implements vscode.CodeActionProvider {
  readonly #collection = this.register(vscode.languages.createDiagnosticCollection(`${diagnosticSource}-runs`));
  readonly #documents: SpecDocuments;
  readonly #store: RunStore;

  constructor(documents: SpecDocuments, store: RunStore) {
    super();
    this.#documents = documents;
    this.#store = store;
    const soon = this.register(new Throttled(refreshEvery, () => this.#showAll()));
    const ofGradients = (run: TrackedRun): void => {
      if (run.history.gradients.length > 0) soon.call();
    };
    this.register(documents.onDidAnalyze((document) => this.#show(document)));
    this.register(documents.onDidClose((document) => this.#collection.delete(document.uri)));
    this.register(store.onDidAppend(({ run }) => ofGradients(run)));
    this.register(store.onDidReset(ofGradients));
    this.register(store.onDidChangeState(() => this.#showAll()));
    this.register(store.onDidChangeRuns(() => soon.call()));
  }

  #showAll(): void {
    for (const document of this.#documents.open) this.#show(document);
  }

  #show(document: vscode.TextDocument): void {
    const remark = this.#remark(document);
    this.#collection.set(document.uri, remark ? [diagnosticOf(document, remark)] : []);
  }

  #remark(document: vscode.TextDocument): Problem | undefined {
    const { spec } = this.#documents.get(document).reading;
    const run = this.#store.latestOf(document.uri.fsPath);
    if (!spec || !run) return undefined;
    return conflictRemark(document.getText(), spec.strategy.name, run.history.gradients);
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const remark = this.#remark(document);
    if (!remark || toRange(document, remark.range).intersection(range) === undefined) return [];
    // None is preferred: which strategy helps is for a run to say.
    return actionsOf(document, remark, context.diagnostics).map((action) =>
      Object.assign(action, { isPreferred: false }),
    );
  }
}
