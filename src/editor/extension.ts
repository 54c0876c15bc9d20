import * as vscode from 'vscode';
import { registerTasks } from './assistant/tasks.ts';
import { registerTools } from './assistant/tools.ts';
import { registerCommands } from './commands.ts';
import { disposeLog, log, messageOf } from './window/log.ts';
import { LossesView } from './panels/losses-view.ts';
import { Notifications } from './runs/notifications.ts';
import { reattach } from './runs/reattach.ts';
import { ComparisonLoader } from './experiments/comparison-loader.ts';
import { RunFolders } from './runs/run-folders.ts';
import { RunStore } from './runs/run-store.ts';
import { RunsTree } from './runs/runs-tree.ts';
import { showError } from './window/say.ts';
import { SpecLoader } from './documents/spec-loader.ts';
import { StatusBar } from './runs/status-bar.ts';

/** What is registered here costs next to nothing; the language is loaded and the disk is looked at afterwards. */
export function activate(context: vscode.ExtensionContext): void {
  try {
    start(context);
  } catch (error) {
    log().error(error instanceof Error ? error : String(error));
    const text = vscode.l10n.t('MTL Workbench could not be started: {0}', messageOf(error));
    void showError(text);
    throw error;
  }
}

function start(context: vscode.ExtensionContext): void {
  const { extension, extensionUri, globalState, globalStorageUri, subscriptions, workspaceState } = context;
  const folders = new RunFolders(globalStorageUri);
  const store = new RunStore(folders, workspaceState);
  const losses = new LossesView(extensionUri, store);
  const specs = new SpecLoader(extensionUri, store, globalState);
  subscriptions.push(store, losses, specs);
  const tree = new RunsTree(store);
  subscriptions.push(tree, new StatusBar(store), new Notifications(store));
  const showLosses = (): Promise<void> => losses.reveal();
  const comparisons = new ComparisonLoader(extensionUri, store, showLosses);
  const services = { extension, folders, store, specs, showLosses, comparisons, tree };
  subscriptions.push(comparisons, registerCommands(services), { dispose: disposeLog });
  subscriptions.push(registerTasks(extensionUri), registerTools(extensionUri, specs));
  subscriptions.push(reattach(specs, store));
}
