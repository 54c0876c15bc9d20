import * as vscode from 'vscode';
import { defaultStrategy } from '../../spec/index.ts';
import { isSpec } from '../window/arguments.ts';
import { setting } from '../window/config.ts';
import { Disposables, Throttled } from '../window/disposables.ts';
import type { CommandId } from '../window/ids.ts';
import { onSharedLine, plainLabel, shares, summaryText, type LensRun } from './lens-text.ts';
import { toRange } from '../window/ranges.ts';
import { newestText } from '../runs/run-text.ts';
import type { RunEntry, RunStore, TrackedRun } from '../runs/run-store.ts';
import type { ExperimentFindings } from '../experiments/experiment-findings.ts';
import { experimentText } from '../experiments/experiment-text.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { outlineOf, type SpecOutline, type WeightEntry } from './weights-text.ts';

/** Live numbers move at most once a second. */
const refreshEvery = 1000;

/**
 * Handles on the weights and the line above the spec. Everything comes from memory: the text, and the history that the
 * run store already holds; no file is read here.
 */
export class Lenses extends Disposables implements vscode.CodeLensProvider {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #store: RunStore;
  readonly #outlines = new WeakMap<vscode.TextDocument, { version: number; outline: SpecOutline | undefined }>();

  readonly #experiments: ExperimentFindings;

  constructor(documents: SpecDocuments, store: RunStore, experiments: ExperimentFindings) {
    super();
    this.#store = store;
    this.#experiments = experiments;
    const refresh = this.register(new Throttled(refreshEvery, () => this.#changed.fire()));
    const ifVisible = (run: TrackedRun): void => {
      const visible = vscode.window.visibleTextEditors.some(({ document }) => document.uri.fsPath === run.specFile);
      if (visible) refresh.call();
    };
    this.register(documents.onDidOpen((document) => store.follow(document.uri.fsPath)));
    this.register(experiments.onDidChange(() => refresh.call()));
    this.register(store.onDidAppend(({ run }) => ifVisible(run)));
    this.register(store.onDidReset(ifVisible));
    this.register(store.onDidChangeState(ifVisible));
    this.register(
      store.onDidChangeRuns(() => {
        // Another process may have begun a newer run of a spec that is open.
        for (const document of documents.open) store.follow(document.uri.fsPath);
        refresh.call();
      }),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('mtl.codeLens')) this.#changed.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isSpec(document.uri) || !setting('mtl.codeLens.enabled', document.uri)) return [];
    const outline = this.#outline(document);
    if (!outline) return [];
    const run = this.#store.latestOf(document.uri.fsPath);
    const head = [...this.#headLenses(document, outline), ...this.#experimentLenses(document, outline)];
    return outline.weights ? [...head, ...weightLenses(document, outline.weights, run)] : head;
  }

  #outline(document: vscode.TextDocument): SpecOutline | undefined {
    const known = this.#outlines.get(document);
    if (known?.version === document.version) return known.outline;
    const outline = outlineOf(document.getText());
    this.#outlines.set(document, { version: document.version, outline });
    return outline;
  }

  #headLenses(document: vscode.TextDocument, outline: SpecOutline): vscode.CodeLens[] {
    const range = toRange(document, { start: outline.root.start, end: outline.root.start + 1 });
    const { uri } = document;
    const lenses = [
      lens(range, `▷ ${vscode.l10n.t('Train')}`, 'mtl.train', [uri]),
      lens(range, vscode.l10n.t('Diagram'), 'mtl.showDiagram', [uri]),
    ];
    const entry = this.#store.newestEntry(uri.fsPath);
    if (!entry) return lenses;
    const forkable = vscode.workspace.isTrusted && this.#store.entries.some((one) => isOf(one, uri) && one.forkable);
    return [
      ...lenses,
      lens(range, newestText(vscode.l10n.t, entry.state), 'mtl.internal.showRun', [entry.directory]),
      // A change of a weight is seen within seconds from where a run has come to.
      ...(forkable ? [lens(range, vscode.l10n.t('Fork…'), 'mtl.forkRun', [uri])] : []),
    ];
  }

  /** What the experiment comes to: runs, time, what it can find. */
  #experimentLenses(document: vscode.TextDocument, { experiment }: SpecOutline): vscode.CodeLens[] {
    if (experiment === undefined) return [];
    const range = toRange(document, experiment);
    const { uri } = document;
    const { summary } = this.#experiments.of(document);
    const run = lens(range, `▷ ${vscode.l10n.t('Run experiment')}`, 'mtl.runExperiment', [uri]);
    return summary === undefined
      ? [run]
      : [run, lens(range, experimentText(vscode.l10n.t, summary), 'mtl.runExperiment', [uri])];
  }
}

const isOf = ({ specFile }: RunEntry, { fsPath }: vscode.Uri): boolean => specFile === fsPath;

function lens(range: vscode.Range, title: string, command: CommandId, args: readonly unknown[]): vscode.CodeLens {
  return new vscode.CodeLens(range, { title: plainLabel(title), command, arguments: [...args] });
}

function weightLenses(
  document: vscode.TextDocument,
  section: NonNullable<SpecOutline['weights']>,
  run: TrackedRun | undefined,
): vscode.CodeLens[] {
  const parts = shares(section.entries.map(({ value }) => value ?? 0));
  const live = lensRuns(run);
  const lines = section.entries.map(({ property }) => document.positionAt(property.start).line);
  const key = toRange(document, section.key);
  const { uri } = document;
  const normalize = lens(key, vscode.l10n.t('normalize'), 'mtl.normalizeWeights', [uri]);
  // It reads the data in a process of its own: not for strangers' files.
  const suggest = vscode.workspace.isTrusted ? [lens(key, vscode.l10n.t('suggest…'), 'mtl.suggestWeights', [uri])] : [];
  const entries = section.entries.flatMap((entry, index) => {
    const shared = lines.filter((line) => line === lines[index]).length > 1;
    return entryLenses(document, entry, parts[index] ?? 0, live.get(entry.task) ?? null, shared);
  });
  return [normalize, ...suggest, ...entries];
}

function entryLenses(
  document: vscode.TextDocument,
  { task, value, property }: WeightEntry,
  share: number,
  run: LensRun | null,
  sharedLine: boolean,
): vscode.CodeLens[] {
  const range = toRange(document, property);
  const { uri } = document;
  const title = (text: string): string => onSharedLine(text, task, sharedLine);
  const set = lens(range, title(summaryText(vscode.l10n.t, share, run)), 'mtl.setWeight', [uri, task]);
  // Where no number stands there is nothing to step from.
  if (value === null) return [set];
  return [
    set,
    lens(range, title('−'), 'mtl.decreaseWeight', [uri, task]),
    lens(range, title('+'), 'mtl.increaseWeight', [uri, task]),
  ];
}

/** What the run says of each task, by name. */
function lensRuns(run: TrackedRun | undefined): ReadonlyMap<string, LensRun> {
  if (!run) return new Map();
  const now = run.history.now();
  // Without a strategy the weights in effect are those that stand there.
  const adaptive = run.history.start !== null && run.history.start.strategy !== defaultStrategy;
  return new Map(
    run.history.tasks.map((task, index): [string, LensRun] => {
      const { train = null, trend = 0, share = null, effective = null } = now[index] ?? {};
      return [task.name, { loss: train, trend, share, effective: adaptive ? effective : null }];
    }),
  );
}
