import * as vscode from 'vscode';
import { isSpec } from '../window/arguments.ts';
import { Disposables } from '../window/disposables.ts';
import { diagramViewType } from '../window/ids.ts';
import { report } from '../window/log.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { SpecFeatures } from './spec-features.ts';

/** Loads what reads specs once: when a spec is open, when a diagram comes back after a reload, when a command asks. */
export class SpecLoader extends Disposables implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  readonly #store: RunStore;
  readonly #memory: vscode.Memento;
  #features: Promise<SpecFeatures> | undefined;

  /** @param memory of what a person chose for all workspaces */
  constructor(extension: vscode.Uri, store: RunStore, memory: vscode.Memento) {
    super();
    this.#memory = memory;
    this.#extension = extension;
    this.#store = store;
    this.register(vscode.window.registerWebviewPanelSerializer(diagramViewType, this));
    this.register(vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#wake(uri)));
  }

  /** Looks whether a spec was open before we were. */
  start(): void {
    for (const { uri } of vscode.workspace.textDocuments) this.#wake(uri);
  }

  load(): Promise<SpecFeatures> {
    this.#features ??= import('./spec-features.ts').then(({ makeSpecFeatures }) => {
      const features = makeSpecFeatures(this.#extension, this.#store, this.#memory);
      this.register(features.all);
      return features;
    });
    return this.#features;
  }

  #wake(uri: vscode.Uri): void {
    if (this.#features === undefined && isSpec(uri)) this.load().catch(report);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { diagrams } = await this.load();
    await diagrams.revive(panel, state);
  }
}
