import * as vscode from 'vscode';
import { specSuffix } from './ids.ts';
import { report } from './log.ts';
import type { RunStore } from './run-store.ts';
import type { SpecDocuments } from './spec-documents.ts';

/**
 * After activation, in turns of their own: reads the open specs, looks for the workspace's specs and their runs, and
 * shows again what was on show. Runs go on without us; here we only find them.
 */
export function reattach(documents: SpecDocuments, store: RunStore): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/*${specSuffix}`, false, true, true);
  watcher.onDidCreate((uri) => store.addSpecs([uri.fsPath]));
  const timer = setTimeout(() => {
    documents.start();
    look(documents, store).catch(report);
  }, 0);
  return vscode.Disposable.from(watcher, { dispose: () => clearTimeout(timer) });
}

async function look(documents: SpecDocuments, store: RunStore): Promise<void> {
  const found = await vscode.workspace.findFiles(`**/*${specSuffix}`, '**/{node_modules,.mtl}/**', 2000);
  store.addSpecs(found.map((uri) => uri.fsPath));
  for (const document of documents.open) store.follow(document.uri.fsPath);
  store.reattach();
}
