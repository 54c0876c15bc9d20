import * as vscode from 'vscode';
import { ConflictHints } from '../language/conflict-hints.ts';
import { DiagramPanels } from '../panels/diagram-panel.ts';
import { Diagnostics } from '../language/diagnostics.ts';
import { registerLanguageFeatures } from '../language/language-features.ts';
import { Lenses } from '../weights/lenses.ts';
import { RowFindings } from '../language/row-findings.ts';
import { ExperimentFindings } from '../experiments/experiment-findings.ts';
import { HypothesisTests } from '../experiments/hypothesis-tests.ts';
import type { RunStore } from '../runs/run-store.ts';
import { RowCheck } from './row-check.ts';
import { RowSizes } from './row-sizes.ts';
import { SpecDocuments } from './spec-documents.ts';

/** Everything that reads specs. Loaded with the language's tables when the first spec is opened, not before. */
export interface SpecFeatures {
  readonly documents: SpecDocuments;
  readonly diagrams: DiagramPanels;
  readonly experiments: ExperimentFindings;
  /** Ends all of them. */
  readonly all: vscode.Disposable;
}

export function makeSpecFeatures(extension: vscode.Uri, store: RunStore, memory: vscode.Memento): SpecFeatures {
  const newestFirst = (specFile: string): readonly string[] =>
    store.entries
      .filter((entry) => entry.specFile === specFile)
      .toSorted((one, other) => other.created - one.created)
      .map(({ directory }) => directory);
  const rowCheck = new RowCheck(extension);
  const sizes = new RowSizes(rowCheck, newestFirst);
  const documents = new SpecDocuments(sizes);
  const diagrams = new DiagramPanels(extension, documents, store, memory);
  const experiments = new ExperimentFindings(documents);
  const lenses = new Lenses(documents, store, experiments);
  const findings = new RowFindings(rowCheck, documents);
  const diagnostics = new Diagnostics(documents, findings, experiments);
  const conflicts = new ConflictHints(documents, store);
  const features = registerLanguageFeatures(documents, lenses, conflicts, store, experiments);
  const hypotheses = new HypothesisTests(extension, { documents, experiments });
  documents.start();
  const all = vscode.Disposable.from(
    features,
    conflicts,
    hypotheses,
    diagnostics,
    findings,
    experiments,
    lenses,
    diagrams,
    documents,
    sizes,
  );
  return { documents, diagrams, experiments, all };
}
