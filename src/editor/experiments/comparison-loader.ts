import * as vscode from 'vscode';
import type { RunStore } from '../runs/run-store.ts';
import { Disposables } from '../window/disposables.ts';
import { comparisonViewType } from '../window/ids.ts';
import type { ComparisonPanels } from './comparison-panels.ts';

/** Loads what compares once: when a command asks, or when a comparison comes back after a reload. */
export class ComparisonLoader extends Disposables implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.Uri;
  readonly #showRun: (directory: string) => Promise<void>;
  #panels: Promise<ComparisonPanels> | undefined;

  constructor(extension: vscode.Uri, store: RunStore, showLosses: () => Promise<void>) {
    super();
    this.#extension = extension;
    this.#showRun = async (directory) => {
      store.show(directory);
      await showLosses();
    };
    this.register(vscode.window.registerWebviewPanelSerializer(comparisonViewType, this));
  }

  load(): Promise<ComparisonPanels> {
    this.#panels ??= import('./comparison-panels.ts').then((module) =>
      this.register(new module.ComparisonPanels(this.#extension, this.#showRun)),
    );
    return this.#panels;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    (await this.load()).revive(panel, state);
  }
}
