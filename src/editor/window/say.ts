import * as vscode from 'vscode';
import { visible, visibleLine } from '../../spec/telling/visible.ts';

/**
 * Notifications and questions hold names of strangers. All of them are shown here (a test looks): what turns text round
 * is escaped, and a name that looks like a link is none, since VS Code would let it run a command.
 */
export function showInformation(text: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(withoutLinks(text), ...buttons);
}

export function showWarning(text: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(withoutLinks(text), ...buttons);
}

export function showError(text: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(withoutLinks(text), ...buttons);
}

/** A question that stops everything else; true when the person presses the button. */
export async function confirms(text: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(withoutLinks(text), { modal: true }, button)) === button;
}

/** A zero-width space parts the two halves of `[text](address)`. */
function withoutLinks(text: string): string {
  return visible(text).replaceAll('](', ']\u200b(');
}

/** A name within a title of progress, a question of a list, a tree. */
export function nameText(name: string): string {
  return withoutLinks(visibleLine(name));
}
