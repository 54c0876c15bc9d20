import * as vscode from 'vscode';
import { textOfError } from '../../common/told-error.ts';
import { showError } from './say.ts';

let channel: vscode.LogOutputChannel | undefined;

/** Our output channel; made when first written to. */
export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel('MTL Workbench', { log: true });
  return channel;
}

export function disposeLog(): void {
  channel?.dispose();
  channel = undefined;
}

/** What a person reads of something that was thrown: its message, in their language where it has both. */
export function messageOf(error: unknown): string {
  const { en, zh } = textOfError(error);
  return vscode.env.language.toLowerCase().startsWith('zh') ? zh : en;
}

/** Says that something went wrong, with the stack in the log only. */
export async function report(error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  log().error(error instanceof Error ? error : String(error));
  const open = vscode.l10n.t('Open Log');
  const chosen = await showError(messageOf(error), open);
  if (chosen === open) log().show();
}
