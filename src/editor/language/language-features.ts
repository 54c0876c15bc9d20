import * as vscode from 'vscode';
import { completionTriggers, Completions } from './completion.ts';
import type { ConflictHints } from './conflict-hints.ts';
import { EmptyFile } from './empty-file.ts';
import { Fixes } from './diagnostics.ts';
import { Hovers } from './hover.ts';
import { LayoutOfSpec } from './layout.ts';
import { Links } from './links.ts';
import { NameColors } from './name-colors.ts';
import { ShapeHints } from './shape-hints.ts';
import { languageId, specPattern } from '../window/ids.ts';
import type { Lenses } from '../weights/lenses.ts';
import { Names } from './names.ts';
import type { ExperimentFindings } from '../experiments/experiment-findings.ts';
import type { RunStore } from '../runs/run-store.ts';
import { DataColumns } from '../documents/data-columns.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';

/** By pattern, not by language: people remap languages. */
const selector: vscode.DocumentSelector = { pattern: specPattern };
/** Who has given specs to another language has its formatter, too. */
const ownLanguage: vscode.DocumentSelector = { pattern: specPattern, language: languageId };

export function registerLanguageFeatures(
  documents: SpecDocuments,
  lenses: Lenses,
  conflicts: ConflictHints,
  store: RunStore,
  experiments: ExperimentFindings,
): vscode.Disposable {
  const names = new Names(documents);
  const hints = new ShapeHints(documents);
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
    languages.registerHoverProvider(selector, new Hovers(documents, store, data)),
    hints,
    languages.registerDocumentLinkProvider(selector, new Links(documents)),
    languages.registerInlayHintsProvider(selector, hints),
    languages.registerDocumentSemanticTokensProvider(selector, new NameColors(documents), NameColors.legend),
    languages.registerDocumentFormattingEditProvider(ownLanguage, new LayoutOfSpec()),
    languages.registerRenameProvider(selector, names),
    languages.registerDefinitionProvider(selector, names),
    languages.registerReferenceProvider(selector, names),
    languages.registerDocumentHighlightProvider(selector, names),
    languages.registerDocumentSymbolProvider(selector, names, { label: 'MTL' }),
  );
}
