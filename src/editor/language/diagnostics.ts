import * as vscode from 'vscode';
import type { Problem, Severity } from '../../spec/index.ts';
import { Disposables } from '../window/disposables.ts';
import { diagnosticSource } from '../window/ids.ts';
import { pick } from '../window/language.ts';
import { toRange, workspaceEdit } from '../window/ranges.ts';
import type { RowFindings } from './row-findings.ts';
import type { ExperimentFindings } from '../experiments/experiment-findings.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Squiggles: the problems of `mtl check`, in the person's language. */
export class Diagnostics extends Disposables {
  readonly #collection = this.register(vscode.languages.createDiagnosticCollection(diagnosticSource));

  constructor(documents: SpecDocuments, findings: RowFindings, experiments: ExperimentFindings) {
    super();
    const tell = (document: vscode.TextDocument): void => {
      const problems = [
        ...documents.get(document).problems,
        ...findings.of(document),
        ...experiments.of(document).problems,
      ];
      this.#collection.set(
        document.uri,
        problems
          .filter((problem) => !saidByEditor(document, problem))
          .map((problem) => diagnosticOf(document, problem)),
      );
    };
    this.register(documents.onDidType(tell));
    this.register(documents.onDidAnalyze(tell));
    this.register(findings.onDidChange(tell));
    this.register(experiments.onDidChange(tell));
    this.register(documents.onDidClose((document) => this.#collection.delete(document.uri)));
  }
}

/**
 * Where somebody has given specs back to VS Code's JSON, it marks syntax mistakes itself and cannot be told not to, unless
 * its JSON validation is switched off: one mistake, one squiggle.
 */
function saidByEditor({ languageId, uri }: vscode.TextDocument, { code }: Problem): boolean {
  if (code !== 'syntax' || (languageId !== 'json' && languageId !== 'jsonc')) return false;
  return vscode.workspace.getConfiguration('json', uri).get<boolean>('validate.enable', true);
}

export function diagnosticOf(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const range = toRange(document, problem.range);
  const diagnostic = new vscode.Diagnostic(range, pick(problem.message), severities[problem.severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = problem.code;
  return diagnostic;
}

/** Quick fixes: what the problems themselves propose. */
export class Fixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #documents: SpecDocuments;
  readonly #experiments: ExperimentFindings;

  constructor(documents: SpecDocuments, experiments: ExperimentFindings) {
    this.#documents = documents;
    this.#experiments = experiments;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const problems = [...this.#documents.get(document).problems, ...this.#experiments.current(document).problems];
    const touched = problems.filter((problem) => toRange(document, problem.range).intersection(range) !== undefined);
    return touched.flatMap((problem) => actionsOf(document, problem, context.diagnostics));
  }
}

export function actionsOf(
  document: vscode.TextDocument,
  problem: Problem,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const range = toRange(document, problem.range);
  const own = diagnostics.filter(
    ({ source, code, range: place }) => source === diagnosticSource && code === problem.code && place.isEqual(range),
  );
  return problem.fixes.map((fix, index) => {
    const action = new vscode.CodeAction(pick(fix.title), vscode.CodeActionKind.QuickFix);
    action.edit = workspaceEdit(document, fix.edits);
    action.diagnostics = own;
    // A place to type a name in shows at once which there are.
    if (fix.edits.some(({ snippet }) => snippet?.includes('"$1"') === true)) {
      action.command = { command: 'editor.action.triggerSuggest', title: action.title };
    }
    // The nearest name comes first: it is the one that a single keystroke takes.
    action.isPreferred = index === 0;
    return action;
  });
}
