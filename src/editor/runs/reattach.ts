import * as vscode from 'vscode';
import { specSuffix } from '../window/ids.ts';
import { report } from '../window/log.ts';
import type { RunStore } from './run-store.ts';
import type { SpecLoader } from '../documents/spec-loader.ts';

/**
 * After activation, in a turn of its own: looks for the workspace's specs and their runs, and shows again what was on
 * show. Runs go on without us; here we only find them.
 */
export function reattach(specs: SpecLoader, store: RunStore): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/*${specSuffix}`, false, true, true);
  watcher.onDidCreate((uri) => store.addSpecs([uri.fsPath]));
  const timer = setTimeout(() => {
    specs.start();
    look(store).catch(report);
  }, 0);
  return vscode.Disposable.from(watcher, { dispose: () => clearTimeout(timer) });
}

async function look(store: RunStore): Promise<void> {
  const found = await vscode.workspace.findFiles(`**/*${specSuffix}`, '**/{node_modules,.mtl}/**', 2000);
  store.addSpecs(found.map((uri) => uri.fsPath));
  store.reattach();
}
