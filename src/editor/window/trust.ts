import * as vscode from 'vscode';
import { showWarning } from './say.ts';

/**
 * Whether this workspace may start processes on files of strangers. Where it may not, the person is told and offered the
 * editor's own page about it.
 */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const text = vscode.l10n.t('Training, evaluating, predicting and installing need a trusted workspace.');
  if ((await showWarning(text, manage)) === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  return vscode.workspace.isTrusted;
}
