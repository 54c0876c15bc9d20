import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { DiagramPanels } from './diagram-panel.ts';
import { Diagnostics } from './diagnostics.ts';
import { registerLanguageFeatures } from './language-features.ts';
import { Lenses } from './lenses.ts';
import { disposeLog, log, messageOf } from './log.ts';
import { LossesView } from './losses-view.ts';
import { Notifications } from './notifications.ts';
import { reattach } from './reattach.ts';
import { RunFolders } from './run-folders.ts';
import { RunStore } from './run-store.ts';
import { RunsTree } from './runs-tree.ts';
import { SpecDocuments } from './spec-documents.ts';
import { StatusBar } from './status-bar.ts';

/** What is registered here costs nothing until it is used; the disk is looked at after activation. */
export function activate(context: vscode.ExtensionContext): void {
  try {
    start(context);
  } catch (error) {
    log().error(error instanceof Error ? error : String(error));
    const text = vscode.l10n.t('MTL Workbench could not be started: {0}', messageOf(error));
    void vscode.window.showErrorMessage(text);
    throw error;
  }
}

function start(context: vscode.ExtensionContext): void {
  const { extension, extensionUri, globalStorageUri, subscriptions, workspaceState } = context;
  const documents = new SpecDocuments();
  const folders = new RunFolders(globalStorageUri);
  const store = new RunStore(folders, workspaceState);
  const losses = new LossesView(extensionUri, store);
  const diagrams = new DiagramPanels(extensionUri, documents, store);
  const lenses = new Lenses(documents, store);
  subscriptions.push(documents, store, losses, diagrams, lenses);
  subscriptions.push(new Diagnostics(documents), new RunsTree(store), new StatusBar(store), new Notifications(store));
  subscriptions.push(registerLanguageFeatures(documents, lenses));
  const services = { extension, documents, folders, store, showLosses: () => losses.reveal() };
  subscriptions.push(registerCommands({ ...services, diagrams }), { dispose: disposeLog });
  subscriptions.push(reattach(documents, store));
}
