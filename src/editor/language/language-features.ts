import * as vscode from 'vscode';
import { completionTriggers, Completions } from './completion.ts';
import type { ConflictHints } from './conflict-hints.ts';
import { EmptyFile } from './empty-file.ts';
import { Fixes } from './diagnostics.ts';
import { Hovers } from './hover.ts';
import { specPattern } from '../window/ids.ts';
import type { Lenses } from '../weights/lenses.ts';
import { Names } from './names.ts';
import type { ExperimentFindings } from '../experiments/experiment-findings.ts';
import type { RunStore } from '../runs/run-store.ts';
import { DataColumns } from '../documents/data-columns.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** By pattern, not by language: people remap languages. */
const selector: vscode.DocumentSelector = { pattern: specPattern };

export function registerLanguageFeatures(
  documents: SpecDocuments,
  lenses: Lenses,
  conflicts: ConflictHints,
  store: RunStore,
  experiments: ExperimentFindings,
): vscode.Disposable {
  const names = new Names(documents);
  const empty = new EmptyFile();
  const data = new DataColumns(documents);
  const { languages } = vscode;
  return vscode.Disposable.from(
    data,
    languages.registerCodeLensProvider(selector, lenses),
    languages.registerCodeActionsProvider(selector, new Fixes(documents, experiments), {
      providedCodeActionKinds: Fixes.kinds,
    }),
    languages.registerCodeActionsProvider(selector, conflicts, { providedCodeActionKinds: Fixes.kinds }),
    languages.registerCodeLensProvider(selector, empty),
    languages.registerCodeActionsProvider(selector, empty, { providedCodeActionKinds: EmptyFile.kinds }),
    languages.registerCompletionItemProvider(selector, new Completions(documents, data), ...completionTriggers),
    languages.registerHoverProvider(selector, new Hovers(documents, store)),
    languages.registerRenameProvider(selector, names),
    languages.registerDefinitionProvider(selector, names),
    languages.registerReferenceProvider(selector, names),
    languages.registerDocumentHighlightProvider(selector, names),
    languages.registerDocumentSymbolProvider(selector, names, { label: 'MTL' }),
  );
}
