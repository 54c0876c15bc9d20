import * as vscode from 'vscode';
import type { Problem } from '../../spec/index.ts';
import { isSpec } from '../window/arguments.ts';
import { readRowProblems } from './check-answer.ts';
import { setting } from '../window/config.ts';
import { Debounced, Disposables } from '../window/disposables.ts';
import { log, messageOf } from '../window/log.ts';
import { valueRangeOf } from '../window/pointers.ts';
import type { RowCheck } from '../documents/row-check.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** Automatic saving comes as often as once a second. */
const savingPause = 1000;

interface Known {
  problems: readonly Problem[];
  running: vscode.CancellationTokenSource | undefined;
  readonly soon: Debounced;
}

/**
 * What only the rows of the data can tell – unknown labels, empty splits, constant targets – as `mtl check` tells it: the
 * command reads the saved file in a process of its own when a spec is opened or saved. Never in Restricted Mode, where no
 * data are opened (conventions 13.2).
 */
export class RowFindings extends Disposables {
  readonly #rowCheck: RowCheck;
  readonly #documents: SpecDocuments;
  readonly #known = new Map<string, Known>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly onDidChange = this.#changed.event;

  constructor(rowCheck: RowCheck, documents: SpecDocuments) {
    super();
    this.#rowCheck = rowCheck;
    this.#documents = documents;
    this.register(documents.onDidOpen((document) => this.#check(document)));
    this.register(documents.onDidClose((document) => this.#forget(document)));
    this.register(
      vscode.workspace.onDidSaveTextDocument((document) => isSpec(document.uri) && this.#of(document).soon.soon()),
    );
    this.register(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const document of documents.open) this.#check(document);
      }),
    );
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('mtl.check.readData')) return;
        for (const document of documents.open) this.#check(document);
      }),
    );
  }

  /** Where the text has them now, whatever was typed since. */
  of(document: vscode.TextDocument): readonly Problem[] {
    const text = document.getText();
    const problems = this.#known.get(document.uri.toString())?.problems ?? [];
    return problems.map((problem) => ({ ...problem, range: valueRangeOf(text, problem.pointer) ?? problem.range }));
  }

  #of(document: vscode.TextDocument): Known {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known) return known;
    const soon = new Debounced(savingPause, () => this.#check(document));
    const fresh: Known = { problems: [], running: undefined, soon };
    this.#known.set(key, fresh);
    return fresh;
  }

  #check(document: vscode.TextDocument): void {
    const known = this.#of(document);
    known.running?.cancel();
    if (!vscode.workspace.isTrusted || document.uri.scheme !== 'file' || document.isClosed) return;
    if (!setting('mtl.check.readData', document.uri) || !this.#documents.get(document).reading.spec) {
      this.#take(document, known, []);
      return;
    }
    const running = new vscode.CancellationTokenSource();
    known.running = running;
    void this.#rowCheck
      .ask(document, running.token)
      .then((answer) => {
        if (!running.token.isCancellationRequested && !this.disposed) {
          this.#take(document, known, readRowProblems(answer));
        }
      })
      .catch((error: unknown) => {
        if (!(error instanceof vscode.CancellationError)) log().warn(messageOf(error));
      })
      .finally(() => running.dispose());
  }

  #take(document: vscode.TextDocument, known: Known, problems: readonly Problem[]): void {
    if (known.problems.length === 0 && problems.length === 0) return;
    known.problems = problems;
    this.#changed.fire(document);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#known.get(key)?.soon.dispose();
    this.#known.get(key)?.running?.cancel();
    this.#known.delete(key);
  }

  override dispose(): void {
    for (const { soon, running } of this.#known.values()) {
      soon.dispose();
      running?.cancel();
    }
    super.dispose();
  }
}
